"""Bands, collars and maxima of an instrument: what is refused, and how far a market order goes."""

import pytest

from seriatim.engine import SelfTradePrevention as Stp
from seriatim.engine import SetInstrumentRules, Side, TradingPhase
from tests.engine.desk import FOK, IOC, ME, OTHER


def test_the_rules_of_an_instrument_replace_those_before(desk):
    assert desk.rules(band_low=90, band_high=110) == ["done: 61 for 1"]
    assert desk.buy(1, 5, 89) == ["rejected: OUTSIDE_PRICE_BAND"]
    assert desk.sell(1, 5, 111) == ["rejected: OUTSIDE_PRICE_BAND"]
    assert desk.buy(1, 5, 90) == ["1 accepted"]
    assert desk.sell(2, 5, 110) == ["2 accepted"]
    assert desk.buy(3, 5, 89, instrument=2) == ["3 accepted"]
    assert desk.replace(1, 5, 111) == ["rejected: OUTSIDE_PRICE_BAND"]
    desk.rules()
    assert desk.replace(1, 5, 89) == ["1 replaced, 5 @ 89, loses its place"]


def test_a_band_holds_for_stop_prices_too(desk):
    desk.rules(band_low=90, band_high=110)
    assert desk.buy(1, 5, stop_price=111) == ["rejected: OUTSIDE_PRICE_BAND"]
    assert desk.buy(1, 5, 100, stop_price=111) == ["rejected: OUTSIDE_PRICE_BAND"]
    assert desk.buy(1, 5, 111, stop_price=100) == ["rejected: OUTSIDE_PRICE_BAND"]
    assert desk.buy(1, 5, stop_price=110) == ["1 accepted"]
    assert desk.replace(1, 5, 111) == ["rejected: OUTSIDE_PRICE_BAND"]


def test_a_band_holds_in_every_phase_and_a_collar_in_continuous_trading(desk):
    desk.rules(band_low=50, collar=5, reference_price=100)
    desk.phase(TradingPhase.PRE_OPEN)
    assert desk.buy(1, 5, 49) == ["rejected: OUTSIDE_PRICE_BAND"]
    assert desk.buy(1, 5, 110) == ["1 accepted"]
    desk.phase(TradingPhase.CONTINUOUS)
    assert desk.buy(2, 5, 110) == ["rejected: OUTSIDE_COLLAR"]
    assert desk.replace(1, 6, 110) == ["rejected: OUTSIDE_COLLAR"]
    assert desk.replace(1, 6, 105) == ["1 replaced, 6 @ 105, loses its place"]


def test_a_collar_is_around_the_last_price_or_else_the_reference_price(desk):
    desk.rules(collar=5)
    assert desk.buy(1, 1, 500) == ["1 accepted"]
    desk.cancel(1)
    desk.rules(collar=5, reference_price=200)
    assert desk.buy(1, 1, 206) == ["rejected: OUTSIDE_COLLAR"]
    desk.trade(205)
    assert desk.buy(1, 1, 210) == ["1 accepted"]
    assert desk.buy(2, 1, 211) == ["rejected: OUTSIDE_COLLAR"]
    assert desk.sell(2, 1, 199) == ["rejected: OUTSIDE_COLLAR"]
    assert desk.sell(2, 1, 500) == ["2 accepted"]
    assert desk.buy(3, 1, 1) == ["3 accepted"]


def test_a_market_order_trades_up_to_the_collar(desk):
    desk.rules(collar=5, reference_price=100)
    desk.sell(1, 2, 104)
    desk.sell(2, 2, 105)
    desk.sell(3, 2, 106)
    assert desk.buy(4, 9) == [
        "4 accepted",
        "4 buys 2 @ 104 with 1",
        "4 buys 2 @ 105 with 2",
        "4 cancelled 5: COLLAR",
    ]
    assert desk.book(Side.SELL) == [(106, 2)]


def test_a_market_order_that_runs_out_of_book_before_the_collar_is_unfilled(desk):
    desk.rules(collar=5, reference_price=100)
    desk.sell(1, 2, 104)
    assert desk.buy(2, 9)[1:] == ["2 buys 2 @ 104 with 1", "2 cancelled 7: UNFILLED"]


def test_fill_or_kill_and_minimum_stop_at_the_collar_and_say_their_own_reason(desk):
    desk.rules(collar=5, reference_price=100)
    desk.sell(1, 2, 104)
    desk.sell(2, 2, 106)
    assert desk.buy(3, 3, time_in_force=FOK)[1:] == ["3 cancelled 3: UNFILLED"]
    assert desk.buy(4, 3, minimum_quantity=3)[1:] == ["4 cancelled 3: MINIMUM_NOT_MET"]
    assert desk.buy(5, 3, minimum_quantity=2)[1:] == ["5 buys 2 @ 104 with 1", "5 cancelled 1: COLLAR"]


