"""A halt lies over the phase of its instrument: what is set and scheduled meanwhile comes under it."""

import pytest

from seriatim.engine import RejectReason, SchedulePhase, SetHalt, SetPhase, SnapshotError, TradingPhase
from seriatim.engine.reference import ReferenceEngine
from seriatim.engine.settings import settings_of
from tests.engine.desk import DAY, SECOND, Desk
from tests.engine.engines import ENGINES

CLOSED, PRE_OPEN, AUCTION, CONTINUOUS, HALT, CLOSING = TradingPhase
END, END_OF_ALL = SetHalt(1, on=False), SetHalt(on=False)


def settings(desk: Desk, instrument: int = 1) -> tuple[TradingPhase, TradingPhase | None]:
    """The phase that holds, and the one under a halt."""
    found = settings_of(desk.engine.snapshot()).instrument(instrument)
    assert found is not None
    return found.phase, found.under_halt


@pytest.mark.parametrize("phase", TradingPhase)
def test_what_was_halted_goes_on_where_it_was(desk: Desk, phase: TradingPhase):
    desk.phase(phase)
    shown = CLOSED if phase == CLOSED else HALT
    assert desk.do(SetHalt(1)) == [f"instrument 1: {shown.name}"]
    assert settings(desk) == (shown, phase)
    assert desk.do(END) == [f"instrument 1: {phase.name}"]
    assert settings(desk) == (phase, None)


def test_a_phase_that_is_set_under_a_halt_waits_for_its_end(desk: Desk):
    desk.do(SetHalt(1))
    assert desk.phase(AUCTION) == ["instrument 1: HALT"]
    assert desk.buy(1, 5, 100) == ["rejected: WRONG_PHASE"]
    assert desk.do(END) == ["instrument 1: OPENING_AUCTION"]
    assert desk.buy(1, 5, 100) == ["1 accepted"]


def test_a_scheduled_phase_does_not_end_a_halt(desk: Desk):
    desk.do(SchedulePhase(1, CONTINUOUS, 100))
    desk.phase(PRE_OPEN)
    desk.do(SetHalt(1))
    assert desk.tick(100) == ["instrument 1: HALT"]
    assert desk.buy(1, 5, 100) == ["rejected: WRONG_PHASE"]
    assert desk.do(END) == ["instrument 1: CONTINUOUS"]


def test_the_phase_halt_is_one_like_any_and_ends_by_schedule(desk: Desk):
    """A break at noon, every day."""
    desk.do(SchedulePhase(1, HALT, 100, SECOND))
    desk.do(SchedulePhase(1, CONTINUOUS, 200, SECOND))
    assert desk.tick(100) == ["instrument 1: HALT"]
    assert desk.do(END) == ["instrument 1: HALT"]
    assert desk.tick(200) == ["instrument 1: CONTINUOUS"]
    desk.do(SetHalt(1))
    assert desk.tick(SECOND + 200) == ["instrument 1: HALT", "instrument 1: HALT"]
    assert desk.do(END) == ["instrument 1: CONTINUOUS"]


def test_an_auction_that_was_halted_goes_on_and_is_uncrossed_when_it_ends(desk: Desk):
    desk.phase(AUCTION)
    desk.buy(1, 5, 100)
    desk.sell(2, 5, 100)
    assert desk.do(SetHalt(1)) == ["instrument 1: HALT"]
    assert desk.do(END) == ["instrument 1: OPENING_AUCTION"]
    assert tuple(desk.engine.indicative(1))[:2] == (100, 5)
    assert desk.phase(CONTINUOUS)[0] == "uncrossed 5 @ 100"


def test_an_auction_whose_end_came_under_a_halt_is_uncrossed_when_that_ends(desk: Desk):
    desk.phase(AUCTION)
    desk.buy(1, 5, 100)
    desk.sell(2, 5, 100)
    desk.do(SetHalt(1))
    assert desk.phase(CONTINUOUS) == ["instrument 1: HALT"]
    assert desk.do(END) == [
        "uncrossed 5 @ 100",
        "1 buys 5 @ 100 with 2, auction",
        "instrument 1: CONTINUOUS",
    ]


def test_a_closing_auction_whose_day_ends_under_a_halt_does_not_trade(desk: Desk):
    desk.phase(CLOSING)
    desk.buy(1, 5, 100)
    desk.sell(2, 5, 100, time_in_force=DAY)
    desk.do(SetHalt(1))
    assert desk.phase(CLOSED) == ["instrument 1: CLOSED", "2 cancelled 5: DAY_ENDED"]


def test_a_day_ends_halted_or_not_and_the_next_one_begins_halted(desk: Desk):
    desk.buy(1, 5, 100, time_in_force=DAY)
    desk.buy(2, 5, 99)
    desk.do(SetHalt(1))
    assert desk.phase(CLOSED) == ["instrument 1: CLOSED", "1 cancelled 5: DAY_ENDED"]
    assert settings(desk) == (CLOSED, CLOSED)
    assert desk.phase(PRE_OPEN) == ["instrument 1: HALT"]
    assert desk.cancel(2) == ["2 cancelled 5: REQUESTED"]
    assert desk.do(END) == ["instrument 1: PRE_OPEN"]


