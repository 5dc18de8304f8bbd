"""What a person sees of a node's start and stop: short lines, and no journal where the start was refused."""

import re
import resource
import signal
import subprocess
from pathlib import Path

import pytest

from seriatim.client import Client
from seriatim.config import NodeConfig
from seriatim.errors import ConfigError
from seriatim.journal import JournalReader
from seriatim.tools.venue import Venue
from tests.bus.bus_help import SMALL_SEGMENTS, flow, instrument, send_all
from tests.bus.test_bus_command_line import SERIATIM, fails, run_apart


def test_a_start_that_is_refused_leaves_no_journal(journal: Path, tmp_path: Path, aeron_dir: str):
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    (stranger / "thesis.txt").touch()
    aside = ("--aeron-dir", str(tmp_path / "driver"))
    fails(run_apart("node", journal, "--aeron-dir", stranger), "stranger", "name a new folder")
    fails(run_apart("node", journal, "--aeron-dir", ""), "--aeron-dir", "is empty")
    fails(run_apart("driver", "--aeron-dir", ""), "--aeron-dir", "is empty")
    fails(run_apart("node", journal, "--aeron-dir", "bad\udcff"), "--aeron-dir", "is not UTF-8")
    fails(run_apart("node", journal, "--outside-driver", *aside), "no media driver runs in")
    fails(run_apart("node", journal, "--aeron-dir", aeron_dir), "a media driver is running in")
    twice = ("--ingress", "aeron:ipc", "--ingress", "aeron:ipc")
    fails(run_apart("node", journal, *aside, *twice), "channel 'aeron:ipc' is given twice; name it once")
    also = ("--ingress", "aeron:ipc?term-length=64k", "--ingress", "aeron:ipc")
    fails(run_apart("node", journal, *aside, *also), "'aeron:ipc' is given twice, also as 'aeron:ipc?term-length=64k'")
    with Venue(tmp_path / "first", aeron_dir=aeron_dir, options=SMALL_SEGMENTS):
        fails(run_apart("node", journal, "--outside-driver", "--aeron-dir", aeron_dir), "takes commands on aeron:ipc")
    assert not journal.exists()
    assert not (tmp_path / "driver").exists()


def test_a_second_node_on_a_journal_is_told_that_it_is_in_use_whatever_is_with_its_driver(
    journal: Path, tmp_path: Path, aeron_dir: str
):
    with Venue(journal, aeron_dir=aeron_dir, options=SMALL_SEGMENTS) as first:
        assert first.process is not None
        says = f"process {first.process.pid} writes to {journal}; stop it first"
        none, own = ("--aeron-dir", str(tmp_path / "none")), ("--aeron-dir", aeron_dir)
        for driver in (own, none, ("--outside-driver", *own), ("--outside-driver", *none)):
            second = run_apart("node", journal, *driver)
            fails(second, says)
            assert "driver" not in second.stderr
        assert not (tmp_path / "none").exists()
        first.stop()


def test_the_smallest_segment_that_a_node_takes_holds_the_largest_block_that_it_makes(
    journal: Path, tmp_path: Path, aeron_dir: str
):
    with Venue(journal, durability="relaxed", aeron_dir=aeron_dir, options=SMALL_SEGMENTS) as venue:
        with Client(venue.client_config(timeout_s=20.0)) as client:
            client.call(instrument())
            send_all(client, flow(seed=3, count=100_000))
        venue.stop()
    with JournalReader(journal) as reader:
        assert max(len(block) for block in reader) > (1 << 20) - 200
    smaller = run_apart("node", tmp_path / "other", "--segment-mib", "1")
    assert smaller.returncode == 2
    assert "1 is not in the range 2<=x<=65536" in smaller.stderr
    with pytest.raises(ConfigError, match="segment_bytes is 1048576; at least 2097152"):
        NodeConfig(journal=tmp_path / "other", segment_bytes=1 << 20)


def test_the_log_of_a_node_for_people_has_short_lines(journal: Path, tmp_path: Path):
    command = [*SERIATIM, "node", str(journal), "--aeron-dir", str(tmp_path / "driver"), *SMALL_SEGMENTS]
    lines: list[str] = []
    for _ in range(2):
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as node:
            assert node.stderr is not None
            lines.clear()
            for line in node.stderr:
                lines.append(line.rstrip())
                if "node started" in line:
                    node.send_signal(signal.SIGTERM)
    assert [" ".join(line.partition("] ")[2].split()[:2]) for line in lines] == [
        *("order recovered", "node started", "node stopped")
    ]
    assert all(" seq=" in line for line in (lines[0], lines[2]))
    assert max(len(lines[0]), len(lines[2])) <= 140, lines
    assert not any(re.search("[0-9a-f]{64}", line) for line in lines)


def memory_bytes(venue: Venue) -> tuple[int, int]:
    """What its node has mapped, and what of that is there."""
    assert venue.process is not None
    mapped, resident = Path(f"/proc/{venue.process.pid}/statm").read_text().split()[:2]
    return int(mapped) * resource.getpagesize(), int(resident) * resource.getpagesize()


def test_a_node_takes_the_room_for_its_orders_at_the_start(journal: Path, aeron_dir: str):
    taken = []
    for orders in (0, 1_000_000):
        options = (*SMALL_SEGMENTS, "--room-orders", str(orders))
        with Venue(journal, aeron_dir=aeron_dir, options=options) as venue:
            taken.append(memory_bytes(venue)[1])
            venue.stop()
    assert taken[1] - taken[0] > 0.9 * 64 * 1_000_000
    fails(run_apart("node", journal, "--room-orders", "-1"), "--room-orders")
    with pytest.raises(ConfigError, match=r"room_orders is -1; 0 to"):
        NodeConfig(journal=journal, room_orders=-1)


def test_a_node_without_memory_for_its_room_says_so_and_ends(journal: Path, tmp_path: Path):
    with Venue(journal, options=SMALL_SEGMENTS) as venue:
        limit = memory_bytes(venue)[0]  # enough for one that takes little room
        venue.stop()
    command = [*SERIATIM, "node", str(journal), "--aeron-dir", str(tmp_path / "driver"), *SMALL_SEGMENTS]
    command = ["prlimit", f"--as={limit}", *command, "--room-orders", "4194304"]
    refused = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    fails(refused, "there is no memory for 4194304 live orders", "--room-orders")
    assert not (tmp_path / "driver").exists()
    with Venue(journal, options=SMALL_SEGMENTS) as venue:
        venue.stop()
