"""Phases that are set by the clock of the order."""

import pytest

from seriatim.engine import ClearSchedule, SchedulePhase, TradingPhase
from tests.engine.desk import DAY, SECOND

CLOSED, CONTINUOUS, HALT, PRE_OPEN, AUCTION = (
    TradingPhase.CLOSED,
    TradingPhase.CONTINUOUS,
    TradingPhase.HALT,
    TradingPhase.PRE_OPEN,
    TradingPhase.OPENING_AUCTION,
)
LATEST_NS = 2**63 - 1


def test_a_phase_is_set_by_the_first_tick_at_or_after_its_time(desk):
    assert desk.do(SchedulePhase(1, HALT, 100)) == ["done: 63 for 1"]
    assert desk.engine.next_due == 100
    assert desk.tick(99) == []
    assert desk.buy(1, 1, 10, at=200) == ["1 accepted"]
    assert desk.tick(200) == ["instrument 1: HALT"]
    assert desk.engine.next_due is None


def test_entries_are_followed_by_time_instrument_and_order_of_entry(desk):
    desk.do(SchedulePhase(2, HALT, 100))
    desk.do(SchedulePhase(1, PRE_OPEN, 100))
    desk.do(SchedulePhase(1, AUCTION, 100))
    desk.do(SchedulePhase(2, CLOSED, 50))
    assert desk.tick(100) == [
        "instrument 2: CLOSED",
        "instrument 1: PRE_OPEN",
        "instrument 1: OPENING_AUCTION",
        "instrument 2: HALT",
    ]


def test_a_repeating_entry_moves_on_to_the_first_time_above_the_stamp(desk):
    desk.do(SchedulePhase(1, HALT, 10, SECOND))
    assert desk.tick(10) == ["instrument 1: HALT"]
    assert desk.engine.next_due == SECOND + 10
    assert desk.tick(3 * SECOND + 10) == ["instrument 1: HALT"]
    assert desk.engine.next_due == 4 * SECOND + 10


def test_a_repeating_entry_keeps_its_order_of_entry(desk):
    desk.do(SchedulePhase(1, HALT, 10, SECOND))
    desk.tick(10)
    desk.do(SchedulePhase(1, CLOSED, SECOND + 10))
    assert desk.tick(SECOND + 10) == ["instrument 1: HALT", "instrument 1: CLOSED"]


def test_an_entry_without_a_next_time_is_gone(desk):
    desk.do(SchedulePhase(1, HALT, 10, LATEST_NS))
    assert desk.tick(10) == ["instrument 1: HALT"]
    assert desk.engine.next_due is None


def test_a_schedule_of_its_phases_brings_an_instrument_through_the_day(desk):
    for time_ns, phase in enumerate((PRE_OPEN, AUCTION, CONTINUOUS, CLOSED), 1):
        desk.do(SchedulePhase(1, phase, time_ns))
    assert desk.tick(1) == ["instrument 1: PRE_OPEN"]
    desk.buy(1, 5, 100, time_in_force=DAY)
    desk.sell(2, 4, 100)
    assert desk.tick(3) == [
        "instrument 1: OPENING_AUCTION",
        "uncrossed 4 @ 100",
        "1 buys 4 @ 100 with 2, auction",
        "instrument 1: CONTINUOUS",
    ]
    assert desk.tick(4) == ["instrument 1: CLOSED", "1 cancelled 1: DAY_ENDED"]


def test_what_a_scheduled_phase_begins_comes_before_the_next_entry(desk):
    desk.buy(1, 5, 100, time_in_force=DAY)
    desk.do(SchedulePhase(1, CLOSED, 1))
    desk.do(SchedulePhase(1, PRE_OPEN, 2))
    assert desk.tick(5) == ["instrument 1: CLOSED", "1 cancelled 5: DAY_ENDED", "instrument 1: PRE_OPEN"]


def test_a_cleared_schedule_is_empty(desk):
    desk.do(SchedulePhase(1, HALT, 10))
    desk.do(SchedulePhase(2, HALT, 10))
    assert desk.do(ClearSchedule(1)) == ["done: 64 for 1"]
    assert desk.tick(10) == ["instrument 2: HALT"]


def test_sixty_four_entries_are_the_most(desk):
    for time_ns in range(1, 65):
        assert desk.do(SchedulePhase(1, HALT, time_ns)) == ["done: 63 for 1"]
    assert desk.do(SchedulePhase(1, HALT, 65)) == ["rejected: SCHEDULE_FULL"]
    assert desk.do(SchedulePhase(2, HALT, 65)) == ["done: 63 for 2"]
    desk.tick(1)
    assert desk.do(SchedulePhase(1, HALT, 65)) == ["done: 63 for 1"]


@pytest.mark.parametrize(
    "entry",
    [
        SchedulePhase(1, 0, 100),
        SchedulePhase(1, 7, 100),
        SchedulePhase(1, HALT, 50),
        SchedulePhase(1, HALT, -1),
        SchedulePhase(1, HALT, 100, SECOND - 1),
        SchedulePhase(1, HALT, 100, -SECOND),
    ],
)
def test_entries_that_make_no_sense_are_refused(desk, entry):
    desk.tick(50)
    assert desk.do(entry) == ["rejected: INVALID_PHASE"]


def test_schedules_are_of_instruments_that_are_known(desk):
    assert desk.do(SchedulePhase(77, 0, 0)) == ["rejected: UNKNOWN_INSTRUMENT"]
    assert desk.do(ClearSchedule(77)) == ["rejected: UNKNOWN_INSTRUMENT"]
