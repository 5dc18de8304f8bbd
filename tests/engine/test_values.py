"""A value is taken as it is or refused: nothing is cut, wrapped or guessed on the way to the engine."""

# pyright: reportArgumentType=false
# Wrong types are what is tested here.

import subprocess
import sys
from decimal import Decimal

import numpy as np
import pytest

from seriatim.commands import command_number
from seriatim.engine import (
    LOGIC_VERSION,
    CancelOrder,
    DropCopy,
    Engine,
    FieldOutOfRangeError,
    Instrument,
    MassCancel,
    NewOrder,
    ReduceOrder,
    ReplaceOrder,
    SetKillSwitch,
    SetLimits,
    SetPhase,
    SetPosition,
    command_body,
    command_row,
)
from seriatim.schemas import RiskScope, TradingPhase
from tests.engine.orders import ME, accepted, limit


def order(**change):
    return NewOrder(**({"cl_ord_id": 1, "instrument": 1, "side": 1, "quantity": 10, "price": 100} | change))


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (order(price=100.9), "price"),
        (order(price=100.0), "price"),
        (order(price=Decimal("100.9")), "price"),
        (order(price=[5]), "price"),
        (order(quantity=10.7), "quantity"),
        (order(quantity="12"), "quantity"),
        (order(quantity=None), "quantity"),
        (order(instrument=np.int64(2**32 + 1)), "instrument"),
        (order(cl_ord_id=np.int64(-1)), "cl_ord_id"),
        (order(account=np.int32(-1)), "account"),
        (order(side=np.int64(257)), "side"),
        (order(post_only="no"), "post_only"),
        (order(post_only=None), "post_only"),
        (order(post_only=1), "post_only"),
        (order(self_trade_group=None), "self_trade_group"),
        (order(stop_price=100.9), "stop_price"),
        (order(display_quantity=1, quantity=10.7), "quantity"),
        (order(display_quantity=1, account=np.int32(-1)), "account"),
        (CancelOrder(1.5), "orig_cl_ord_id"),
        (ReduceOrder(1, np.float64(2)), "quantity"),
        (ReplaceOrder(1, 1, None, 1), "price"),
        (MassCancel(side=None), "side"),
        (MassCancel(account=np.int64(2**32 + 1)), "account"),
        (DropCopy(8, None), "on"),
        (SetPhase(TradingPhase.HALT, np.int64(2**32 + 1)), "instrument"),
        (SetPosition(RiskScope.ACCOUNT, 3, 1, None), "position"),
        (SetKillSwitch(RiskScope.SESSION, 1, None), "engaged"),
        (SetLimits(RiskScope.SESSION, 1, order_quantity_max=3.7), "order_quantity_max"),
        (SetLimits(RiskScope.SESSION, 1, open_orders_max=np.int64(2**32 + 2)), "open_orders_max"),
        (SetLimits(RiskScope.SESSION, 1, cancel_on=None), "cancel_on"),
    ],
)
def test_what_a_field_does_not_take_is_refused_with_its_name(engine, command, field):
    before = engine.outcome_hash
    with pytest.raises(FieldOutOfRangeError, match=f"{field}.*it takes") as raised:
        engine.apply(ME, command)
    assert raised.value.field == field
    assert engine.outcome_hash == before


@pytest.mark.parametrize("session", [1.5, "7", None, -1, 2**32, np.int64(2**32 + 1)])
@pytest.mark.parametrize("command", [order(), order(display_quantity=1)], ids=["plain", "extended"])
def test_a_session_is_a_whole_number_of_32_bits(engine, session, command):
    with pytest.raises(FieldOutOfRangeError, match=r"session.*it takes"):
        engine.apply(session, command)


def test_integers_and_flags_of_numpy_are_taken_where_they_fit():
    engine = Engine()
    engine.define_instrument(1, "AAPL", tick_size=Decimal("0.01"), lot_size=Decimal(1))
    plain = order(price=np.int32(100), quantity=np.uint64(10), side=np.int8(1), post_only=np.False_)
    assert engine.apply(np.uint32(ME), plain) == [accepted(1, limit(1, 1, 10, 100))]
    with_flag = command_body(order(post_only=np.True_, quantity=np.int16(7)))
    assert with_flag == command_body(order(post_only=True, quantity=7))


def test_a_row_can_be_written_to():
    row = command_row(ME, order())
    row["price"] = 101
    assert row["price"] == 101


