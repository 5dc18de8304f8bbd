"""The Rust crates' own tests, so that pytest is the one door.

Without optimization: they build in half a minute where link-time optimization takes minutes, and run in five seconds.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CRATES = ("seriatim-engine", "seriatim-sequencer", "seriatim-marketdata", "seriatim-native", "seriatim-simulator")
TIMEOUT_S = 900


@pytest.mark.timeout(TIMEOUT_S)
def test_the_tests_of_the_rust_crates_pass():
    if shutil.which("cargo") is None:
        pytest.skip("cargo is not installed")
    packages = [word for crate in CRATES for word in ("--package", crate)]
    command = ["cargo", "test", "--locked", "--quiet", *packages]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
