"""The event log: what it holds, how it is found, and what happens when it is damaged."""

import os
import resource
import shutil
from pathlib import Path

import numpy as np
import pytest

from seriatim.client import Client
from seriatim.engine import EVENT, Accepted
from seriatim.engine.events import InstrumentDefined
from seriatim.journal import EventLogDamaged, HistoryGone, JournalFull, JournalLocked, NotThisEventLog
from seriatim.journal.event_log import EventLog, EventLogWriter, encode_record
from seriatim.journal.event_log.layout import segments
from seriatim.journal.layout import segment_path
from seriatim.sequencer.recorder.keeper import Place
from seriatim.tools.venue import Venue
from tests.bus.bus_help import SMALL_SEGMENTS, flow, instrument, replayed, send_all
from tests.recorder.recorder_help import make_journal, record_once, replayed_events

TOLD_ALIKE = [
    "seq",
    "time_ns",
    "number",
    "index",
    "kind",
    "order_id",
    "cl_ord_id",
    "price",
    "quantity",
    "leaves",
    "session",
]


def all_rows(log: Path) -> np.ndarray:
    with EventLog(log) as events:
        return np.concatenate([batch.rows for batch in events.range(1, events.next_seq)])


def flip(path: Path, needle: bytes) -> None:
    """Changes one bit of the last place at which `needle` stands in a file."""
    data = bytearray(path.read_bytes())
    data[data.rindex(needle)] ^= 1
    path.write_bytes(data)


def middle_row(log: Path, place: int) -> bytes:
    """The bytes of an event in the middle of a segment's largest record."""
    with EventLog(log) as events:
        firsts = [*segments(log), events.next_seq]
        seq, end = segments(log)[place], firsts[firsts.index(segments(log)[place]) + 1]
        records = []
        while seq < end and (record := events.at(seq)) is not None:
            records.append(record.events.rows)
            seq = record.next_seq
    rows = max(records, key=len)
    return rows[len(rows) // 2].tobytes()


def test_it_holds_every_event_of_the_journal_in_order(recorded: Path):
    rows = all_rows(recorded / "log")
    assert len(segments(recorded / "log")) > 4
    assert np.array_equal(rows, replayed_events(recorded / "journal"))
    places = rows["seq"].astype(object) * 2**32 + rows["index"]
    assert (np.diff(places) > 0).all()


def test_a_command_gives_the_events_that_its_client_was_told(tmp_path: Path):
    journal, log = tmp_path / "journal", tmp_path / "log"
    with Venue(journal, options=SMALL_SEGMENTS) as venue, Client(venue.client_config()) as client:
        client.call(instrument())
        told = send_all(client, flow(3, 5_000))
        session = client.session
        venue.stop()
    record_once(journal, log)
    with EventLog(log) as events:
        for number in (2, 3, 700, 4_999, 5_001):
            own = told[told["number"] == number]
            assert len(own)
            assert events.of_command(session, number).rows[TOLD_ALIKE].tolist() == own[TOLD_ALIKE].tolist()


def test_every_command_of_every_session_is_found(recorded: Path):
    rows = all_rows(recorded / "log")
    with EventLog(recorded / "log") as events:
        for session in (1, 2):
            own = rows[rows["session"] == session]
            for number in range(1, 20_002, 997):
                assert np.array_equal(events.of_command(session, number).rows, own[own["number"] == number])
        assert not len(events.of_command(1, 999_999))
        assert not len(events.of_command(99, 1))


def test_a_range_has_both_ends_and_objects_tell_what_rows_do(recorded: Path):
    with EventLog(recorded / "log") as events:
        batches = list(events.range(3, 5_000))
        rows = np.concatenate([batch.rows for batch in batches])
        whole = all_rows(recorded / "log")
        assert np.array_equal(rows, whole[(whole["seq"] >= 3) & (whole["seq"] <= 5_000)])
        first, second = batches[0].objects()[0], events.of_command(1, 2).objects()[0]
    assert isinstance(first.event, InstrumentDefined)
    assert (first.event.instrument.symbol, str(first.event.instrument.tick_size)) == ("OAK", "0.01")
    assert isinstance(second.event, Accepted)
    assert (second.seq, second.number, second.index) == (4, 2, 0)


@pytest.mark.parametrize("place", [0, -2, -1])
def test_a_flipped_bit_is_never_read_and_the_log_is_rebuilt_saying_so(copied: Path, place: int):
    log = copied / "log"
    wanted, damaged_seq = all_rows(log), segments(log)[place]
    flip(segment_path(log, damaged_seq), middle_row(log, place))
    with pytest.raises(EventLogDamaged, match="checksum"):
        all_rows(log)
    _, said = record_once(copied / "journal", log)
    assert [line["from_seq"] for line in said if "event log damaged" in line["event"]] == [damaged_seq]
    assert np.array_equal(all_rows(log), wanted)


@pytest.mark.parametrize("harm", ["cut", "overwritten", "pages", "gone", "beginning gone", "empty folder"])
def test_any_damage_is_rebuilt(copied: Path, harm: str):
    log = copied / "log"
    wanted, path = all_rows(log), segment_path(log, segments(log)[2])
    match harm:
        case "cut":
            os.truncate(path, 4096)
        case "overwritten":
            path.write_bytes(b"no database" * 1000)
        case "pages":
            data = bytearray(path.read_bytes())
            data[8192:] = os.urandom(len(data) - 8192)  # behind LMDB's own first pages
            path.write_bytes(data)
        case "gone":
            path.unlink()
        case "beginning gone":
            segment_path(log, 1).unlink()
        case _:
            shutil.rmtree(log)
    _, said = record_once(copied / "journal", log)
    assert harm == "empty folder" or any("event log damaged" in line["event"] for line in said)
    assert np.array_equal(all_rows(log), wanted)


def test_a_log_that_goes_further_than_its_journal_is_cut_back(copied: Path):
    wanted = replayed_events(copied / "journal")
    last = max(int(path.stem) for path in (copied / "journal").glob("0*.lmdb"))
    segment_path(copied / "journal", last).unlink()
    _, said = record_once(copied / "journal", copied / "log")
    assert any("goes further" in line.get("problem", "") for line in said)
    kept = all_rows(copied / "log")
    assert 0 < len(kept) < len(wanted)
    assert np.array_equal(kept, replayed_events(copied / "journal"))


def test_the_log_of_another_journal_is_refused_and_left_alone(copied: Path, tmp_path: Path):
    make_journal(tmp_path / "other", commands=10)
    before = all_rows(copied / "log")
    with pytest.raises(AssertionError, match="another journal"):
        record_once(tmp_path / "other", copied / "log")
    assert np.array_equal(all_rows(copied / "log"), before)


def test_the_recorder_ends_where_a_replay_does(recorded: Path, tmp_path: Path):
    result, _ = record_once(recorded / "journal", tmp_path / "log")
    state = replayed(recorded / "journal")
    assert result["state_hash"] == f"{state.state_hash:016x}"
    assert result["catching_up"]["commands"] == state.seq


def test_one_writer_at_a_time_and_no_strange_folder(tmp_path: Path):
    with EventLogWriter(tmp_path / "log", cluster_id=b"a" * 16), pytest.raises(JournalLocked):
        EventLogWriter(tmp_path / "log", cluster_id=b"a" * 16)
    with pytest.raises(NotThisEventLog, match="another journal"):
        EventLogWriter(tmp_path / "log", cluster_id=b"b" * 16)
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "letter.txt").write_text("dear")
    with pytest.raises(NotThisEventLog, match="something else"):
        EventLogWriter(tmp_path / "taken", cluster_id=b"a" * 16)
    with pytest.raises(NotThisEventLog, match="no event log"):
        EventLog(tmp_path / "nowhere")


