"""Every reason for which a command is refused; a refused command changes nothing but the hash."""

import struct
from dataclasses import replace
from decimal import Decimal

import pytest

from seriatim.engine import CancelOrder, Instrument, InstrumentDefined, ReduceOrder, RejectReason, ReplaceOrder
from tests.engine.orders import BUY, ME, SELL, accepted, book, limit, market, rejected

GOOD = limit(5, BUY, 10, 100)
AAPL = Instrument(1, "AAPL", Decimal("0.01"), Decimal(1))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"instrument": 3}, RejectReason.UNKNOWN_INSTRUMENT),
        ({"instrument": 2**32 - 1}, RejectReason.UNKNOWN_INSTRUMENT),
        ({"side": 0}, RejectReason.INVALID_SIDE),
        ({"side": 3}, RejectReason.INVALID_SIDE),
        ({"ord_type": 3}, RejectReason.INVALID_ORD_TYPE),
        ({"time_in_force": 2}, RejectReason.INVALID_TIME_IN_FORCE),
        ({"time_in_force": 255}, RejectReason.INVALID_TIME_IN_FORCE),
        ({"price": None}, RejectReason.INVALID_PRICE),
        ({"price": 0}, RejectReason.INVALID_PRICE),
        ({"price": -1}, RejectReason.INVALID_PRICE),
        ({"price": 10**12 + 1}, RejectReason.INVALID_PRICE),
        ({"price": 2**63 - 1}, RejectReason.INVALID_PRICE),
        ({"quantity": 0}, RejectReason.INVALID_QUANTITY),
        ({"quantity": -(2**63)}, RejectReason.INVALID_QUANTITY),
        ({"quantity": 10**12 + 1}, RejectReason.INVALID_QUANTITY),
    ],
)
def test_an_order_with_a_senseless_field_is_refused(engine, change, reason):
    before = engine.outcome_hash
    assert engine.apply(ME, replace(GOOD, **change)) == [rejected(reason, 5)]
    assert engine.outcome_hash != before
    assert engine.apply(ME, GOOD) == [accepted(1, GOOD)]


def test_a_market_order_with_a_price_is_refused(engine):
    order = replace(market(1, BUY, 10), price=100)
    assert engine.apply(ME, order) == [rejected(RejectReason.INVALID_PRICE, 1)]


def test_the_extremes_of_price_and_quantity_are_accepted(engine):
    for cl_ord_id, (price, quantity) in enumerate([(1, 10**12), (10**12, 1), (10**12, 10**12)], 1):
        engine.apply(ME, limit(cl_ord_id, SELL, quantity, price))
    assert book(engine, SELL) == [(1, 10**12, 1), (10**12, 10**12 + 1, 2)]


def test_an_id_in_use_is_refused(engine):
    engine.apply(ME, GOOD)
    assert engine.apply(ME, GOOD) == [rejected(RejectReason.DUPLICATE_CL_ORD_ID, 5)]


@pytest.mark.parametrize(
    ("command", "template"), [(CancelOrder(9), 11), (ReduceOrder(9, 0), 12), (ReplaceOrder(8, 9, 0, 0), 13)]
)
def test_an_order_that_is_not_live_is_unknown_whatever_else_is_wrong(engine, command, template):
    assert engine.apply(ME, command) == [rejected(RejectReason.UNKNOWN_ORDER, 9, template)]


def test_changes_to_senseless_values_are_refused(engine):
    engine.apply(ME, GOOD)
    assert engine.apply(ME, ReduceOrder(5, 0)) == [rejected(RejectReason.INVALID_QUANTITY, 5, 12)]
    assert engine.apply(ME, ReplaceOrder(5, 5, 0, 1)) == [rejected(RejectReason.INVALID_PRICE, 5, 13)]
    assert engine.apply(ME, ReplaceOrder(5, 5, 1, -1)) == [rejected(RejectReason.INVALID_QUANTITY, 5, 13)]


def test_a_full_venue_refuses_what_might_rest_and_nothing_else(new_engine):
    engine = new_engine(orders_max=1)
    engine.apply(ME, limit(1, SELL, 10, 100))
    assert engine.apply(ME, limit(2, BUY, 1, 100)) == [rejected(RejectReason.BOOK_FULL, 2)]
    assert len(engine.apply(ME, market(3, BUY, 10))) == 2
    assert len(engine.apply(ME, limit(4, BUY, 1, 100))) == 1


def test_an_instrument_may_be_defined_again_only_on_the_same_terms(engine):
    assert engine.apply(ME, AAPL) == [InstrumentDefined(AAPL, ME)]
    other = replace(AAPL, lot_size=Decimal(10))
    assert engine.apply(ME, other) == [rejected(RejectReason.INSTRUMENT_EXISTS, 0, 60)]
    assert engine.instrument(1) == AAPL
    assert engine.instrument(3) is None


@pytest.mark.parametrize(
    "change",
    [
        {"id": 2**20},
        {"symbol": ""},
        {"symbol": "A B"},
        {"symbol": "Ä"},
        {"tick_size": Decimal(0)},
        {"tick_size": Decimal(-1)},
        {"lot_size": Decimal("1e19")},
        {"lot_size": Decimal("1e-19")},
    ],
)
def test_an_instrument_that_makes_no_sense_is_refused(engine, change):
    terms = replace(AAPL, **({"id": 9} | change))
    assert engine.apply(ME, terms) == [rejected(RejectReason.INVALID_INSTRUMENT, 0, 60)]


def body(template: int, fields: bytes, block: int | None = None, schema: int = 5301, version: int = 0) -> bytes:
    return struct.pack("<HHHH", len(fields) if block is None else block, template, schema, version) + fields


CANCEL_5 = struct.pack("<Q", 5)


@pytest.mark.parametrize(
    ("message", "template", "reason"),
    [
        (b"", 0, RejectReason.MALFORMED),
        (b"\x08\x00\x0b\x00\xb5\x14\x00", 0, RejectReason.MALFORMED),
        (body(11, CANCEL_5[:7], block=8), 11, RejectReason.MALFORMED),
        (body(11, CANCEL_5, block=9), 11, RejectReason.MALFORMED),
        (body(11, CANCEL_5, block=7), 11, RejectReason.MALFORMED),
        (body(11, CANCEL_5, schema=5302), 11, RejectReason.MALFORMED),
        (body(18, CANCEL_5), 18, RejectReason.UNKNOWN_COMMAND),
        (body(40, CANCEL_5), 40, RejectReason.UNKNOWN_COMMAND),
        (body(65535, b""), 65535, RejectReason.UNKNOWN_COMMAND),
    ],
)
def test_bytes_that_are_no_command_are_refused(engine, message, template, reason):
    assert engine.execute_bytes(ME, message) == [rejected(reason, 0, template)]


@pytest.mark.parametrize("message", [body(11, CANCEL_5) + b"padding", body(11, CANCEL_5 + b"later field", version=9)])
def test_padding_and_the_fields_of_a_newer_schema_are_skipped(engine, message):
    engine.apply(ME, GOOD)
    assert len(engine.execute_bytes(ME, message)) == 1
    assert engine.live_orders == 0
