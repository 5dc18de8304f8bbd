"""The drills: bounded runs of the real thing, and proof that they would find what they look for."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from seriatim.journal.layout import segment_path
from seriatim.tools.drill.disk import Disk, Image
from seriatim.tools.drill.judge import Happened, History, judge
from seriatim.tools.drill.kill import Options, kill_drill, recovery_ms
from seriatim.tools.drill.power import power_drill, recorder
from seriatim.tools.drill.told import LAST_FLAG, REPEATED_FLAG, TOLD
from seriatim.tools.drill.trace import DURABLE_WHEN_DONE, Kind, Record, read_trace

ACCEPTED, OUTCOME = 40, 25


def told(*rows: tuple[int, int, int, int], flags: int = LAST_FLAG) -> np.ndarray:
    """Rows of (number, seq, order id, kind) for session 1."""
    table = np.zeros(len(rows), TOLD)
    table["session"], table["flags"] = 1, flags
    for name, column in zip(("number", "seq", "order_id", "kind"), zip(*rows, strict=True), strict=True):
        table[name] = column
    return table


HISTORY = History({(1, 1): Happened(10, 1, ACCEPTED), (1, 2): Happened(11, 2, ACCEPTED)})


def test_a_node_killed_under_load_loses_and_repeats_nothing(tmp_path: Path):
    verdict = kill_drill(Options(times=3, seed=1_912, clients=2, rate=500, loss=0.05), tmp_path)
    assert verdict["passed"], verdict
    assert (verdict["lost"], verdict["repeated"], verdict["differing"]) == (0, 0, 0)
    assert verdict["kills"] == 3
    assert verdict["acknowledged"] > 500
    assert verdict["recovery_ms"]["p99"] > verdict["recovery_ms"]["p50"] / 2 > 0


def test_the_judge_passes_what_the_journal_says():
    verdict = judge(HISTORY, told((1, 10, 1, ACCEPTED), (2, 11, 2, ACCEPTED), (2, 11, 2, OUTCOME)))
    assert (verdict.acknowledged, verdict.lost, verdict.differing, verdict.repeated) == (2, 0, 0, 0)
    assert verdict.answered_again == 1


@pytest.mark.parametrize("wrong", [(1, 12, 1, ACCEPTED), (1, 10, 9, ACCEPTED), (1, 10, 1, 41), (1, 12, 1, OUTCOME)])
def test_the_judge_finds_an_answer_that_the_journal_does_not_bear_out(wrong: tuple[int, int, int, int]):
    assert judge(HISTORY, told(wrong)).differing == 1


def test_the_judge_finds_what_is_lost_and_what_is_there_twice():
    assert judge(HISTORY, told((3, 12, 3, ACCEPTED))).lost == 1
    assert judge(HISTORY, told((1, 10, 1, ACCEPTED), (1, 10, 1, ACCEPTED))).repeated == 1
    assert judge(History(HISTORY.commands, repeated=1), told((1, 10, 1, ACCEPTED))).repeated == 1


def test_recovery_counts_from_the_kill_to_the_first_answer_of_the_next_node():
    rows = told((1, 10, 1, ACCEPTED), (2, 11, 2, ACCEPTED), (3, 21, 3, ACCEPTED))
    rows["time_ns"] = [5_000_000, 12_000_000, 40_000_000]  # the second was read late, from the node that is dead
    history = History(epochs=[(1, 1), (1_000, 20)])
    assert recovery_ms(history, rows, [(500, 10_000_000)]) == [30.0]
    rows["flags"][1] |= REPEATED_FLAG
    assert recovery_ms(history, rows, [(500, 10_000_000)]) == [2.0]


def test_no_power_cut_takes_what_was_acknowledged(tmp_path: Path):
    verdict = power_drill(60, 7, tmp_path, None)
    assert verdict["passed"], "\n".join(verdict["examples"])
    assert (verdict["lost"], verdict["repeated"], verdict["unreadable"]) == (0, 0, 0)
    assert verdict["images"] >= 40
    assert {"certain", "everything", "prefix", "subset", "torn"} <= set(verdict["kinds"])
    assert verdict["acknowledged"] > 5_000


def test_a_node_that_does_not_sync_is_found_out(tmp_path: Path):
    command = [sys.executable, "-m", "seriatim", "drill", "power", "--mutant", "nosync", "--images", "30", "--json"]
    done = subprocess.run(
        [*command, "--seed", "7"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=110
    )
    assert done.returncode == 1, done.stderr
    verdict = json.loads(done.stdout)
    assert verdict["lost"] > 0
    assert not verdict["passed"]


STARTED = """
import os, sys
from pathlib import Path
from seriatim.journal import Block, JournalWriter
options = {"randomness": os.urandom, "schema_ir": b"ir", "schema_version": 0, "segment_bytes": 1 << 20, "spares": 0}
with JournalWriter(Path(sys.argv[1]), **options) as writer:
    if not writer.position.index:
        writer.append(1, Block.build(1, 1, [b"frame"]).data)
