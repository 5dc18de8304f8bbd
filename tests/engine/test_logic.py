"""Each version of the rules, on both engines: what a version changed holds from it on, and not before."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from seriatim.engine import (
    LOGIC_VERSION,
    Accepted,
    Cancelled,
    CancelOrder,
    Engine,
    FieldOutOfRangeError,
    NewOrder,
    Rejected,
    RejectReason,
    Replaced,
    ReplaceOrder,
    Side,
)
from seriatim.engine.reference import ReferenceEngine

Make = Callable[..., Engine | ReferenceEngine]


@pytest.fixture(params=[Engine, ReferenceEngine], ids=["native", "reference"])
def make(request: pytest.FixtureRequest) -> Make:
    """Makes an engine with one book."""

    def make(**settings: int) -> Engine | ReferenceEngine:
        engine = request.param(**settings)
        engine.define_instrument(1, "OAK", tick_size=Decimal("0.01"), lot_size=Decimal(1))
        return engine

    return make


def nameless() -> NewOrder:
    return NewOrder(cl_ord_id=0, instrument=1, side=Side.BUY, quantity=5, price=100)


def test_version_1_takes_the_client_id_0(make: Make):
    engine = make(logic_version=1)
    assert isinstance(engine.apply(7, nameless())[0], Accepted)
    assert isinstance(engine.apply(7, ReplaceOrder(0, 0, 101, 5))[0], Replaced)
    assert isinstance(engine.apply(7, CancelOrder(0))[0], Cancelled)


def test_version_2_refuses_to_give_an_order_the_client_id_0(make: Make):
    engine = make(logic_version=2)
    assert engine.apply(7, nameless()) == [Rejected(0, 7, 10, RejectReason.INVALID_CL_ORD_ID)]
    engine.apply(7, NewOrder(cl_ord_id=3, instrument=1, side=Side.BUY, quantity=5, price=100))
    assert engine.apply(7, ReplaceOrder(0, 3, 101, 5)) == [Rejected(3, 7, 13, RejectReason.INVALID_CL_ORD_ID)]
    assert engine.live_orders == 1
    assert engine.last_order_id == 1


def test_an_order_of_older_rules_can_still_be_cancelled_and_renamed_under_newer_ones(make: Make):
    engine = make(logic_version=1)
    engine.apply(7, nameless())
    engine.apply(8, nameless())
    engine.follow_logic(2)
    assert isinstance(engine.apply(7, CancelOrder(0))[0], Cancelled)
    assert isinstance(engine.apply(8, ReplaceOrder(4, 0, 101, 5))[0], Replaced)


def test_the_newest_rules_are_the_default(make: Make):
    assert LOGIC_VERSION == 2
    assert isinstance(make().apply(7, nameless())[0], Rejected)


@pytest.mark.parametrize("version", [0, LOGIC_VERSION + 1, 2**32, -1])
def test_rules_that_nobody_knows_are_refused(version: int):
    with pytest.raises(FieldOutOfRangeError, match="logic_version"):
        Engine(logic_version=version)
