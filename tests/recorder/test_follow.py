"""Following on the node's host: joining under load, restarts, truncation, rewinding."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import seriatim
from seriatim.client import Client
from seriatim.errors import ConfigError, FollowerBehind, OrderRewound, PositionGone
from seriatim.journal import HistoryGone
from seriatim.journal.event_log.layout import segments
from seriatim.journal.layout import scan, segment_path
from seriatim.schemas import NewOrder, OpenEpoch
from seriatim.sequencer.follow import Follow, SequencedCommand
from seriatim.sequencer.follow.journal_end import first_after_epoch, journal_end
from seriatim.tools.venue import Venue
from tests.bus.bus_help import SMALL_SEGMENTS, flow, instrument, order, outside_driver, stamped
from tests.recorder.recorder_help import RecorderProcess, replayed_events, take_until

WAYS: dict[str, dict[str, str]] = {
    "order": {"content": "order", "journal": "journal"},
    "events of the log": {"content": "events", "log": "log"},
    "events of a replica": {"content": "events", "journal": "journal"},
}


def start(folder: Path, way: str, from_seq: int = 1, **settings: Any) -> Follow:
    """Follows in one of the ways."""
    named: dict[str, Any] = {name: value if name == "content" else folder / value for name, value in WAYS[way].items()}
    return seriatim.follow(from_seq, **named, **settings)


def truncate(folder: Path, kept: int) -> None:
    """Deletes all but the last segments of a journal."""
    for first in scan(folder).segments[:-kept]:
        segment_path(folder, first).unlink()


def test_followers_join_and_stay_without_a_gap_or_a_repeat_under_load_and_kills(tmp_path: Path):
    journal, log = tmp_path / "journal", tmp_path / "log"
    with outside_driver() as aeron_dir:
        venue = Venue(journal, aeron_dir=aeron_dir, options=SMALL_SEGMENTS)
        with venue, Client(venue.client_config(timeout_s=20.0)) as client:
            client.call(instrument())
            with RecorderProcess(journal, log, aeron_dir) as recorder:
                recorder.wait_for("recorder started")
                remote: dict[str, Any] = {"channel": "aeron:ipc", "aeron_dir": aeron_dir}
                follows = {way: start(tmp_path, way) for way in WAYS}
                follows["remote order"] = seriatim.follow(1, "order", **remote)
                follows["remote events"] = seriatim.follow(1, "events", **remote)
                rows: dict[str, list[np.ndarray]] = {way: [] for way in follows}
                late: list[Follow] = []
                for turn in range(40):
                    client.send(flow(turn, 500, first_id=1 + 500 * turn))
                    client.poll()
                    if turn == 20:
                        venue.kill()
                        venue.start()
                        late = [start(tmp_path, "order", 5_000), start(tmp_path, "events of the log", 3_000)]
                    if turn == 30:
                        recorder.kill()
                        recorder.start()
                    for way, follow in follows.items():
                        batch = follow.poll()
                        rows[way] += [] if batch is None else [batch.rows]
                client.wait_all()
                end = venue.stop()["seq"]
                taken = {way: np.concatenate([*rows[way], take_until(follow, end)]) for way, follow in follows.items()}
                joined = [take_until(follow, end) for follow in late]
    whole = replayed_events(journal)
    for way in ("order", "remote order"):
        assert taken[way]["seq"].tolist() == list(range(1, end + 1))
    for way in ("events of the log", "events of a replica", "remote events"):
        assert np.array_equal(taken[way], whole), way
    assert joined[0]["seq"].tolist() == list(range(5_000, end + 1))
    assert np.array_equal(joined[1], whole[whole["seq"] >= 3_000])


def test_the_order_is_what_was_stamped_as_objects_and_as_arrays(recorded: Path):
    commands = stamped(recorded / "journal")
    end = journal_end(recorded / "journal")
    with start(recorded, "order") as follow:
        rows = take_until(follow, end)
    own = rows[rows["session"] > 0]
    assert own["seq"].tolist() == [command.seq for command in commands]
    assert own["number"].tolist() == [command.number for command in commands]
    assert own["length"].tolist() == [len(command.body) for command in commands]
    with start(recorded, "order") as follow:
        objects = follow.objects()
        first, *_, fourth = next(objects), next(objects), next(objects), next(objects)
        assert isinstance(first, SequencedCommand)
        assert isinstance(fourth, SequencedCommand)
        assert isinstance(first.message, OpenEpoch)
        assert (first.session, first.epoch) == (0, 1)
        assert isinstance(fourth.message, NewOrder)
        assert (fourth.session, fourth.number, fourth.message.cl_ord_id) == (1, 2, 1)


def test_an_iteration_ends_when_it_is_stopped(recorded: Path):
    with start(recorded, "events of the log") as follow:
        given = 0
        for _ in follow:
            given += 1
            if given == 3:
                follow.stop()
        assert given == 3


def test_events_go_on_in_the_middle_of_a_command(recorded: Path):
    whole = replayed_events(recorded / "journal")
    place = whole[whole["index"] == 1][7]
    seq, index = int(place["seq"]), int(place["index"])
    rest = whole[(whole["seq"] > seq) | ((whole["seq"] == seq) & (whole["index"] >= index))]
    for way in ("events of the log", "events of a replica"):
        with start(recorded, way, seq, from_index=index) as follow:
            assert np.array_equal(take_until(follow, journal_end(recorded / "journal")), rest)


def test_what_was_truncated_is_told_with_the_place_to_go_on(copied: Path):
    truncate(copied / "journal", kept=2)
    with pytest.raises(PositionGone) as gone:
        start(copied, "order", 1)
    with start(copied, "order", gone.value.seq) as follow:
        rows = take_until(follow, journal_end(copied / "journal"))
        assert rows["seq"][0] == gone.value.seq > 1
    with pytest.raises(PositionGone):
        start(copied, "events of a replica", gone.value.seq)
    with start(copied, "events of the log") as follow:  # it still has what the journal has not
        assert take_until(follow, 5)["seq"][0] == 3
    segment_path(copied / "log", 1).unlink()
    with pytest.raises(PositionGone) as gone:
        start(copied, "events of the log", 1)
    assert gone.value.seq == segments(copied / "log")[0]


def test_a_follower_that_is_overtaken_by_truncation_is_told(copied: Path):
    with start(copied, "order") as follow:
        assert follow.poll() is not None
        truncate(copied / "journal", kept=1)
        with pytest.raises((PositionGone, HistoryGone)) as gone:
            take_until(follow, journal_end(copied / "journal"))
        assert isinstance(gone.value, PositionGone)
        assert gone.value.seq > follow.next_seq


@pytest.mark.parametrize("way", WAYS)
def test_who_was_beyond_a_crashed_epoch_is_told_to_rewind(recorded: Path, way: str):
    opened = first_after_epoch(recorded / "journal", 1)
    assert opened is not None
    with pytest.raises(OrderRewound) as rewound:
        start(recorded, way, opened + 5, epoch=1)
    assert rewound.value.seq == opened
    with start(recorded, way, opened, epoch=1) as follow:
        assert take_until(follow, opened + 50)["seq"][0] >= opened
    with start(recorded, way, opened + 5, epoch=2) as follow:
        assert take_until(follow, opened + 50)["seq"][0] >= opened + 5


@pytest.mark.parametrize("way", ["order", "events of a replica"])
def test_who_waits_beyond_the_end_is_told_to_rewind_when_the_new_epoch_begins(tmp_path: Path, way: str):
    with Venue(tmp_path / "journal", durability="relaxed", options=SMALL_SEGMENTS) as venue:
        with Client(venue.client_config()) as client:
            client.call(instrument())
        end = venue.stop()["seq"]
        with start(tmp_path, way, end + 1_000, epoch=1) as follow:
            assert follow.poll() is None
            venue.start()
            with pytest.raises(OrderRewound) as rewound:
                take_until(follow, end + 1_000)
    assert rewound.value.seq == end + 1


def test_who_wants_to_know_is_told_how_far_behind_it_is_and_goes_on(recorded: Path):
    end = journal_end(recorded / "journal")
    with start(recorded, "order", behind_max=1_000) as follow:
        with pytest.raises(FollowerBehind) as behind:
            follow.poll()
        assert (behind.value.seq, behind.value.end_seq) == (1, end)
        assert follow.poll() is not None


def test_what_makes_no_sense_is_refused():
    nonsense: list[dict[str, Any]] = [{}, {"content": "events"}, {"content": "books"}, {"from_seq": 0}]
    for settings in nonsense:
        with pytest.raises(ConfigError):
            seriatim.follow(**settings)


def test_an_order_can_be_followed_while_nothing_is_known_of_it(tmp_path: Path):
    venue = Venue(tmp_path / "journal", options=SMALL_SEGMENTS)
    with venue, start(tmp_path, "order") as follow, Client(venue.client_config()) as client:
        client.call(instrument())
        client.call(order(1))
        assert take_until(follow, 4)["template_id"].tolist() == [32, 30, 60, 10]
