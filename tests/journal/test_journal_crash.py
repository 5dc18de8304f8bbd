"""SIGKILL and Ctrl-C at any moment. They say nothing about power cuts: the page cache outlives the process."""

import contextlib
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from journal_chain import open_writer

from seriatim.journal import JournalReader, verify

WRITER = """
import signal
import sys
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests in the background has it ignored
sys.path.insert(0, sys.argv[2])
from journal_chain import chain, open_writer
with open_writer(Path(sys.argv[1]), segment_bytes=256 << 10, spares=2) as writer:
    while True:
        for block in chain(1, writer.position, messages=1 + writer.position.index % 50):
            writer.append(block.index, block.data)
            sys.stdout.buffer.write(block.index.to_bytes(8, "little"))
            sys.stdout.buffer.flush()
"""

STARTS = 8


def run_until_killed(folder: Path, after_blocks: int, how: signal.Signals) -> int:
    """Starts a writer, stops it `after_blocks` acknowledgements later; returns the last index acknowledged."""
    command = [sys.executable, "-c", WRITER, str(folder), str(Path(__file__).parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as writer:
        assert writer.stdout is not None
        acknowledged = [writer.stdout.read(8) for _ in range(after_blocks)]
        writer.send_signal(how)
        try:
            rest = writer.stdout.read()
        finally:
            writer.kill()
    whole = b"".join(acknowledged) + rest[: len(rest) // 8 * 8]
    return int.from_bytes(whole[-8:], "little")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_everything_acknowledged_is_there_after_the_writer_was_stopped(folder: Path, how: signal.Signals):
    draw, last = random.Random(5), 0
    for _ in range(STARTS):
        acknowledged = run_until_killed(folder, draw.randrange(1, 300), how)
        with JournalReader(folder) as reader:
            last = [block.index for block in reader][-1]
        # One more may have been committed than the killed process could say.
        assert last in (acknowledged, acknowledged + 1)
    report = verify(folder)
    assert report.whole, report.problems
    with open_writer(folder) as writer:
        assert writer.recovery.unclean == (how is signal.SIGKILL)
        assert writer.position.index == last


def test_a_writer_killed_while_it_starts_leaves_a_journal_that_opens(folder: Path):
    command = [sys.executable, "-c", WRITER, str(folder), str(Path(__file__).parent)]
    draw = random.Random(7)
    for _ in range(6):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as writer:
            # Where it is after this time is left to chance; what may be found then is not.
            with contextlib.suppress(subprocess.TimeoutExpired):
                writer.wait(draw.uniform(0.1, 0.5))
            writer.kill()
    with open_writer(folder) as writer:
        end = writer.position.index
    with JournalReader(folder) as reader:
        assert [block.index for block in reader] == list(range(1, end + 1))
