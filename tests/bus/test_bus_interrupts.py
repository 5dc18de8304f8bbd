"""Ctrl-C before a command has begun ends it in silence."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bus.bus_help import wait_for

SLOW_IMPORT = """
import pathlib, time
pathlib.Path(__file__).with_suffix(".begun").touch()
time.sleep(60)
"""
INTERRUPTIBLE = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
os.execv(sys.argv[1], sys.argv[1:])
"""
COMMANDS = {"module": [sys.executable, "-m", "seriatim"], "script": [str(Path(sys.executable).with_name("seriatim"))]}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("slow", ["click", "lmdb"])
def test_an_interrupt_while_a_command_is_imported_is_silent(command: str, slow: str, tmp_path: Path):
    """`click` is what the command line needs, `lmdb` what the node does; each is imported for a minute here."""
    (tmp_path / f"{slow}.py").write_text(SLOW_IMPORT)
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, *COMMANDS[command], "node", str(tmp_path / "journal")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    ) as process:
        try:
            wait_for((tmp_path / f"{slow}.begun").exists)
            process.send_signal(signal.SIGINT)
            assert process.communicate(timeout=20) == (b"", b"")
            assert process.returncode == 130
        finally:
            process.kill()
