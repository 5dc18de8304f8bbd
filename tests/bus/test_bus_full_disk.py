"""A disk that is full under a running node: a small file system of its own, mounted where nobody else sees it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bus.bus_help import wait_for

ROOT = Path(__file__).resolve().parents[2]

STORY = """
import contextlib, json, sys
from pathlib import Path
from seriatim.client import Client
from seriatim.engine import EventKind
from seriatim.errors import LogonRefused, NoAnswer
from seriatim.tools.venue import Venue
from tests.bus.bus_help import counters, flow, instrument, numbers_by_session, order, replayed, stamped, wait_for

folder = Path(sys.argv[1])
journal, filler = folder / "journal", folder / "filler"

def fill_up():
    with contextlib.suppress(OSError), filler.open("ab", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            with contextlib.suppress(OSError):
                while True: file.write(bytes(size))

def says(venue, event):
    return any(f'"event": "{event}"' in line for line in list(venue.log))

with Venue(journal, options=("--segment-mib", "2")) as venue:
    with Client(venue.client_config(timeout_s=1.0)) as client:
        client.call(instrument())
        fill_up()
        sent = 0
        batch = 0
        while not says(venue, "journal full, intake stopped"):
            if client.next_number - client.answered < 2_000:
                batch += 1
                assert client.send(flow(batch, 200, first_id=200 * batch)) == 200
            client.poll()
            assert batch < 2_000, "the disk never became full"
"""

GOES_ON = """
        # What was answered can be read, and nothing more is taken in.
        answered = client.answered
        assert {command.number for command in stamped(journal)} >= set(range(1, answered + 1))
        try:
            client.call(order(9_000_000, price=1))
            raise AssertionError("a command was answered that the disk has no room for")
        except NoAnswer:
            pass
        try:
            Client(venue.client_config(timeout_s=1.0)).connect()
            raise AssertionError("a logon was taken that the disk has no room for")
        except LogonRefused as error:
            assert "journal is full" in str(error), error
        # Room again: the node goes on by itself, and everything that waited is executed.
        filler.unlink()
        wait_for(lambda: says(venue, "journal has room again, intake open"))
        client.wait_all()
        last = client.next_number - 1
        assert client.call(order(9_000_001, price=1))["kind"].tolist() == [EventKind.ACCEPTED]
    state = venue.stop()
    assert numbers_by_session(stamped(journal))[1] == list(range(1, last + 2))
    assert replayed(journal).state_hash == int(state["state_hash"], 16)
"""

ENDS = """
        answered = client.answered
    assert venue.process is not None
    venue.process.terminate()
    assert venue.process.wait(20) == 1, "a node that cannot write what it has taken in says so"
    intake_stopped, failed = (
        next(json.loads(line)["error"] for line in venue.log if f'"event": "{event}"' in line)
        for event in ("journal full, intake stopped", "node failed")
    )
    assert intake_stopped.endswith("; make room, and the node goes on by itself"), intake_stopped
    assert "; make room, and start the node again: it was stopped before there was room" in failed, failed
    assert "by itself" not in failed, failed
    assert {command.number for command in stamped(journal)} >= set(range(1, answered + 1))
    filler.unlink()
    venue.start()
    with Client(venue.client_config(), session=1) as client:
        assert client.next_number > answered
    venue.stop()
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
@pytest.mark.parametrize("ending", [GOES_ON, ENDS], ids=["room is made", "the node is stopped"])
def test_a_full_disk_stops_intake_and_loses_nothing(tmp_path: Path, ending: str):
    done = on_a_small_disk(tmp_path, "-c", STORY + ending, str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_a_flow_that_finds_the_disk_full_tells_what_the_node_said(tmp_path: Path):
    flow = ("-m", "seriatim", "flow", "synthetic", "--operations", "1000", "--journal", str(tmp_path / "journal"))
    done = on_a_small_disk(tmp_path, *flow)
    assert (done.returncode, done.stdout) == (1, "")
    said = done.stderr
    assert said.startswith("seriatim: ")
    assert "journal is full" in said
    assert "The last lines of the node's log, which is not kept:" in said
    assert "error: journal full, intake stopped error=no room for the next block in" in said
    assert "No space left on device" in said


def on_a_small_disk(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs Python where 16 MiB are mounted at `folder`, for it alone."""
    mount = 'mount -t tmpfs -o size=16m tmpfs "$1" && shift && exec "$@"'
    command = ["unshare", "-m", "sh", "-c", mount, "sh", str(folder), sys.executable, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=environment)
    if "unshare failed" in done.stderr or "mount:" in done.stderr:
        pytest.skip(f"mounting is not permitted here: {done.stderr.strip()}")
    return done


LEFT_ALONE = """
import os, sys
from pathlib import Path
from seriatim.tools.venue import Venue
from tests.bus.bus_help import wait_for
venue = Venue(Path(sys.argv[1]) / "journal")
venue.start()
wait_for(lambda: any("journal full" in line for line in list(venue.log)))
print(venue.process.pid, venue.aeron_dir, flush=True)
os._exit(0)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_a_node_on_a_full_disk_ends_when_nobody_reads_its_log_any_more(tmp_path: Path):
    done = on_a_small_disk(tmp_path, "-c", LEFT_ALONE, str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    pid, aeron_dir = done.stdout.split()
    try:
        wait_for(lambda: not Path(f"/proc/{pid}").exists())
        assert not Path(aeron_dir).exists()
    finally:
        if Path(f"/proc/{pid}").exists():
            os.kill(int(pid), signal.SIGKILL)
