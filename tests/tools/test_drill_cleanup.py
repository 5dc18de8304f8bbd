"""A drill, or a test with a real node, that is killed leaves no process behind, and its folders not for long."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from processes import children, driver_folders, is_there, wait_for

from seriatim.tools.drill.power import in_memory, power_drill
from seriatim.tools.scratch import LOCK, scratch_folder

ENDS_WITHIN_S = 10.0
NODE_FOR_EVER = """
import sys
from pathlib import Path
from seriatim.tools.testing import NodeProcess
with NodeProcess(Path(sys.argv[1])):
    print("there", flush=True)
    sys.stdin.read()
"""


def test_a_killed_drill_leaves_no_process_and_the_next_one_removes_its_folder(tmp_path: Path):
    command = [sys.executable, "-m", "seriatim", "drill", "kill", "--times", "50", "--clients", "2", "--rate", "100"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE) as drill:
        try:
            wait_for(lambda: len(children(drill.pid)) == 4)  # driver, node, two clients
            wait_for(lambda: all(path.stat().st_size for path in tmp_path.glob("*/told-*")))
            pids = children(drill.pid)
            assert driver_folders(drill.pid)
        finally:
            drill.kill()
    wait_for(lambda: not any(map(is_there, pids)), ENDS_WITHIN_S)
    assert driver_folders(drill.pid) == []
    assert len(list(tmp_path.iterdir())) == 1
    results = tmp_path / "seriatim-drill-results"
    results.mkdir()
    with scratch_folder("seriatim-drill-", tmp_path) as mine:
        assert set(tmp_path.iterdir()) == {mine, results}, "what a person called so stays"


def test_a_killed_test_leaves_no_node_and_no_driver(tmp_path: Path):
    command = [sys.executable, "-c", NODE_FOR_EVER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as owner:
        try:
            assert owner.stdout is not None
            assert owner.stdout.readline() == "there\n"
            pids = children(owner.pid)
        finally:
            owner.kill()
    assert len(pids) == 2
    wait_for(lambda: not any(map(is_there, pids)), ENDS_WITHIN_S)
    assert driver_folders(owner.pid) == []


def test_any_drill_removes_the_images_of_a_power_drill_that_was_killed(tmp_path: Path):
    left = in_memory() / f"seriatim-images-left-{os.getpid()}"
    command = [sys.executable, "-m", "seriatim", "drill", "marketdata", "--channel", "ipc", "--operations", "1"]
    try:
        with scratch_folder("seriatim-images-", in_memory()) as in_use:
            left.mkdir()
            (left / "image").write_bytes(b"of a disk")
            (left / LOCK).touch()
            done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
            assert done.returncode == 0, done.stderr
            assert in_use.exists(), "of a drill that runs"
        assert not left.exists()
    finally:
        shutil.rmtree(left, ignore_errors=True)


def test_a_power_drill_removes_the_images_of_one_that_was_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    memory = tmp_path / "memory"
    left, drill = memory / "seriatim-images-left", tmp_path / "drill"
    left.mkdir(parents=True)
    (left / "image").write_bytes(b"of a disk")
    (left / LOCK).touch()
    drill.mkdir()
    monkeypatch.setattr("seriatim.tools.drill.power.in_memory", lambda: memory)
    monkeypatch.setattr("seriatim.tools.drill.power.BATCHES", 40)  # what is traded is not the point here
    verdict = power_drill(5, 7, drill, None)
    assert verdict["passed"], verdict
    assert list(memory.iterdir()) == []