"""


def test_a_start_syncs_what_it_has_read_of_the_last_segment_also_if_there_is_nothing_to_cut(tmp_path: Path):
    journal, trace = tmp_path / "journal", tmp_path / "trace"
    recorded = {"LD_PRELOAD": str(recorder()), "SERIATIM_RECORD_FOLDER": str(journal), "SERIATIM_RECORD_TO": str(trace)}
    start = [sys.executable, "-c", STARTED, str(journal)]
    for environment in ({}, {}, recorded):  # the second one cuts the segment to its size
        subprocess.run(start, check=True, timeout=60, env={**os.environ, **environment})
    inode = segment_path(journal, 1).stat().st_ino
    assert any(record.kind is Kind.SYNC and record.inode == inode for record in read_trace(trace))


def write(number: int, offset: int, data: bytes, inode: int = 5, flags: int = 0) -> Record:
    return Record(Kind.WRITE, flags, number, inode, offset, len(data), 0, data)


def done(number: int, result: int = 0) -> Record:
    return Record(Kind.DONE, 0, number, 0, 0, 0, result, b"")


def named(kind: Kind, number: int, name: str, inode: int = 0) -> Record:
    return Record(kind, 0, number, inode, 0, 0, 0, name.encode())


def disk_of(*records: Record) -> Disk:
    """A disk with an empty file `a` that is certain to be there, after `records`."""
    disk = Disk()
    created = named(Kind.CREATE, 1, "a", inode=5)
    for record in (created, done(1), Record(Kind.SYNC_FOLDER, 0, 2, 0, 0, 0, 0, b""), done(2), *records):
        disk.take(record)
    return disk


def content(disk: Disk, image: Image, folder: Path) -> dict[str, bytes]:
    disk.make(image, folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_only_what_was_synced_is_certain(tmp_path: Path):
    sync = Record(Kind.SYNC, 0, 4, 5, 0, 0, 0, b"")
    disk = disk_of(write(3, 0, b"old"), done(3, 3), sync, done(4), write(6, 1, b"new"), done(6, 3))
    assert content(disk, Image("certain", frozenset()), tmp_path / "certain") == {"a": b"old"}
    assert content(disk, Image("everything", frozenset({6})), tmp_path / "everything") == {"a": b"onew"}


def test_a_sync_covers_only_what_had_ended_when_it_began(tmp_path: Path):
    sync = Record(Kind.SYNC, 0, 4, 5, 0, 0, 0, b"")
    disk = disk_of(write(3, 0, b"under way"), sync, done(3, 9), done(4))
    assert content(disk, Image("certain", frozenset()), tmp_path / "certain") == {"a": b""}


def test_what_a_killed_process_had_begun_is_certain_when_the_next_one_has_synced_it(tmp_path: Path):
    killed, sync = Record(Kind.KILLED, 0, 0, 0, 0, 0, 0, b""), Record(Kind.SYNC, 0, 4, 5, 0, 0, 0, b"")
    disk = disk_of(write(3, 0, b"begun", flags=DURABLE_WHEN_DONE), killed)
    assert content(disk, Image("certain", frozenset()), tmp_path / "killed") == {"a": b""}
    disk.take(sync)
    disk.take(done(4))
    assert content(disk, Image("certain", frozenset()), tmp_path / "synced") == {"a": b"begun"}


def test_a_write_through_a_synced_descriptor_is_certain_when_it_returns(tmp_path: Path):
    disk = disk_of(write(3, 0, b"plain"), done(3, 5), write(4, 8, b"synced", flags=DURABLE_WHEN_DONE))
    assert content(disk, Image("certain", frozenset()), tmp_path / "before") == {"a": b""}
    disk.take(done(4, 6))
    assert content(disk, Image("certain", frozenset()), tmp_path / "after") == {"a": bytes(8) + b"synced"}


def test_a_name_is_certain_when_its_folder_was_synced(tmp_path: Path):
    disk = disk_of(named(Kind.RENAME, 3, "a\0b"), done(3))
    assert set(content(disk, Image("certain", frozenset()), tmp_path / "before")) == {"a"}
    assert set(content(disk, Image("everything", frozenset({3})), tmp_path / "chosen")) == {"b"}
    disk.take(Record(Kind.SYNC_FOLDER, 0, 4, 0, 0, 0, 0, b""))
    disk.take(done(4))
    assert set(content(disk, Image("certain", frozenset()), tmp_path / "after")) == {"b"}


def test_a_torn_write_reaches_the_disk_by_sectors(tmp_path: Path):
    disk = disk_of(write(3, 256, b"x" * 1024), done(3, 1024))
    torn = content(disk, Image("torn", frozenset(), (3, (1,))), tmp_path / "torn")["a"]
    assert torn == bytes(512) + b"x" * 512
    assert {image.how for image in disk.images(random.Random(1))} == {
        "certain", "everything", "prefix", "subset", "torn"
    }  # fmt: skip


def test_a_folder_whose_parent_was_not_synced_may_be_gone(tmp_path: Path):
    disk = Disk()
    for record in (Record(Kind.MAKE_FOLDER, 0, 1, 0, 0, 0, 0, b""), done(1)):
        disk.take(record)
    disk.make(Image("certain", frozenset()), tmp_path / "gone")
    assert not (tmp_path / "gone").exists()
    disk.take(Record(Kind.SYNC_PARENT, 0, 2, 0, 0, 0, 0, b""))
    disk.take(done(2))
    disk.make(Image("certain", frozenset()), tmp_path / "there")
    assert (tmp_path / "there").is_dir()
