"""The `seriatim` command with a fault put in on purpose, to show that a drill finds it.

python -m seriatim.tools.drill.mutant nosync node my-journal

`nosync`: LMDB does not sync, so a commit that has returned is not on the disk.
"""

import functools
import sys

import lmdb

from seriatim.tools.main import main

MUTANTS = ("nosync",)

if __name__ == "__main__":
    assert sys.argv.pop(1) in MUTANTS
    lmdb.open = functools.partial(lmdb.open, sync=False)
    main()