def test_a_record_larger_than_a_segment_has_room_and_readers_see_it_at_once(tmp_path: Path):
    rows = np.zeros(20_000, EVENT)
    rows["seq"], rows["index"], rows["session"], rows["number"] = 1, np.arange(20_000), 7, 3
    writer = EventLogWriter(tmp_path / "log", cluster_id=b"a" * 16, segment_bytes=1 << 18)
    with writer, EventLog(tmp_path / "log") as reader:
        assert reader.at(1) is None
        assert reader.next_seq == 1
        writer.append(1, encode_record(Place(1, 1, 2, 5, 9, 1), rows, np.zeros(0)), [(7, 3)])
        assert reader.at(1) is None  # not committed
        writer.commit()
        assert len(reader.of_command(7, 3)) == 20_000
        assert reader.next_seq == 2
        small = rows[:1].copy()
        small["seq"], small["number"] = 2, 4
        writer.append(2, encode_record(Place(2, 2, 3, 6, 9, 1), small, np.zeros(0)), [(7, 4)])
        writer.commit()
        assert reader.of_command(7, 4).rows["seq"].tolist() == [2]


def test_a_truncated_log_says_where_it_begins(copied: Path):
    first, second = segments(copied / "log")[:2]
    segment_path(copied / "log", first).unlink()
    with EventLog(copied / "log") as events:
        with pytest.raises(HistoryGone) as gone:
            events.at(1)
        assert gone.value.first_index == second


def test_a_full_disk_keeps_what_waits(tmp_path: Path):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    rows = np.zeros(10_000, EVENT)
    with EventLogWriter(tmp_path / "log", cluster_id=b"a" * 16) as writer:
        writer.append(1, encode_record(Place(1, 1, 2, 5, 9, 1), rows, np.zeros(0)), [])
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 19, limits[1]))
        try:
            with pytest.raises(JournalFull):
                writer.commit()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        writer.commit()
        with EventLog(tmp_path / "log") as reader:
            record = reader.at(1)
            assert record is not None
            assert len(record.events) == 10_000
