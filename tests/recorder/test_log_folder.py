"""Which folder a recorder takes for its log, what it leaves alone, and what it says when one is taken from it."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from seriatim.config import RecorderConfig
from seriatim.errors import ConfigError
from seriatim.journal import JournalFailed, NotAJournal, NotThisEventLog
from seriatim.journal.event_log import EventLog, EventLogWriter
from seriatim.journal.event_log.layout import segments
from seriatim.journal.layout import segment_path
from tests.bus.bus_help import wait_for
from tests.recorder.recorder_help import RecorderProcess, make_journal, record_once, replayed_events


def refused(journal: Path, log: Path) -> str:
    """What a recorder says that does not start."""
    with pytest.raises(AssertionError) as error:
        record_once(journal, log)
    return str(error.value)


def held(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, but for the tables in which LMDB keeps who reads."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.endswith("-lock")}


@pytest.mark.parametrize("name", ["thesis.new", "notes.lmdb.new", "spare-0001.lmdb", "running", "photo.jpg"])
def test_a_folder_of_somebody_else_is_left_as_it_was(tmp_path: Path, name: str):
    folder = tmp_path / "taken"
    folder.mkdir()
    (folder / name).write_text("dear")
    with pytest.raises(NotThisEventLog, match=f"holds '{name}', something else"):
        EventLogWriter(folder, cluster_id=b"a" * 16)
    assert held(folder) == {name: b"dear"}


def test_a_log_whose_name_is_not_utf_8_is_not_made(tmp_path: Path):
    with pytest.raises(NotAJournal, match="is not UTF-8"):
        EventLogWriter(tmp_path / os.fsdecode(b"bad\xff"), cluster_id=b"a" * 16)
    assert not list(tmp_path.iterdir())


def test_what_a_crashed_recorder_left_half_made_is_cleared_away(tmp_path: Path):
    folder = tmp_path / "log"
    folder.mkdir()
    for name in ("log.json.new", f"{1:020d}.lmdb.new"):
        (folder / name).write_text("half")
    with EventLogWriter(folder, cluster_id=b"a" * 16):
        assert {path.name for path in folder.iterdir()} == {"log.json", "writer.lock"}


def test_the_segments_of_a_journal_are_not_taken_for_those_of_a_log(recorded: Path, tmp_path: Path):
    other = Path(shutil.copytree(recorded / "journal", tmp_path / "other"))
    for path in (*other.glob("meta.lmdb*"), *other.glob("spare-*"), other / "running", other / "writer.lock"):
        path.unlink(missing_ok=True)
    before = held(other)
    assert "not those of an event log" in refused(recorded / "journal", other)
    assert held(other) == before


def test_a_log_that_lost_its_description_is_made_again(copied: Path):
    (copied / "log" / "log.json").unlink()
    _, said = record_once(copied / "journal", copied / "log")
    assert any("without log.json, rebuilt" in line["event"] for line in said)
    with EventLog(copied / "log") as log:
        rows = np.concatenate([batch.rows for batch in log.range(1, log.next_seq)])
    assert np.array_equal(rows, replayed_events(copied / "journal"))


def test_a_log_in_the_folder_of_the_journal_is_refused(recorded: Path):
    for log in (recorded / "journal" / "log", recorded / "journal" / "a" / "log"):
        with pytest.raises(ConfigError, match="lies in the journal's folder"):
            RecorderConfig(journal=recorded / "journal", log=log)
    RecorderConfig(journal=recorded / "journal", log=recorded / "journal-log")


def test_a_log_is_no_journal(recorded: Path, tmp_path: Path):
    log = recorded / "log"
    assert f"there is no journal in {log}" in refused(log, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path):
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "log"):
        with pytest.raises(NotThisEventLog, match=f"{folder} is not a folder"):
            EventLogWriter(folder, cluster_id=b"a" * 16)
    with pytest.raises(JournalFailed, match="cannot open the event log in /proc/nowhere"):
        EventLogWriter(Path("/proc/nowhere"), cluster_id=b"a" * 16)


@pytest.mark.parametrize("harm", ["deleted", "replaced", "folder moved"])
def test_a_log_that_is_taken_from_a_running_recorder_ends_it_with_a_sentence(copied: Path, aeron_dir: str, harm: str):
    journal, log = copied / "journal", copied / "log"
    with RecorderProcess(journal, log, aeron_dir) as recorder:
        recorder.wait_for("caught up")
        path = segment_path(log, segments(log)[-1])
        match harm:
            case "deleted":
                path.unlink()
            case "replaced":
                shutil.copy(path, log.with_name("copy"))
                os.replace(log.with_name("copy"), path)
            case _:
                log.rename(log.with_name("away"))
        wait_for(lambda: recorder.process.poll() is not None)
        recorder._listener.join()
        assert recorder.process.returncode == 1
        assert f"{path} was moved, deleted or replaced" in recorder.said[-1]["event"]
        if harm == "folder moved":
            log.with_name("away").rename(log)
        recorder.start()
        recorder.wait_for("caught up")
        recorder.stop()
    with EventLog(log) as events:
        rows = np.concatenate([batch.rows for batch in events.range(1, events.next_seq)])
    assert np.array_equal(rows, replayed_events(journal))


def test_a_journal_that_is_taken_from_a_running_recorder_ends_it_with_a_sentence(copied: Path, aeron_dir: str):
    with RecorderProcess(copied / "journal", copied / "log", aeron_dir) as recorder:
        recorder.wait_for("caught up")
        (copied / "journal").rename(copied / "away")
        wait_for(lambda: recorder.process.poll() is not None)
        recorder._listener.join()
        assert f"the folder {copied / 'journal'} was moved or deleted" in recorder.said[-1]["event"]


def test_a_recorder_that_goes_on_says_nothing_that_is_not_json(copied: Path):
    _, said = record_once(copied / "journal", copied / "log")
    assert all("level" in line for line in said), said


def test_a_recorder_that_is_broken_off_does_not_say_that_it_has_caught_up(tmp_path: Path, aeron_dir: str):
    make_journal(tmp_path / "journal", commands=300_000)
    with RecorderProcess(tmp_path / "journal", tmp_path / "log", aeron_dir) as recorder:
        recorder.wait_for("recorder started")
        recorder.process.terminate()
        result = recorder.wait()
        assert result["catching_up"]["commands"] < 300_000, "it was too fast to be broken off"
        assert not recorder.heard("caught up")
