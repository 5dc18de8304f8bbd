"""A disk that fails under a running node, and journals that lost something: a sentence to act on, no silent loss."""

import errno
import subprocess
from pathlib import Path

import pytest

from seriatim.client import Client
from seriatim.engine import EventKind
from seriatim.errors import NodeFailed
from seriatim.journal import JournalDamaged, JournalReader
from seriatim.journal.layout import scan, segment_path
from seriatim.tools.venue import Venue
from tests.bus.bus_help import flow, instrument, order, send_all, stamped

SHIM = Path(__file__).with_name("failing_disk.c")
SMALL = ("--segment-mib", "2")


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that makes a disk fail, compiled."""
    library = tmp_path_factory.mktemp("shim") / "failing_disk.so"
    command = ["cc", "-O1", "-Wall", "-Werror", "-fPIC", "-shared", "-o", str(library), str(SHIM), "-ldl"]
    subprocess.run(command, check=True, timeout=60)
    return library


@pytest.mark.parametrize("number", [errno.EIO, errno.EROFS], ids=["input/output error", "read-only file system"])
def test_a_disk_that_fails_stops_the_node_and_what_was_acknowledged_is_there(
    journal: Path, aeron_dir: str, shim: Path, number: int
):
    trigger = journal.with_name("fail")
    environment = {"LD_PRELOAD": str(shim), "FAIL_WHEN": str(trigger), "FAIL_UNDER": str(journal)}
    with Venue(journal, aeron_dir=aeron_dir, options=SMALL, environment=environment) as venue:
        with Client(venue.client_config(timeout_s=20.0)) as client:
            client.call(instrument())
            send_all(client, flow(1, 2_000))
            answered = client.answered
            trigger.write_text(str(number))
            client.submit(order(1_000_000))
            assert venue.process is not None
            assert venue.process.wait(20) == 1
            assert "failed" in venue.last_words()
            assert "Check the disk, then start again: the journal verifies itself" in venue.last_words()
            assert [command.number for command in stamped(journal)][:answered] == list(range(1, answered + 1))
            with pytest.raises(NodeFailed):
                venue.start()  # the disk is still bad
            trigger.unlink()
            venue.start()
            client.wait_all()
            assert client.call(order(1_000_001))["kind"].tolist() == [EventKind.ACCEPTED]
        venue.stop()
    assert [command.number for command in stamped(journal)] == list(range(1, answered + 3))


@pytest.fixture
def segments(journal: Path, aeron_dir: str) -> list[int]:
    """A journal of three starts; the first indices of its segments."""
    for start in range(3):
        with Venue(journal, aeron_dir=aeron_dir, options=SMALL) as venue:
            with Client(venue.client_config(timeout_s=20.0)) as client:
                client.call(instrument())
                send_all(client, flow(start, 200))
            venue.stop()
    return scan(journal).segments


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (0, r"0001\.lmdb, the first segment, is missing from .* bring it back"),
        (1, "are missing from"),
        (-1, "the newest segment, is missing from .* bring it back"),
    ],
    ids=["first", "middle", "newest"],
)
def test_a_node_does_not_start_without_one_of_its_segments(
    journal: Path, aeron_dir: str, segments: list[int], place: int, said: str
):
    assert len(segments) >= 3
    taken = segment_path(journal, segments[place])
    away = journal.with_name("away")
    taken.rename(away)
    with pytest.raises(NodeFailed, match=said), Venue(journal, aeron_dir=aeron_dir, options=SMALL):
        pass
    away.rename(taken)
    with Venue(journal, aeron_dir=aeron_dir, options=SMALL) as venue:
        venue.stop()


def test_a_node_does_not_start_on_a_flipped_bit_and_what_is_before_it_can_be_read(
    journal: Path, aeron_dir: str, segments: list[int]
):
    path = segment_path(journal, segments[1])
    with JournalReader(journal) as reader:
        damaged = next(bytes(block.data) for block in reader if block.index == segments[1] + 2)
    header = damaged[:88]
    flipped = bytes([*header[:60], header[60] ^ 4, *header[61:]])
    path.write_bytes(path.read_bytes().replace(header, flipped))  # LMDB may keep an older copy of the page
    with pytest.raises(NodeFailed, match=rf"{path.name}.*Run `seriatim journal verify`"):
        Venue(journal, aeron_dir=aeron_dir, options=SMALL).__enter__()
    with JournalReader(journal) as reader:
        for index in range(1, segments[1] + 2):
            block = reader.step()
            assert block is not None
            assert block.index == index
        with pytest.raises(JournalDamaged, match="checksum"):
            reader.step()
