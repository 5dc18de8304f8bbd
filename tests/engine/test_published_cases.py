"""Cases that venues publish, with their figures: auctions, icebergs, self-trade prevention, stops. Quantities and
prices are in the smallest unit of the source.

Where a venue's rule is another than ours, only what both say is compared: it is noted at the case.
"""

from dataclasses import dataclass, field

import pytest

from seriatim.engine import SelfTradePrevention as Stp
from seriatim.engine import Side
from tests.engine.auction_example import Example, check_example
from tests.engine.desk import FOK, ME, OTHER, Desk

ASX = "ASX, closing price by the four principles, example in UNSW, Trading Engine Course, Continuous auction, appendix"
AUCTIONS = [
    Example(
        f"{ASX} (in cents): volume, then surplus, then pressure",
        bids=[(640, 500), (639, 500), (639, 500), (634, 1000), (633, 500)],
        asks=[(610, 1000), (640, 500), (641, 520), (642, 550), (643, 519)],
        outcome=(639, 1000, 500),
    ),
    Example(
        "MarketGrid, Trading, Matching Algorithms, Single-Price Auction: most volume at one price",
        bids=[
            *((13000, 45), (12900, 95), (12800, 25), (12700, 35)),
            *((12600, 25), (12500, 55), (12400, 200), (12300, 80)),
        ],
        asks=[
            *((13100, 35), (13000, 50), (12900, 10), (12800, 15), (12700, 10)),
            *((12600, 20), (12500, 90), (12400, 155), (12300, 125), (12200, 10)),
        ],
        outcome=(12400, 290, 190),
    ),
    Example(
        "BSE, Pre-open Session, Call Auction Trading Mechanism: demand meets supply",
        bids=[(54, 1), (53, 1), (52, 2), (51, 2), (50, 3)],
        asks=[(50, 2), (51, 1), (52, 1), (53, 2), (54, 1)],
        outcome=(52, 4, 0),
    ),
]


@pytest.mark.parametrize("example", AUCTIONS, ids=lambda example: example.source)
def test_auctions(desk: Desk, example: Example):
    check_example(desk, example)


@dataclass
class SelfTrade:
    """Orders of one session: those in the book, all buys of quantity and price, then a sell with a mode. What is told
    after it was accepted, and what is left of both sides.
    """

    scenario: str
    book: list[tuple[int, int]]
    taker: tuple[int, int | None]
    mode: Stp
    told: list[str]
    left: list[tuple[int, int]] = field(default_factory=list)
    rests: list[tuple[int, int]] = field(default_factory=list)
    makers_mode: Stp = Stp.NONE


THREE = [(12, 12), (13, 11), (81, 10)]
SELF_TRADES = [
    SelfTrade("A: no mode, they trade", [(1, 1)], (1, 1), Stp.NONE, ["9 sells 1 @ 1 with 1"]),
    SelfTrade(
        "B: the makers expire, one after the other, and the taker rests",
        THREE,
        (30, 10),
        Stp.CANCEL_OLDEST,
        ["1 cancelled 12: SELF_TRADE", "2 cancelled 13: SELF_TRADE", "3 cancelled 81: SELF_TRADE"],
        rests=[(10, 30)],
    ),
    SelfTrade(
        "C: the taker expires, the makers stay",
        THREE,
        (30, 10),
        Stp.CANCEL_NEWEST,
        ["9 cancelled 30: SELF_TRADE"],
        left=[(12, 12), (11, 13), (10, 81)],
    ),
    SelfTrade(
        "D: both expire",
        [(1, 1)],
        (3, 1),
        Stp.CANCEL_BOTH,
        ["1 cancelled 1: SELF_TRADE", "9 cancelled 3: SELF_TRADE"],
    ),
    SelfTrade(
        "E: the mode of the taker counts",
        [(1, 1)],
        (1, 1),
        Stp.CANCEL_NEWEST,
        ["9 cancelled 1: SELF_TRADE"],
        left=[(1, 1)],
        makers_mode=Stp.CANCEL_OLDEST,
    ),
    SelfTrade(
        "F: a market order finds nobody else",
        [(1, 1)],
        (1, None),
        Stp.CANCEL_OLDEST,
        ["1 cancelled 1: SELF_TRADE", "9 cancelled 1: UNFILLED"],
    ),
    SelfTrade(
        "G: both lose the smaller quantity",
        [(6, 2)],
        (2, 2),
        Stp.DECREMENT,
        ["1 reduced by 2 to 4: SELF_TRADE", "9 cancelled 2: SELF_TRADE"],
        left=[(2, 4)],
    ),
]


@pytest.mark.parametrize("case", SELF_TRADES, ids=lambda case: case.scenario)
def test_binance_self_trade_prevention_faq(desk: Desk, case: SelfTrade):
    """Source: Binance, Spot API documentation, "Self Trade Prevention (STP) FAQ", scenarios A to G, in tenths where
    the source has tenths. EXPIRE_MAKER is our cancel oldest, EXPIRE_TAKER cancel newest, EXPIRE_BOTH cancel both.
    """
    for name, (quantity, price) in enumerate(case.book, 1):
        desk.buy(name, quantity, price, ME, self_trade_prevention=case.makers_mode)
    quantity, price = case.taker
    assert desk.sell(9, quantity, price, ME, self_trade_prevention=case.mode) == ["9 accepted", *case.told]
    assert desk.book(Side.BUY) == case.left
    assert desk.book(Side.SELL) == case.rests


