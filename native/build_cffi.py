"""Writes the C source of `seriatim._native` from the declarations in the given headers.

Usage: build_cffi.py OUT.c HEADER...
"""

import sys
from pathlib import Path

import cffi

PREAMBLE = """
#include <aeronc.h>
#include <aeronmd.h>
#include "seriatim.h"
#include "seriatim_market.h"
#include "seriatim_research.h"
#include "seriatim_snapshot.h"
#include "seriatim_simulator.h"
"""


def main(out: str, *headers: str) -> None:
    ffi = cffi.FFI()
    for header in headers:
        ffi.cdef(Path(header).read_text())
    ffi.set_source("seriatim._native", PREAMBLE)
    ffi.emit_c_code(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