def test_stops_wait_under_a_halt_and_are_triggered_when_trading_goes_on(desk: Desk):
    desk.buy(1, 5, stop_price=101)
    desk.sell(2, 5, 102)
    desk.phase(AUCTION)
    desk.buy(3, 1, 103)
    desk.do(SetHalt(1))
    desk.phase(CONTINUOUS)
    assert desk.do(END) == [
        "uncrossed 1 @ 102",
        "3 buys 1 @ 102 with 2, auction",
        "instrument 1: CONTINUOUS",
        "1 triggered",
        "1 buys 4 @ 102 with 2",
        "1 cancelled 1: UNFILLED",
    ]


def test_a_halt_that_there_is_and_the_end_of_one_that_there_is_not_are_answered_and_change_nothing(desk: Desk):
    desk.phase(PRE_OPEN)
    assert desk.do(END) == desk.do(END) == ["instrument 1: PRE_OPEN"]
    assert desk.do(SetHalt(1)) == desk.do(SetHalt(1)) == ["instrument 1: HALT"]
    assert desk.do(SetHalt(2, on=False)) == ["instrument 2: CONTINUOUS"]
    assert desk.do(SetHalt(3)) == [f"rejected: {RejectReason.UNKNOWN_INSTRUMENT.name}"]


def many(new_desk) -> Desk:
    """A desk with 300 instruments, of which the second is closed; all are halted."""
    desk = new_desk()
    for instrument in range(3, 301):
        desk.define(instrument)
    desk.phase(CLOSED, 2)
    desk.do(SetHalt())
    desk.tick(1)
    return desk


def test_halts_of_all_are_ended_in_pieces_and_what_was_closed_stays_closed(new_desk):
    desk = many(new_desk)
    phases = desk.do(END_OF_ALL)
    assert phases[:3] == ["instrument 1: CONTINUOUS", "instrument 2: CLOSED", "instrument 3: CONTINUOUS"]
    assert len(phases) == 256
    rest = [f"instrument {instrument}: CONTINUOUS" for instrument in range(257, 301)]
    assert desk.tick(2) == rest


def test_what_is_said_of_one_is_not_undone_by_what_was_said_of_all_before(new_desk):
    desk = many(new_desk)
    desk.do(END_OF_ALL)
    desk.phase(AUCTION, None)  # waits for its turn
    assert desk.do(SetHalt(300)) == ["instrument 300: HALT"]
    assert desk.phase(CLOSED, 299) == ["instrument 299: CLOSED"]
    loaded = [Desk(kind.load(desk.engine.snapshot())) for kind in ENGINES]
    told = desk.tick(2)
    assert [each.tick(2) for each in loaded] == [told, told]
    for at in (3, 4):
        told += desk.tick(at)
    assert "instrument 300: CONTINUOUS" not in told
    assert settings(desk, 300) == (HALT, AUCTION)
    assert settings(desk, 299) == (CLOSED, None)
    assert settings(desk, 298) == (AUCTION, None)
    assert desk.engine.next_due is None


def test_before_version_4_what_was_said_of_all_comes_last(new_desk):
    desk = new_desk(logic_version=3)
    for instrument in range(3, 301):
        desk.define(instrument)
    desk.phase(AUCTION, None)
    desk.phase(CLOSED, 300)
    assert desk.tick(1)[-1] == "instrument 300: OPENING_AUCTION"


@pytest.mark.parametrize("kind", ENGINES, ids=lambda kind: kind.__name__)
def test_a_halt_is_saved_with_what_lies_under_it(kind):
    desk = Desk(kind())
    desk.define(1)
    desk.define(2)
    desk.phase(CLOSING)
    desk.do(SetHalt(1))
    desk.phase(CLOSED, 2)
    desk.do(SetHalt(2))
    for other in ENGINES:
        one = Desk(other.load(desk.engine.snapshot()))
        assert one.engine.snapshot() == desk.engine.snapshot()
        assert one.do(END_OF_ALL) == ["instrument 1: CLOSING_AUCTION", "instrument 2: CLOSED"]


def test_unfinished_halts_are_no_work_of_older_rules():
    desk = Desk(ReferenceEngine())
    for instrument in range(1, 301):
        desk.define(instrument)
    desk.do(SetHalt())
    desk.engine.follow_logic(3)
    for kind in ENGINES:
        with pytest.raises(SnapshotError, match="unknown work"):
            kind.load(desk.engine.snapshot())


def test_before_version_4_there_is_no_such_command_and_the_phase_halt_stays_what_it_is(new_desk):
    desk = new_desk(logic_version=3)
    assert desk.do(SetHalt(1)) == ["rejected: UNKNOWN_COMMAND"]
    assert desk.phase(HALT) == ["instrument 1: HALT"]
    desk.engine.follow_logic(4)
    assert desk.do(END) == ["instrument 1: HALT"]
    assert desk.do(SetPhase(PRE_OPEN, 1)) == ["instrument 1: PRE_OPEN"]
