"""Nobody reads what a node logs: it starts, serves and ends like any other."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from seriatim.aeron import MediaDriver
from seriatim.client import Client
from seriatim.config import ClientConfig, NodeConfig
from seriatim.sequencer import node as node_module
from seriatim.sequencer.node import Node
from tests.bus.bus_help import SMALL_SEGMENTS, instrument, wait_for

SERIATIM = [sys.executable, "-m", "seriatim"]
FORKING = """
import os, sys
from pathlib import Path
from seriatim.config import NodeConfig
from seriatim.errors import UsedAfterFork
from seriatim.sequencer.node import Node

child = -1
with Node(NodeConfig(journal=Path(sys.argv[1]), aeron_dir=sys.argv[2], segment_bytes=2 << 20)) as node:
    child = os.fork()
    if child:
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert not node.wait(0)
        print(node.stop().seq, flush=True)
        os._exit(0)
    for use in (node.stop, node.wait):
        try:
            use()
        except UsedAfterFork:
            continue
        os._exit(1)
"""


@contextmanager
def deaf_node(journal: Path, aeron_dir: str, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """A node whose standard error is a pipe without a reader."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [*SERIATIM, "node", str(journal), "--aeron-dir", aeron_dir, *SMALL_SEGMENTS, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=writing) as node:
        os.close(writing)
        try:
            yield node
        finally:
            node.kill()


@pytest.mark.parametrize("options", [(), ("--json", "--with-parent")], ids=["text", "json"])
def test_a_node_whose_log_nobody_reads_serves_and_ends_in_order(journal: Path, tmp_path: Path, options: tuple):
    aeron_dir = str(tmp_path / "driver")
    with deaf_node(journal, aeron_dir, *options) as node:
        with Client(ClientConfig(aeron_dir=aeron_dir, timeout_s=30)) as client:
            assert len(client.call(instrument())) == 1
        node.send_signal(signal.SIGINT)
        told, _ = node.communicate(timeout=20)
        assert node.returncode == 0
        assert b"state_hash" in told or b"state hash" in told


@pytest.mark.parametrize("failing", ["log", "thread"])
def test_a_node_that_fails_after_its_threads_began_leaves_nothing(
    failing: str, journal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_: object, **__: object) -> None:
        raise MemoryError("no room for a thread")

    config = NodeConfig(journal=journal, aeron_dir=str(tmp_path / "driver"), segment_bytes=2 << 20)
    if failing == "log":
        monkeypatch.setattr(node_module.log, "info", fail)
    else:
        start = threading.Thread.start
        monkeypatch.setattr(
            threading.Thread, "start", lambda thread: fail() if thread.name == "seriatim-journal" else start(thread)
        )
    with pytest.raises(MemoryError):
        Node(config).start()
    monkeypatch.undo()
    with MediaDriver(config.aeron_dir):
        pass  # the folder is free
    with Node(config) as node:
        assert node.wait(0) is False


def test_a_forked_child_that_leaves_the_block_does_not_stop_the_node(journal: Path, tmp_path: Path):
    command = [sys.executable, "-c", FORKING, str(journal), str(tmp_path / "driver")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[-1]) >= 1


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=lambda number: number.name)
@pytest.mark.parametrize("moment", ["launched", "journal begun"])
def test_a_demo_that_is_killed_while_its_node_starts_leaves_no_node(number: int, moment: str, tmp_path: Path):
    folder = tmp_path / "demo-journal"

    def nodes() -> list[int]:
        found = []
        for entry in Path("/proc").iterdir():
            try:
                arguments = (entry / "cmdline").read_bytes() if entry.name.isdigit() else b""
            except OSError:
                continue
            if str(folder).encode() in arguments and b"\0node\0" in arguments:
                found.append(int(entry.name))
        return found

    command = [*SERIATIM, "demo", "--seconds", "60", "--journal", str(folder)]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL) as demo:
        wait_for(nodes)
        if moment == "journal begun":
            wait_for(folder.exists)
        demo.send_signal(number)
    wait_for(lambda: not nodes(), bound_s=40)
