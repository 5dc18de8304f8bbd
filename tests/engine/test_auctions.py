"""The uncross: its price by published rules, who trades in it, and the phases that end with it. What venues publish as
examples is in `test_published_cases.py`.

Rules: London Stock Exchange, MIT201 "Guide to the trading system" (maximum executable volume, minimum surplus, market
pressure, reference price); Deutsche Börse, "Xetra market model equities" (principle of most executable volume; with
several limits, a surplus on the bid gives the highest, one on the ask the lowest, otherwise the reference price
decides).
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seriatim.engine import Side, TradingPhase
from tests.engine.auction_example import Example, check_example, fill_book
from tests.engine.desk import DAY, FOK, GTD, IOC, ME, OTHER, Desk
from tests.engine.engines import ENGINES

CONTINUOUS, AUCTION = TradingPhase.CONTINUOUS, TradingPhase.OPENING_AUCTION
CLOSING, CLOSED, HALT, PRE_OPEN = (
    TradingPhase.CLOSING_AUCTION,
    TradingPhase.CLOSED,
    TradingPhase.HALT,
    TradingPhase.PRE_OPEN,
)

XETRA = "by the rule of the Xetra market model: "
LSE = "by the rule of MIT201: "
EXAMPLES = [
    Example(
        XETRA + "exactly one limit has the most volume and the least surplus",
        bids=[(202, 200), (201, 200), (200, 300)],
        asks=[(198, 200), (199, 200), (200, 300)],
        outcome=(200, 700, 0),
    ),
    Example(
        XETRA + "several limits, and a surplus on the bid: the highest",
        bids=[(202, 400), (201, 200)],
        asks=[(199, 300), (198, 200)],
        outcome=(201, 500, 100),
        reference=200,
    ),
    Example(
        XETRA + "several limits, and a surplus on the ask: the lowest",
        bids=[(202, 300), (201, 200)],
        asks=[(199, 400), (198, 200)],
        outcome=(199, 500, -100),
        reference=200,
    ),
    Example(
        XETRA + "several limits without a surplus, and the reference price above them: the highest",
        bids=[(202, 300), (201, 200)],
        asks=[(199, 300), (198, 200)],
        outcome=(201, 500, 0),
        reference=203,
    ),
    Example(
        XETRA + "several limits without a surplus, and the reference price below them: the lowest",
        bids=[(202, 300), (201, 200)],
        asks=[(199, 300), (198, 200)],
        outcome=(199, 500, 0),
        reference=195,
    ),
    Example(
        XETRA + "no orders that can trade: no price",
        bids=[(200, 80)],
        asks=[(201, 80)],
        outcome=None,
        reference=199,
    ),
    Example(
        LSE + "maximum executable volume decides before surplus does",
        bids=[(103, 100), (102, 500)],
        asks=[(101, 100), (102, 300)],
        outcome=(102, 400, 200),
    ),
    Example(
        LSE + "minimum surplus decides among equal volumes",
        bids=[(105, 300), (103, 200)],
        asks=[(102, 300), (104, 100)],
        outcome=(104, 300, -100),
        reference=102,
    ),
    Example(
        LSE + "surpluses of both signs: the closest to the reference price",
        bids=[(105, 100), (101, 50)],
        asks=[(100, 100), (104, 50)],
        outcome=(104, 100, -50),
        reference=104,
    ),
    Example(
        LSE + "surpluses of both signs, and a reference price nearer to the other end",
        bids=[(105, 100), (101, 50)],
        asks=[(100, 100), (104, 50)],
        outcome=(100, 100, 50),
        reference=90,
    ),
    Example(
        "ours: of two equally close to the reference price, the higher",
        bids=[(104, 100)],
        asks=[(100, 100)],
        outcome=(104, 100, 0),
        reference=102,
    ),
    Example(
        "ours: without a reference price, the middle of what is left is one, rounded down",
        bids=[(105, 100), (102, 10)],
        asks=[(100, 100), (103, 10)],
        outcome=(102, 100, 10),
    ),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.source)
def test_examples_by_published_rules(desk, example):
    check_example(desk, example)


def test_buys_and_sells_are_paired_by_price_then_queue(desk):
    desk.phase(AUCTION)
    desk.buy(1, 5, 101)
    desk.buy(2, 5, 102)
    desk.buy(3, 5, 101)
    desk.sell(4, 8, 101)
    desk.sell(5, 4, 100)
    assert desk.phase(CONTINUOUS) == [
        "uncrossed 12 @ 101",
        "2 buys 4 @ 101 with 5, auction",
        "2 buys 1 @ 101 with 4, auction",
        "1 buys 5 @ 101 with 4, auction",
        "3 buys 2 @ 101 with 4, auction",
        "instrument 1: CONTINUOUS",
    ]
    assert desk.queue(Side.BUY, 101) == [(3, 3)]


def test_icebergs_trade_in_full_keep_their_place_and_show_their_slice_again(desk):
    desk.phase(AUCTION)
    desk.sell(1, 25, 100, display_quantity=10)
    desk.sell(2, 10, 100, display_quantity=10)
    desk.sell(3, 30, 100, display_quantity=10)
    desk.buy(4, 38, 100)
    assert desk.engine.indicative(1) == (100, 38, -27)
    assert desk.phase(CONTINUOUS) == [
        "uncrossed 38 @ 100",
        "4 buys 25 @ 100 with 1, auction",
        "4 buys 10 @ 100 with 2, auction",
        "4 buys 3 @ 100 with 3, auction",
        "instrument 1: CONTINUOUS",
    ]
    assert desk.book(Side.SELL) == [(100, 10)]


def test_an_iceberg_with_less_left_than_it_showed_says_so(desk):
    desk.phase(AUCTION)
    desk.sell(1, 25, 100, display_quantity=10)
    desk.buy(2, 18, 100)
    assert desk.phase(CONTINUOUS)[-2:] == ["1 shows 7 of 7", "instrument 1: CONTINUOUS"]


def test_an_iceberg_that_did_not_trade_is_left_alone(desk):
    desk.sell(1, 25, 100, display_quantity=10)
    desk.buy(2, 4, 100)
    desk.phase(AUCTION)
    desk.sell(3, 5, 99)
    desk.buy(4, 5, 99)
    assert desk.phase(CONTINUOUS)[:2] == ["uncrossed 5 @ 99", "4 buys 5 @ 99 with 3, auction"]
    assert desk.queue(Side.SELL, 100) == [(1, 6)]


def test_due_orders_go_before_the_uncross_and_are_not_in_the_indicative_price(desk):
    desk.phase(AUCTION)
    desk.buy(1, 5, 105, time_in_force=GTD, expire_time_ns=10, at=5)
    desk.buy(2, 5, 100)
    desk.sell(3, 5, 100)
    assert desk.engine.indicative(1) == (105, 5, 0)
    desk.buy(4, 1, 99, at=10)
    assert desk.engine.indicative(1) == (100, 5, 0)
    assert desk.phase(CONTINUOUS, at=10) == [
        "1 cancelled 5: EXPIRED",
        "uncrossed 5 @ 100",
        "2 buys 5 @ 100 with 3, auction",
        "instrument 1: CONTINUOUS",
    ]


def test_a_book_that_only_due_orders_cross_is_not_uncrossed(desk):
    desk.phase(AUCTION)
    desk.buy(1, 5, 105, time_in_force=GTD, expire_time_ns=10, at=5)
    desk.sell(2, 5, 100)
    assert desk.phase(CONTINUOUS, at=10) == ["1 cancelled 5: EXPIRED", "instrument 1: CONTINUOUS"]


@pytest.mark.parametrize(
    ("before", "after", "uncrosses"),
    [
        (AUCTION, CONTINUOUS, True),
        (AUCTION, CLOSED, True),
        (AUCTION, PRE_OPEN, True),
        (AUCTION, CLOSING, True),
        (AUCTION, HALT, False),
        (CLOSING, CLOSED, True),
        (CLOSING, HALT, False),
        (PRE_OPEN, CONTINUOUS, True),
        (PRE_OPEN, AUCTION, False),
        (PRE_OPEN, CLOSED, False),
        (PRE_OPEN, HALT, False),
        (AUCTION, AUCTION, False),
    ],
)
def test_leaving_an_auction_or_entering_continuous_trading_uncrosses(desk, before, after, uncrosses):
    desk.phase(before)
    desk.buy(1, 5, 100)
    desk.sell(2, 5, 100)
    events = desk.phase(after)
    assert events == ["uncrossed 5 @ 100", "1 buys 5 @ 100 with 2, auction"] * uncrosses + [
        f"instrument 1: {after.name}"
    ]


def test_a_halted_auction_is_uncrossed_when_trading_goes_on(desk):
    desk.phase(AUCTION)
    desk.buy(1, 5, 100)
    desk.sell(2, 5, 100)
    desk.phase(HALT)
    assert desk.phase(CONTINUOUS)[0] == "uncrossed 5 @ 100"


@pytest.mark.parametrize("phase", [PRE_OPEN, AUCTION, CLOSING])
def test_orders_are_collected_changed_and_cancelled(desk, phase):
    desk.phase(phase)
    assert desk.buy(1, 5, 100) == ["1 accepted"]
    assert desk.sell(2, 5, 99, time_in_force=DAY) == ["2 accepted"]
    assert desk.sell(3, 5, 99, time_in_force=GTD, expire_time_ns=10) == ["3 accepted"]
    assert desk.sell(4, 5, 99, post_only=True) == ["4 accepted"]
    assert desk.sell(5, 5, stop_price=99) == ["5 accepted"]
    assert desk.sell(6, 5, 98, display_quantity=2) == ["6 accepted"]
    assert desk.replace(1, 6, 101) == ["1 replaced, 6 @ 101, loses its place"]
    assert desk.replace(4, 6, 98, OTHER) == ["4 replaced, 6 @ 98, loses its place"]
    assert desk.reduce(2, 1, OTHER) == ["2 reduced by 1 to 4"]
    assert desk.cancel(2, OTHER) == ["2 cancelled 4: REQUESTED"]
    assert desk.book(Side.SELL) == [(98, 8), (99, 5)]


@pytest.mark.parametrize("phase", [PRE_OPEN, AUCTION, CLOSING])
@pytest.mark.parametrize(
    ("price", "terms"),
    [
        (None, {}),
        (None, {"time_in_force": DAY}),
        (100, {"time_in_force": IOC}),
        (100, {"time_in_force": FOK}),
        (100, {"minimum_quantity": 1}),
        (None, {"stop_price": 100, "time_in_force": IOC}),
    ],
)
def test_what_cannot_wait_is_refused_while_orders_are_collected(desk, phase, price, terms):
    desk.phase(phase)
    assert desk.buy(1, 5, price, **terms) == ["rejected: WRONG_PHASE"]


@pytest.mark.parametrize("phase", [CLOSED, HALT])
def test_only_less_is_taken_while_closed_or_halted(desk, phase):
    for name in (1, 2, 3):
        desk.buy(name, 5, 100)
    desk.phase(phase)
    assert desk.buy(4, 5, 100) == ["rejected: WRONG_PHASE"]
    assert desk.replace(1, 4, 100) == ["rejected: WRONG_PHASE"]
    assert desk.reduce(1, 1) == ["1 reduced by 1 to 4"]
    assert desk.cancel(1) == ["1 cancelled 4: REQUESTED"]
    assert desk.mass_cancel()[-1] == "mass cancelled 2"


def test_all_instruments_change_in_ascending_order(desk):
    desk.define(9)
    desk.define(3)
    assert desk.phase(HALT, None) == [f"instrument {number}: HALT" for number in (1, 2, 3, 9)]
    assert desk.phase(HALT, 3) == ["instrument 3: HALT"]


def test_day_orders_end_when_their_instrument_closes(desk):
    desk.buy(1, 5, 100, time_in_force=DAY)
    desk.buy(2, 5, 100)
    desk.buy(3, 5, stop_price=110, time_in_force=DAY)
    desk.buy(4, 5, 101, time_in_force=DAY, session=OTHER)
    desk.buy(5, 5, 100, time_in_force=DAY, instrument=2)
    assert desk.phase(CLOSED) == [
        "instrument 1: CLOSED",
        "1 cancelled 5: DAY_ENDED",
        "3 cancelled 5: DAY_ENDED",
        "4 cancelled 5: DAY_ENDED",
    ]
    assert desk.phase(CLOSED, None) == ["instrument 1: CLOSED", "instrument 2: CLOSED", "5 cancelled 5: DAY_ENDED"]


def test_an_auction_that_closes_trades_before_its_day_orders_go(desk):
    desk.phase(CLOSING)
    desk.buy(1, 9, 100, ME, time_in_force=DAY)
    desk.sell(2, 5, 100, OTHER)
    assert desk.phase(CLOSED) == [
        "uncrossed 5 @ 100",
        "1 buys 5 @ 100 with 2, auction",
        "instrument 1: CLOSED",
        "1 cancelled 4: DAY_ENDED",
    ]


SIDE = st.lists(st.tuples(st.integers(95, 105), st.integers(1, 9)), min_size=1, max_size=8)


@pytest.mark.parametrize("kind", ENGINES, ids=lambda kind: kind.__name__)
@settings(max_examples=100, deadline=None)
@given(bids=SIDE, asks=SIDE)
def test_no_other_price_would_trade_more_and_who_is_better_trades_in_full(kind, bids, asks):
    desk = Desk(kind())
    desk.define(1)
    desk.phase(AUCTION)
    fill_book(desk, Example("drawn", bids, asks, None))

    def volume(price: int) -> int:
        bought = sum(quantity for limit, quantity in bids if limit >= price)
        return min(bought, sum(quantity for limit, quantity in asks if limit <= price))

    most = max(volume(price) for price in range(94, 107))
    found = desk.engine.indicative(1)
    assert (found is None) == (most == 0)
    desk.phase(CONTINUOUS)
    if found is not None:
        price, traded, surplus = found
        assert traded == most == volume(price)
        assert surplus == sum(q for limit, q in bids if limit >= price) - sum(q for limit, q in asks if limit <= price)
        assert all(level <= price for level, _ in desk.book(Side.BUY))
        assert all(level >= price for level, _ in desk.book(Side.SELL))