@pytest.mark.parametrize("thing", [None, 5, NewOrder, "buy", b"bytes", (1, 2)])
def test_what_is_no_command_is_a_type_error_that_says_what_one_is(engine, thing):
    with pytest.raises(TypeError, match="a command is an object of"):
        engine.apply(ME, thing)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": -1}, "id"),
        ({"id": 2.0}, "id"),
        ({"symbol": None}, "symbol"),
        ({"symbol": b"A"}, "symbol"),
        ({"symbol": "A" * 17}, "symbol"),
        ({"tick_size": 0.01}, "tick_size"),
        ({"lot_size": 1}, "lot_size"),
        ({"lot_size": None}, "lot_size"),
        ({"tick_size": Decimal("NaN")}, "tick_size"),
        ({"tick_size": Decimal("Infinity")}, "tick_size"),
        ({"tick_size": Decimal("1E+300")}, "tick_size"),
        ({"lot_size": Decimal(2**63)}, "lot_size"),
    ],
)
def test_terms_of_another_type_are_refused_with_their_name(engine, change, field):
    terms = Instrument(**({"id": 9, "symbol": "A", "tick_size": Decimal("0.01"), "lot_size": Decimal(1)} | change))
    with pytest.raises(FieldOutOfRangeError, match=f"{field}.*it takes"):
        engine.apply(ME, terms)
    assert engine.instrument(9) is None


@pytest.mark.parametrize("time_ns", [2**63, -(2**63) - 1, 1.5])
def test_a_time_beyond_64_bits_is_named(engine, time_ns):
    for call in (engine.set_time, engine.tick, lambda time_ns: engine.apply(ME, order(), time_ns)):
        with pytest.raises(ValueError, match="time_ns"):
            call(time_ns)
    assert engine.live_orders == 0


@pytest.mark.parametrize("depth", [-1, 1.5, None, 2**63])
def test_a_depth_that_makes_no_sense_is_named(engine, depth):
    with pytest.raises(ValueError, match="depth"):
        engine.levels(1, 1, depth)


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda engine: engine.levels(-1, 1), "instrument"),
        (lambda engine: engine.levels(1, 256), "side"),
        (lambda engine: engine.queue(1, 1, 2**63), "price"),
        (lambda engine: engine.queue_position(2**32, 1), "session"),
        (lambda engine: engine.queue_position(1, -1), "cl_ord_id"),
        (lambda engine: engine.indicative(2**32), "instrument"),
        (lambda engine: engine.instrument(1.5), "instrument"),
        (lambda engine: engine.session_closed(1, 256), "end"),
        (lambda engine: engine.execute_bytes(-1, b""), "session"),
    ],
)
def test_an_argument_that_does_not_fit_is_named(call, argument):
    with pytest.raises(ValueError, match=argument):
        call(Engine())


@pytest.mark.parametrize(
    ("setting", "value", "most"),
    [
        ("orders_max", "1", "4,194,304"),
        ("orders_max", 2**22 + 1, "4,194,304"),
        ("orders_max", None, "4,194,304"),
        ("room", "x", "4,194,304"),
        ("room", 1.5, "4,194,304"),
        ("logic_version", "1", str(LOGIC_VERSION)),
        ("logic_version", LOGIC_VERSION + 1, str(LOGIC_VERSION)),
    ],
)
def test_a_setting_of_an_engine_that_does_not_fit_is_named_with_what_it_takes(setting, value, most):
    with pytest.raises(FieldOutOfRangeError, match=f"{setting}.*it takes a whole number from [01] to {most}$"):
        Engine(**{setting: value})


def test_an_engine_makes_room_for_no_more_orders_than_it_may_hold():
    with pytest.raises(FieldOutOfRangeError, match=r"4 does not fit the field 'room': .* from 0 to 3$"):
        Engine(orders_max=3, room=4)


@pytest.mark.parametrize("given", [None, "text", 5, np.zeros(4, np.uint8)[::2]])
def test_what_are_no_bytes_is_a_type_error_that_says_so(given):
    with pytest.raises(TypeError, match=f"a snapshot must be bytes in one piece, not {type(given).__name__}"):
        Engine.load(given)
    with pytest.raises(TypeError, match=f"a body must be bytes in one piece, not {type(given).__name__}"):
        Engine().execute_bytes(ME, given)


def test_the_number_of_a_command_is_none_below_zero():
    with pytest.raises(ValueError, match="number of a command"):
        command_number(-1)
    with pytest.raises(TypeError, match="number of a command"):
        command_number("1")  # pyright: ignore[reportArgumentType]


ROOM_WITHOUT_MEMORY = """
import resource
from seriatim.engine import Engine
pages = int(open("/proc/self/statm").read().split()[0])
limit = pages * resource.getpagesize() + (64 << 20)
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
try:
    Engine(room=4_000_000)
except MemoryError as error:
    print(error)
print(Engine(room=1_000).live_orders)
"""


def test_room_that_there_is_no_memory_for_is_an_error():
    done = subprocess.run([sys.executable, "-c", ROOM_WITHOUT_MEMORY], capture_output=True, text=True, check=True)
    assert done.stdout == "there is no memory for 4,000,000 orders, 64 bytes each and some more; ask for less room\n0\n"
