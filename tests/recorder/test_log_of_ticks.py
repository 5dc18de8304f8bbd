"""What no command caused, and what a command caused to others, in the event log."""

import time
from pathlib import Path

import numpy as np
import pytest

import seriatim
from seriatim.client import Client
from seriatim.engine import EventKind, SchedulePhase, SetPhase, TradingPhase
from seriatim.journal.event_log import EventLog
from seriatim.schemas import Side
from seriatim.tools.venue import Venue
from tests.bus.bus_help import SMALL_SEGMENTS, instrument, order, replayed, wait_for
from tests.recorder.recorder_help import record_once, replayed_events


@pytest.fixture(scope="module")
def recorded_auction(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A folder with `journal` and `log` of a session's auction between two others, and of a phase that came by itself;
    and that session's id."""
    folder = tmp_path_factory.mktemp("auction")
    with Venue(folder / "journal", options=SMALL_SEGMENTS) as venue:
        clients = [Client(venue.client_config()) for _ in range(3)]
        for client in clients:
            client.connect()
        runs, buys, sells = clients
        runs.call(instrument())
        runs.call(SetPhase(TradingPhase.OPENING_AUCTION, 1))
        buys.call(order(1))
        sells.call(order(1, Side.SELL))
        runs.call(SetPhase(TradingPhase.CONTINUOUS, 1))
        wait_for(lambda: buys.poll()["kind"].tolist() == [EventKind.FILLED])
        runs.call(SchedulePhase(1, TradingPhase.HALT, time.time_ns() + 50_000_000))
        wait_for(lambda: sells.call(order(2))["kind"].tolist() == [EventKind.REJECTED])
        assert not len(runs.poll())
        session = runs.session
        for client in clients:
            client.close()
        state = venue.stop()
    assert state["state_hash"] == replayed(folder / "journal").as_dict()["state_hash"]
    record_once(folder / "journal", folder / "log")
    return folder, session


def test_what_a_command_caused_to_others_is_found_by_it_and_has_no_number_of_theirs(
    recorded_auction: tuple[Path, int],
):
    folder, session = recorded_auction
    with EventLog(folder / "log") as log:
        rows = log.of_command(session, 3).rows
        assert rows["kind"].tolist() == [EventKind.UNCROSSED, EventKind.FILLED, EventKind.PHASE_CHANGED]
        assert rows["number"].tolist() == [3, 0, 3]
        assert rows["session"].tolist() == [session, session + 1, session]
        assert not len(log.of_command(session, 0))


def test_what_a_schedule_set_is_there_without_session_and_number(recorded_auction: tuple[Path, int]):
    folder, _ = recorded_auction
    with (
        EventLog(folder / "log") as log,
        seriatim.follow(1, "events", journal=folder / "journal") as own,
        seriatim.follow(1, "events", log=folder / "log") as logged,
    ):
        rows = np.concatenate([batch.rows for batch in log.range(1, log.next_seq)])
        for followed in (own, logged):
            batches = []
            while followed.next_seq < log.next_seq:
                if (batch := followed.poll()) is not None:
                    batches.append(batch.rows.copy())
            assert np.array_equal(np.concatenate(batches), rows)
    assert np.array_equal(rows, replayed_events(folder / "journal"))
    scheduled = rows[(rows["session"] == 0)]
    assert scheduled[["kind", "number", "index"]].tolist() == [(EventKind.PHASE_CHANGED, 0, 0)]
