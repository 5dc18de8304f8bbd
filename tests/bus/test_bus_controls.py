"""Orders with attributes, and what runs a venue, over the bus: how each is answered, and what comes by itself."""

import time
from pathlib import Path

import numpy as np
import pytest

from seriatim.client import Client
from seriatim.engine import (
    COMMAND,
    EVENT,
    BustTrade,
    CancelOn,
    CancelReason,
    ClearSchedule,
    CommandKind,
    ConfigureSession,
    DropCopy,
    EventKind,
    MassCancel,
    MassCancelResponse,
    NewOrder,
    RiskScope,
    SchedulePhase,
    SetHalt,
    SetInstrumentRules,
    SetKillSwitch,
    SetLimits,
    SetPhase,
    SetPosition,
    Side,
    TimeInForce,
    TradingPhase,
)
from seriatim.journal import JournalReader
from seriatim.sequencer.recording import RecordingReplica
from seriatim.tools.venue import Venue
from tests.bus.bus_help import MID_TICKS, SMALL_SEGMENTS, instrument, order, replayed, send_all, stamped, wait_for

PIECE = 256
"""Orders that one frame looks at."""


def polled_until(client: Client, kind: int) -> np.ndarray:
    """The events up to the first of this kind."""
    events = np.zeros(0, EVENT)

    def came() -> bool:
        nonlocal events
        events = np.concatenate((events, client.poll()))
        return bool(np.any(events["kind"] == kind))

    wait_for(came)
    return events


def rest_orders(client: Client, count: int) -> None:
    """So many orders that trade with nobody."""
    rows = np.zeros(count, COMMAND)
    rows["kind"], rows["cl_ord_id"], rows["instrument"] = CommandKind.NEW_ORDER, np.arange(1, count + 1), 1
    rows["side"], rows["price"], rows["quantity"] = Side.BUY, MID_TICKS - 5_000, 1
    rows["ord_type"], rows["time_in_force"] = 2, TimeInForce.GOOD_TILL_CANCEL
    send_all(client, rows)


def test_every_command_is_answered_by_what_it_says(client: Client):
    soon = time.time_ns() + 3_600_000_000_000
    client.call(order(1))
    client.call(order(2, Side.SELL))
    expected = {
        NewOrder(3, 1, Side.BUY, 10, 9_000, display_quantity=2): EventKind.ACCEPTED_EXTENDED,
        ConfigureSession(CancelOn.LOGOFF): EventKind.ADMINISTERED,
        SetInstrumentRules(instrument=1, band_low=1): EventKind.ADMINISTERED,
        SetPhase(TradingPhase.CONTINUOUS, 1): EventKind.PHASE_CHANGED,
        SetHalt(1, on=False): EventKind.PHASE_CHANGED,
        SchedulePhase(1, TradingPhase.HALT, soon): EventKind.ADMINISTERED,
        ClearSchedule(1): EventKind.ADMINISTERED,
        BustTrade(1): EventKind.TRADE_BUSTED,
        SetLimits(RiskScope.ACCOUNT, 77, open_orders_max=5): EventKind.ADMINISTERED,
        SetPosition(RiskScope.ACCOUNT, 77, 1, -5): EventKind.ADMINISTERED,
        SetKillSwitch(RiskScope.ACCOUNT, 77): EventKind.ADMINISTERED,
        MassCancel(account=0): EventKind.CANCELLED,
    }
    assert {command: client.call(command)["kind"][0] for command in expected} == expected


@pytest.mark.alone
def test_an_order_that_expires_is_told_by_itself(client: Client):
    until_ns = time.time_ns() + 200_000_000
    order = NewOrder(1, 1, Side.BUY, 10, 8_000, time_in_force=TimeInForce.GOOD_TILL_DATE, expire_time_ns=until_ns)
    (accepted,) = client.call(order)
    (cancelled,) = polled_until(client, EventKind.CANCELLED)
    assert (cancelled["order_id"], cancelled["reason"]) == (accepted["order_id"], CancelReason.EXPIRED)
    assert (cancelled["number"], cancelled["session"]) == (0, client.session)
    assert until_ns <= cancelled["time_ns"] < until_ns + 500_000_000, "long before a quiet order would have a tick"


def test_a_mass_cancel_of_many_orders_is_answered_at_once_and_the_rest_comes_by_itself(client: Client):
    count = 2 * PIECE + 88
    rest_orders(client, count)
    answer = client.call(MassCancel())
    assert answer["kind"].tolist() == [EventKind.CANCELLED] * PIECE + [EventKind.MASS_CANCELLED]
    assert (answer["quantity"][-1], answer["reason"][-1]) == (PIECE, MassCancelResponse.ACCEPTED)
    rest = polled_until(client, EventKind.MASS_CANCELLED)
    assert len(rest) == count - PIECE + 1
    assert (rest["quantity"][-1], rest["reason"][-1]) == (count, MassCancelResponse.COMPLETED)
    assert set(rest["number"].tolist()) == {0}


def test_who_was_cut_off_during_a_mass_cancel_learns_by_another_that_it_is_done(journal: Path):
    """The node is killed under it: nobody is logged on while the rest is cancelled, and nobody is told."""
    count = 40 * PIECE
    with Venue(journal) as venue:
        with Client(venue.client_config()) as client:
            session = client.session
            client.call(instrument())
            rest_orders(client, count)
            number = client.submit(MassCancel())
            wait_for(lambda: len(stamped(journal)) == number)
        venue.kill()
        venue.start()
        with Client(venue.client_config(), session=session) as client:
            again = client.call(MassCancel())[-1]
            while again["reason"] != MassCancelResponse.COMPLETED:
                again = polled_until(client, EventKind.MASS_CANCELLED)[-1]
        assert venue.stop()["live_orders"] == 0
    with RecordingReplica() as replica, JournalReader(journal) as reader:
        rows = np.concatenate([replica.record(block.data).events.rows.copy() for block in reader])
    cancelled, told = (rows[rows["kind"] == kind] for kind in (EventKind.CANCELLED, EventKind.MASS_CANCELLED))
    assert len(cancelled) == count
    completed = told[told["reason"] == MassCancelResponse.COMPLETED]
    assert completed["quantity"].sum() == count
    assert again["seq"] in completed["seq"], "the second one's"


def test_orders_of_a_client_that_is_gone_are_cancelled_and_who_gets_copies_is_told(journal: Path):
    with Venue(journal, options=SMALL_SEGMENTS) as venue:
        with Client(venue.client_config()) as watch:
            with Client(venue.client_config()) as desk:
                desk.call(instrument())
                desk.call(ConfigureSession(CancelOn.DISCONNECT))
                watch.call(DropCopy(desk.session))
                desk.call(order(1))
                session = desk.session
            (cancelled,) = polled_until(watch, EventKind.CANCELLED)[1:]
            assert (cancelled["session"], cancelled["reason"]) == (session, CancelReason.DISCONNECTED)
        with Client(venue.client_config(), session=session) as desk:
            desk.call(order(2))
            venue.kill()
            venue.start()
            (refused,) = desk.call(MassCancel())
            assert (refused["kind"], refused["quantity"]) == (EventKind.MASS_CANCELLED, 0), "the restart cancelled it"
        state = venue.stop()
    assert state["state_hash"] == replayed(journal).as_dict()["state_hash"]
