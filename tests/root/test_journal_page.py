"""What docs/JOURNAL.md shows and says works as it stands there."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from seriatim.config import NodeConfig
from seriatim.sequencer.node import open_writer

PAGE = (Path(__file__).parents[2] / "docs/JOURNAL.md").read_text()
MIB = 1 << 20


def test_the_python_example_prints_what_the_page_says(tmp_path: Path):
    program, output = re.findall(r"```(?:python|text)\n(.*?)```", PAGE, re.DOTALL)[:2]
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, output, "")


@pytest.mark.parametrize(("segment_mib", "says_mib"), [(16, 53), (None, 773)])
def test_a_small_journal_takes_as_much_disk_as_the_page_says(tmp_path: Path, segment_mib: int | None, says_mib: int):
    assert f" {says_mib} MiB" in PAGE
    config = NodeConfig(journal=tmp_path / "journal")
    if segment_mib is not None:
        config = replace(config, segment_bytes=segment_mib * MIB)
    with open_writer(config) as writer:
        assert writer.wait_prepared(2, 60.0)
        taken_bytes = sum(path.stat().st_blocks * 512 for path in writer.folder.iterdir())
    assert says_mib - 1 < taken_bytes / MIB <= says_mib