def test_tmx_decrements_the_largest_and_cancels_the_smallest(desk: Desk):
    """Source: TMX, "Self Trade Prevention": of the same size both go; a larger active order goes on to its limit and
    rests; a larger passive one stays.
    """
    desk.sell(1, 300, 1002, ME)
    desk.sell(2, 200, 1003)
    told = desk.buy(3, 600, 1003, ME, self_trade_prevention=Stp.DECREMENT)
    assert told[1:] == [
        "1 cancelled 300: SELF_TRADE",
        "3 reduced by 300 to 300: SELF_TRADE",
        "3 buys 200 @ 1003 with 2",
    ]
    assert desk.book(Side.BUY) == [(1003, 100)]
    assert desk.sell(4, 100, 1003, ME, self_trade_prevention=Stp.DECREMENT)[1:] == [
        "3 cancelled 100: SELF_TRADE",
        "4 cancelled 100: SELF_TRADE",
    ]


def bought(told: list[str]) -> dict[int, int]:
    """Lots that each maker bought, by name."""
    lots: dict[int, int] = {}
    for words in (sentence.split() for sentence in told if " sells " in sentence):
        lots[int(words[-1])] = lots.get(int(words[-1]), 0) + int(words[2])
    return lots


def test_tsx_an_iceberg_trades_what_it_hides_after_all_that_others_show(desk: Desk):
    """Source: TSX, "Order Types and Functionality Guide", Iceberg Orders, example. There what is hidden trades in one
    piece of 600; here it is shown six times. Who buys how much at which price, and what is left, is the same.
    """
    desk.buy(1, 100, 1000, OTHER)
    desk.buy(3, 500, 990, OTHER)
    desk.buy(4, 10_000, 990, OTHER, display_quantity=100)
    desk.buy(5, 200, 990, OTHER)
    told = desk.sell(6, 1_500, 990, ME)
    assert told[1:6] == [
        "6 sells 100 @ 1000 with 1",
        "6 sells 500 @ 990 with 3",
        "6 sells 100 @ 990 with 4",
        "4 shows 100 of 9900",
        "6 sells 200 @ 990 with 5",
    ]
    assert bought(told) == {1: 100, 3: 500, 4: 700, 5: 200}
    assert desk.book(Side.BUY) == [(990, 100)]
    assert desk.reduce(4, 1, OTHER) == ["4 reduced by 1 to 9299"]  # 9,200 hidden and 100 shown before


def test_coinbase_a_refill_goes_to_the_end_of_the_queue(desk: Desk):
    """Source: Coinbase Exchange, FIX order entry, "Iceberg Orders", sample message flow: a buy of 1 that shows 0.3, in
    tenths; 0.3 are taken, then all that is left.
    """
    desk.buy(123, 10, 25_000, OTHER, display_quantity=3)
    desk.buy(124, 1, 25_000, OTHER)
    assert desk.sell(1, 3, 25_000, ME)[1:] == ["1 sells 3 @ 25000 with 123", "123 shows 3 of 7"]
    assert desk.queue(Side.BUY, 25_000) == [(124, 1), (123, 3)]
    desk.cancel(124, OTHER)
    assert bought(desk.sell(2, 7, 25_000, ME)) == {123: 7}
    assert desk.engine.live_orders == 0


def test_nse_a_stop_is_released_when_the_last_price_reaches_its_trigger(desk: Desk):
    """Source: NSE, trading system, conditions on price, stop loss: a buy with trigger 93, limit 95, while the last
    price is 90. It enters the book with the time of its trigger, behind who was there.
    """
    desk.trade(90)
    assert desk.buy(1, 5, 95, stop_price=93) == ["1 accepted"]
    desk.trade(92)
    assert desk.book(Side.BUY) == []
    desk.buy(2, 1, 92)
    desk.sell(3, 1, 93)
    assert desk.buy(4, 1, 94, OTHER) == ["4 accepted", "4 buys 1 @ 93 with 3", "1 triggered"]
    assert desk.book(Side.BUY) == [(95, 5), (92, 1)]


def test_tsx_fill_or_kill(desk: Desk):
    """Source: TSX, "Order Types and Functionality Guide", Fill or Kill, example: bids of 100 at 10.00 and 100 at 9.99,
    a sell of 500 at 10.00 trades nothing.
    """
    desk.buy(1, 100, 1000, OTHER)
    desk.buy(2, 100, 999, OTHER)
    assert desk.sell(5, 500, 1000, ME, time_in_force=FOK) == ["5 accepted", "5 cancelled 500: UNFILLED"]
    assert desk.book(Side.BUY) == [(1000, 100), (999, 100)]