def test_a_collar_below_zero_binds_nobody(desk):
    desk.rules(collar=50, reference_price=10)
    desk.buy(1, 2, 1)
    assert desk.sell(2, 5)[1:] == ["2 sells 2 @ 1 with 1", "2 cancelled 3: UNFILLED"]


def test_a_triggered_stop_limit_beyond_the_collar_is_cancelled(desk):
    desk.rules(collar=5)
    desk.trade(100)
    assert desk.buy(1, 5, 120, stop_price=100) == ["1 accepted", "1 triggered", "1 cancelled 5: COLLAR"]


def test_a_triggered_stop_trades_up_to_the_collar(desk):
    desk.rules(collar=5)
    desk.trade(100)
    desk.sell(1, 2, 105)
    desk.sell(2, 2, 106)
    assert desk.buy(3, 5, stop_price=100) == [
        "3 accepted",
        "3 triggered",
        "3 buys 2 @ 105 with 1",
        "3 cancelled 3: COLLAR",
    ]


def test_self_trade_prevention_comes_before_the_collar_in_what_a_market_order_says(desk):
    desk.rules(collar=5, reference_price=100)
    desk.sell(1, 2, 104, ME)
    desk.sell(2, 2, 106)
    assert desk.buy(3, 5, self_trade_prevention=Stp.CANCEL_NEWEST)[1:] == ["3 cancelled 5: SELF_TRADE"]


def test_most_quantity_and_most_value(desk):
    desk.rules(order_quantity_max=10, order_value_max=800, reference_price=100)
    assert desk.buy(1, 11, 1) == ["rejected: QUANTITY_ABOVE_MAXIMUM"]
    assert desk.buy(1, 9, 89) == ["rejected: VALUE_ABOVE_MAXIMUM"]
    assert desk.buy(1, 8, 100) == ["1 accepted"]
    assert desk.replace(1, 9, 100) == ["rejected: VALUE_ABOVE_MAXIMUM"]
    assert desk.buy(2, 9) == ["rejected: VALUE_ABOVE_MAXIMUM"]
    assert desk.buy(2, 8) == ["2 accepted", "2 cancelled 8: UNFILLED"]
    assert desk.buy(3, 9, stop_price=89) == ["rejected: VALUE_ABOVE_MAXIMUM"]
    assert desk.buy(3, 9, stop_price=88) == ["3 accepted"]
    assert desk.buy(4, 9, 80, stop_price=88) == ["4 accepted"]


def test_the_value_of_a_market_order_is_by_the_last_price(desk):
    desk.rules(order_value_max=800, reference_price=1)
    desk.trade(100)
    assert desk.buy(1, 9, time_in_force=IOC) == ["rejected: VALUE_ABOVE_MAXIMUM"]


def test_without_any_price_the_value_of_a_market_order_is_not_looked_at(desk):
    desk.rules(order_value_max=1)
    assert desk.buy(1, 9)[0] == "1 accepted"


def test_a_value_may_need_more_than_64_bits(desk):
    desk.rules(order_value_max=2**63 - 1)
    assert desk.buy(1, 10**12, 10**12) == ["rejected: VALUE_ABOVE_MAXIMUM"]
    assert desk.buy(1, 10**12, 9 * 10**6) == ["1 accepted"]


@pytest.mark.parametrize(
    "rules",
    [
        {"band_low": 101, "band_high": 100},
        {"band_low": 0},
        {"band_high": -1},
        {"band_high": 10**12 + 1},
        {"collar": 0},
        {"collar": 10**12 + 1},
        {"reference_price": 0},
        {"order_quantity_max": 0},
        {"order_quantity_max": 10**12 + 1},
        {"order_value_max": 0},
    ],
)
def test_rules_that_make_no_sense_are_refused_and_the_old_ones_stay(desk, rules):
    desk.rules(band_high=50)
    assert desk.rules(**rules) == ["rejected: INVALID_RULES"]
    assert desk.buy(1, 5, 51) == ["rejected: OUTSIDE_PRICE_BAND"]
    unknown = SetInstrumentRules(instrument=77, **rules)
    assert desk.do(unknown) == ["rejected: UNKNOWN_INSTRUMENT"]


def test_the_band_comes_before_the_collar_and_the_collar_before_the_maxima(desk):
    desk.rules(band_high=110, collar=5, reference_price=100, order_quantity_max=1)
    assert desk.buy(1, 5, 111, OTHER) == ["rejected: OUTSIDE_PRICE_BAND"]
    assert desk.buy(1, 5, 106, OTHER) == ["rejected: OUTSIDE_COLLAR"]
    assert desk.buy(1, 5, 105, OTHER) == ["rejected: QUANTITY_ABOVE_MAXIMUM"]
