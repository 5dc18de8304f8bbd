"""Arrays of commands in one crossing: the same outcome as one command at a time, and clear errors."""

import subprocess
import sys
import threading
from decimal import Decimal

import numpy as np
import pytest

from seriatim.engine import (
    COMMAND,
    EVENT,
    ArrayError,
    CancelOrder,
    Engine,
    EventKind,
    FieldOutOfRangeError,
    NewOrder,
    RejectReason,
    command_row,
    events_of,
)
from tests.engine.orders import BUY, ME, OTHER, SELL, limit
from tests.engine.test_agreement import random_flow


def new_engine() -> Engine:
    engine = Engine()
    for instrument in (1, 2):
        engine.define_instrument(instrument, "AAPL", tick_size=Decimal("0.01"), lot_size=Decimal(1))
    return engine


def terms(_id):
    raise AssertionError("no instrument is defined by a row")


@pytest.mark.parametrize("room", [None, 1, 7, 100_000])
def test_an_array_gives_the_events_of_its_commands_one_by_one(room):
    flow = random_flow(seed=2, count=3_000)
    one_by_one, at_once = new_engine(), new_engine()
    expected = [one_by_one.apply(session, command) for session, command in flow]
    commands = np.concatenate([command_row(session, command) for session, command in flow])
    out = None if room is None else np.empty(room, EVENT)
    rows = at_once.apply_array(commands, out)
    assert events_of(rows, terms) == [event for events in expected for event in events]
    assert rows["number"].tolist() == [number for number, events in enumerate(expected) for _ in events]
    assert rows["index"].tolist() == [index for events in expected for index in range(len(events))]
    assert at_once.outcome_hash == one_by_one.outcome_hash


def test_room_for_orders_changes_nothing_but_when_memory_is_taken():
    flow = random_flow(seed=3, count=3_000)
    commands = np.concatenate([command_row(session, command) for session, command in flow])
    plain, roomy = new_engine(), Engine(room=20)
    for instrument in (1, 2):
        roomy.define_instrument(instrument, "AAPL", tick_size=Decimal("0.01"), lot_size=Decimal(1))
    assert plain.apply_array(commands).tobytes() == roomy.apply_array(commands).tobytes()
    assert roomy.live_orders > 20
    assert roomy.snapshot() == plain.snapshot()


@pytest.mark.parametrize("room", [-1, 11, 2**40])
def test_there_is_no_room_for_more_orders_than_the_engine_may_hold(room):
    with pytest.raises(FieldOutOfRangeError, match="room"):
        Engine(orders_max=10, room=room)


def test_events_that_fit_come_in_the_callers_own_array():
    out = np.empty(10, EVENT)
    rows = new_engine().apply_array(command_row(ME, limit(1, BUY, 10, 100)), out)
    assert rows.base is out


def test_one_command_may_have_more_events_than_there_was_room_for():
    engine = new_engine()
    for cl_ord_id in range(1, 501):
        engine.apply(ME, limit(cl_ord_id, BUY, 1, 100))
    rows = engine.apply_array(command_row(OTHER, limit(1, SELL, 500, 100)), np.empty(3, EVENT))
    assert rows["contra_cl_ord_id"][1:].tolist() == list(range(1, 501))
    assert rows[-1]["kind"] == EventKind.FILLED
    assert rows[-1]["leaves"] == 0


def test_no_commands_give_no_events():
    assert len(new_engine().apply_array(np.empty(0, COMMAND))) == 0


def test_a_row_of_an_unknown_kind_is_rejected_like_any_command():
    rows = np.array([(60, *[0] * 10)], COMMAND)
    event = new_engine().apply_array(rows)[0]
    assert (event["kind"], event["template_id"], event["reason"]) == (
        EventKind.REJECTED,
        60,
        RejectReason.UNKNOWN_COMMAND,
    )


@pytest.mark.parametrize("commands", [np.zeros(3), np.zeros((2, 2), COMMAND), np.zeros(2, EVENT), [1], None])
def test_another_dtype_or_shape_is_an_array_error(commands):
    with pytest.raises(ArrayError, match="COMMAND"):
        new_engine().apply_array(commands)


@pytest.mark.parametrize("out", [np.empty(0, EVENT), np.empty(8, COMMAND), np.empty(8, EVENT)[::2], [1]])
def test_an_array_that_cannot_take_events_is_an_array_error(out):
    with pytest.raises(ArrayError, match="EVENT"):
        new_engine().apply_array(np.empty(0, COMMAND), out)


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (CancelOrder(2**64), "orig_cl_ord_id"),
        (NewOrder(1, 1, 1, 2**63, 1), "quantity"),
        (NewOrder(1, 1, 256, 1, 1), "side"),
        (NewOrder(-1, 1, 1, 1, 1), "cl_ord_id"),
    ],
)
def test_a_value_that_does_not_fit_names_its_field(command, field):
    with pytest.raises(FieldOutOfRangeError, match=field) as raised:
        new_engine().apply(ME, command)
    assert raised.value.field == field


def test_levels_are_the_best_first_up_to_the_depth():
    engine = new_engine()
    for price in range(100, 120):
        engine.apply(ME, limit(price, SELL, 2, price))
        engine.apply(OTHER, limit(price, SELL, 3, price))
    levels = engine.levels(1, SELL, depth=2)
    assert levels["price"].tolist() == [100, 101]
    assert levels["quantity"].tolist() == [5, 5]
    assert levels["orders"].tolist() == [2, 2]
    assert len(engine.levels(9, SELL)) == 0
    assert len(engine.levels(1, 3)) == 0


def test_threads_that_share_an_engine_take_turns():
    engine = new_engine()

    def trade(session: int) -> None:
        commands = np.concatenate([command_row(session, limit(cl_ord_id, BUY, 1, 100)) for cl_ord_id in range(1, 501)])
        engine.apply_array(commands)

    threads = [threading.Thread(target=trade, args=(session,)) for session in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert engine.live_orders == 2_000


def test_the_outcome_is_the_same_in_every_process():
    program = (
        "from tests.engine.test_arrays import *\n"
        "engine = new_engine()\n"
        "[engine.apply(*step) for step in random_flow(seed=3, count=500)]\n"
        "print(engine.outcome_hash)"
    )
    hashes = {subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout for _ in range(2)}
    assert len(hashes) == 1
