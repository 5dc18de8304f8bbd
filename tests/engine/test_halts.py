"""A halt lies over the phase of its instrument: what is set and scheduled meanwhile comes under it."""

import pytest

from seriatim.engine import EndHalt, RejectReason, SchedulePhase, SetInstrumentRules, TradingPhase
from seriatim.engine.settings import settings_of
from tests.engine.desk import DAY, SECOND, Desk
from tests.engine.engines import ENGINES

CLOSED, PRE_OPEN, AUCTION, CONTINUOUS, HALT, CLOSING = TradingPhase


def settings(desk: Desk, instrument: int = 1) -> tuple[TradingPhase, TradingPhase | None]:
    """The phase that holds, and the one under a halt."""
    found = settings_of(desk.engine.snapshot()).instrument(instrument)
    assert found is not None
    return found.phase, found.under_halt


@pytest.mark.parametrize("phase", [CLOSED, PRE_OPEN, AUCTION, CONTINUOUS, CLOSING])
def test_what_was_halted_goes_on_where_it_was(desk: Desk, phase: TradingPhase):
    desk.phase(phase)
    shown = CLOSED if phase == CLOSED else HALT
    assert desk.phase(HALT) == [f"instrument 1: {shown.name}"]
    assert settings(desk) == (shown, phase)
    assert desk.do(EndHalt(1)) == [f"instrument 1: {phase.name}"]
    assert settings(desk) == (phase, None)


def test_a_phase_that_is_set_under_a_halt_waits_for_its_end(desk: Desk):
    desk.phase(HALT)
    assert desk.phase(AUCTION) == ["instrument 1: HALT"]
    assert desk.buy(1, 5, 100) == ["rejected: WRONG_PHASE"]
    assert desk.do(EndHalt(1)) == ["instrument 1: OPENING_AUCTION"]
    assert desk.buy(1, 5, 100) == ["1 accepted"]


def test_a_scheduled_phase_does_not_end_a_halt(desk: Desk):
    desk.do(SchedulePhase(1, CONTINUOUS, 100))
    desk.phase(PRE_OPEN)
    desk.phase(HALT)
    assert desk.tick(100) == ["instrument 1: HALT"]
    assert desk.buy(1, 5, 100) == ["rejected: WRONG_PHASE"]
    assert desk.do(EndHalt(1)) == ["instrument 1: CONTINUOUS"]


def test_a_scheduled_halt_is_one_like_any(desk: Desk):
    desk.do(SchedulePhase(1, HALT, 100, SECOND))
    desk.phase(AUCTION)
    assert desk.tick(100) == ["instrument 1: HALT"]
    assert desk.tick(100 + SECOND) == ["instrument 1: HALT"]
    assert desk.do(EndHalt(1)) == ["instrument 1: OPENING_AUCTION"]


def test_an_auction_that_was_halted_goes_on_and_is_uncrossed_when_it_ends(desk: Desk):
    desk.phase(AUCTION)
    desk.buy(1, 5, 100)
    desk.sell(2, 5, 100)
    assert desk.phase(HALT) == ["instrument 1: HALT"]
    assert desk.do(EndHalt(1)) == ["instrument 1: OPENING_AUCTION"]
    assert tuple(desk.engine.indicative(1))[:2] == (100, 5)
    assert desk.phase(CONTINUOUS)[0] == "uncrossed 5 @ 100"


def test_an_auction_whose_end_came_under_a_halt_is_uncrossed_when_that_ends(desk: Desk):
    desk.phase(AUCTION)
    desk.buy(1, 5, 100)
    desk.sell(2, 5, 100)
    desk.phase(HALT)
    assert desk.phase(CONTINUOUS) == ["instrument 1: HALT"]
    assert desk.do(EndHalt(1)) == [
        "uncrossed 5 @ 100",
        "1 buys 5 @ 100 with 2, auction",
        "instrument 1: CONTINUOUS",
    ]


def test_a_day_ends_halted_or_not_and_the_next_one_begins_halted(desk: Desk):
    desk.buy(1, 5, 100, time_in_force=DAY)
    desk.buy(2, 5, 99)
    desk.phase(HALT)
    assert desk.phase(CLOSED) == ["instrument 1: CLOSED", "1 cancelled 5: DAY_ENDED"]
    assert settings(desk) == (CLOSED, CLOSED)
    assert desk.phase(PRE_OPEN) == ["instrument 1: HALT"]
    assert desk.cancel(2) == ["2 cancelled 5: REQUESTED"]
    assert desk.do(EndHalt(1)) == ["instrument 1: PRE_OPEN"]


