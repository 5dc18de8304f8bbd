"""A demo that is ended, however that happens, leaves nothing behind for long."""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from processes import children, driver_folders, wait_for

from seriatim.tools.scratch import scratch_folder


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's temporary folder, for this process and its children."""
    room = tmp_path / "room"
    room.mkdir()
    monkeypatch.setenv("TMPDIR", str(room))
    monkeypatch.setattr(tempfile, "tempdir", str(room))
    return room


@contextmanager
def demo(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """One that would trade for a minute, started in an empty folder."""
    folder.mkdir()
    command = [sys.executable, "-m", "seriatim", "demo", "--seconds", "60", "--sessions", "1", "--rate", "500"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_until_trading(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert any(line.split()[:2] == ["s", "left"] for line in process.stdout)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT], ids=lambda number: number.name)
def test_a_demo_that_is_ended_while_its_node_starts_leaves_nothing(room: Path, tmp_path: Path, number: signal.Signals):
    with demo(tmp_path / "here") as process:
        wait_for(lambda: list(room.glob("*/journal")))
        nodes = children(process.pid)
        process.send_signal(number)
        assert process.wait(30) == 128 + number
    assert nodes
    assert not any(Path(f"/proc/{pid}").exists() for pid in nodes)
    assert driver_folders(process.pid) == []
    assert list(room.iterdir()) == list((tmp_path / "here").iterdir()) == []


def test_a_demo_that_is_told_to_end_while_it_trades_proves_its_journal_and_leaves_nothing(room: Path, tmp_path: Path):
    with demo(tmp_path / "here") as process:
        wait_until_trading(process)
        assert list((tmp_path / "here").iterdir()) == []
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert list(room.iterdir()) == list((tmp_path / "here").iterdir()) == []


def test_what_a_killed_demo_leaves_ends_by_itself_and_the_next_demo_removes_its_folder(room: Path, tmp_path: Path):
    with demo(tmp_path / "here") as process:
        wait_until_trading(process)
        pids = children(process.pid)
        process.kill()
        process.wait()
    assert len(pids) == 2
    wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))
    assert driver_folders(process.pid) == []
    (left,) = room.iterdir()
    with scratch_folder("seriatim-demo-") as mine:
        assert not left.exists()
        with scratch_folder("seriatim-demo-") as another:
            assert {mine, another} == set(room.iterdir())
    assert list(room.iterdir()) == []