def test_a_closed_instrument_that_is_halted_opens_halted(desk: Desk):
    desk.phase(CLOSED)
    assert desk.phase(HALT) == ["instrument 1: CLOSED"]
    assert desk.phase(CONTINUOUS) == ["instrument 1: HALT"]


def test_stops_wait_under_a_halt_and_are_triggered_when_trading_goes_on(desk: Desk):
    desk.buy(1, 5, stop_price=101)
    desk.sell(2, 5, 102)
    desk.phase(AUCTION)
    desk.buy(3, 1, 103)
    desk.phase(HALT)
    desk.phase(CONTINUOUS)
    assert desk.do(EndHalt(1)) == [
        "uncrossed 1 @ 102",
        "3 buys 1 @ 102 with 2, auction",
        "instrument 1: CONTINUOUS",
        "1 triggered",
        "1 buys 4 @ 102 with 2",
        "1 cancelled 1: UNFILLED",
    ]


def test_the_end_of_a_halt_that_there_is_not_is_answered_and_changes_nothing(desk: Desk):
    desk.phase(PRE_OPEN)
    assert desk.do(EndHalt(1)) == ["instrument 1: PRE_OPEN"]
    assert desk.do(EndHalt(1)) == ["instrument 1: PRE_OPEN"]
    assert desk.do(EndHalt(2)) == ["instrument 2: CONTINUOUS"]
    assert desk.do(EndHalt(3)) == [f"rejected: {RejectReason.UNKNOWN_INSTRUMENT.name}"]


def test_halts_of_all_are_ended_in_pieces_and_what_was_closed_stays_closed(desk: Desk):
    for instrument in range(3, 301):
        desk.define(instrument)
    desk.phase(CLOSED, 2)
    desk.phase(HALT, None)
    desk.tick(1)
    phases = desk.do(EndHalt())
    assert phases[:3] == ["instrument 1: CONTINUOUS", "instrument 2: CLOSED", "instrument 3: CONTINUOUS"]
    assert len(phases) == 256
    loaded = Desk(type(desk.engine).load(desk.engine.snapshot()))
    rest = [f"instrument {instrument}: CONTINUOUS" for instrument in range(257, 301)]
    assert desk.tick(2) == loaded.tick(2) == rest


@pytest.mark.parametrize("kind", ENGINES, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("version", [3, 4])
def test_a_halt_is_saved_with_what_lies_under_it(kind, version: int):
    desk = Desk(kind(logic_version=version))
    desk.define(1)
    desk.define(2)
    desk.phase(CLOSING)
    desk.phase(HALT)
    desk.phase(CLOSED, 2)
    desk.phase(HALT, 2)
    loaded = [Desk(other.load(desk.engine.snapshot())) for other in ENGINES]
    for one in loaded:
        assert one.engine.snapshot() == desk.engine.snapshot()
        assert one.phase(AUCTION) == desk_words(version)
        one.engine.follow_logic(4)
        assert one.do(EndHalt())[:2] == [
            "instrument 1: OPENING_AUCTION",
            f"instrument 2: {'CLOSED' if version == 4 else 'CONTINUOUS'}",
        ]


def desk_words(version: int) -> list[str]:
    """An auction that is set where there is a halt."""
    return ["instrument 1: HALT"] if version == 4 else ["instrument 1: OPENING_AUCTION"]


def test_before_version_4_the_next_phase_ends_a_halt_and_there_is_no_other_end(new_desk):
    desk = new_desk(logic_version=3)
    desk.phase(CLOSED)
    assert desk.phase(HALT) == ["instrument 1: HALT"]
    assert desk.do(EndHalt(1)) == ["rejected: UNKNOWN_COMMAND"]
    assert desk.phase(PRE_OPEN) == ["instrument 1: PRE_OPEN"]


def test_what_older_rules_have_halted_goes_on_in_continuous_trading(new_desk):
    desk = new_desk(logic_version=3)
    desk.phase(AUCTION)
    desk.buy(1, 5, 100)
    desk.sell(2, 5, 100)
    desk.phase(HALT)
    desk.engine.follow_logic(4)
    assert desk.do(SetInstrumentRules(instrument=1)) == ["done: 61 for 1"]
    assert desk.do(EndHalt(1))[0] == "uncrossed 5 @ 100"
    assert desk.buy(3, 1, 100) == ["3 accepted"]
