"""Work in pieces: at most 256 steps in a frame, the rest in ticks, the oldest first."""

import pytest

from seriatim.engine import CancelOn, ConfigureSession, RiskScope, SchedulePhase, SetKillSwitch, Side, TradingPhase
from seriatim.schemas import SessionEnd
from tests.engine.desk import DAY, GTD, ME, OTHER

UNFINISHED = -(2**63)
CLOSED, CONTINUOUS, HALT, PRE_OPEN = (
    TradingPhase.CLOSED,
    TradingPhase.CONTINUOUS,
    TradingPhase.HALT,
    TradingPhase.PRE_OPEN,
)


def rest(desk, names: range, session: int = ME, **terms) -> None:
    for name in names:
        desk.buy(name, 1, 100, session, **terms)


def test_a_mass_cancel_that_looks_at_256_is_done_at_once(desk):
    rest(desk, range(1, 257))
    events = desk.mass_cancel()
    assert len(events) == 257
    assert events[-1] == "mass cancelled 256"
    assert desk.engine.next_due is None


def test_a_larger_one_says_that_more_will_come(desk):
    rest(desk, range(1, 601))
    assert desk.mass_cancel()[-2:] == ["256 cancelled 1: REQUESTED", "mass cancelled 256, more to come"]
    assert desk.engine.next_due == UNFINISHED
    assert desk.tick(1) == [f"{name} cancelled 1: REQUESTED" for name in range(257, 513)]
    assert desk.tick(1)[-2:] == ["600 cancelled 1: REQUESTED", "mass cancelled 600"]
    assert desk.engine.next_due is None
    assert desk.tick(1) == []


def test_what_is_looked_at_counts_and_not_what_is_cancelled(desk):
    rest(desk, range(1, 256))
    desk.sell(256, 1, 200, ME)
    desk.sell(257, 1, 200, ME)
    assert desk.mass_cancel(side=Side.SELL) == ["256 cancelled 1: REQUESTED", "mass cancelled 1, more to come"]
    assert desk.tick(1) == ["257 cancelled 1: REQUESTED", "mass cancelled 2"]


def test_a_task_ends_with_its_last_step(desk):
    rest(desk, range(1, 513))
    desk.mass_cancel()
    events = desk.tick(1)
    assert len(events) == 257
    assert events[-1] == "mass cancelled 512"


def test_commands_are_executed_between_and_later_orders_are_spared(desk):
    rest(desk, range(1, 301))
    desk.mass_cancel()
    assert desk.buy(400, 1, 100) == ["400 accepted"]
    assert desk.sell(401, 2, 100)[1:] == ["401 sells 1 @ 100 with 257", "401 sells 1 @ 100 with 258"]
    assert desk.replace(299, 1, 101) == ["299 replaced, 1 @ 101, loses its place"]
    assert desk.cancel(300) == ["300 cancelled 1: REQUESTED"]
    events = desk.tick(1)
    assert events[0] == "259 cancelled 1: REQUESTED"
    assert events[-2:] == ["299 cancelled 1: REQUESTED", "mass cancelled 297"]
    assert desk.engine.live_orders == 1


def test_a_task_whose_orders_are_gone_ends_with_the_next_tick(desk):
    rest(desk, range(1, 258))
    desk.mass_cancel()
    desk.cancel(257)
    assert desk.tick(1) == ["mass cancelled 256"]


def test_the_oldest_task_goes_first_and_the_tick_is_shared(desk):
    rest(desk, range(1, 301), ME)
    rest(desk, range(301, 601), OTHER)
    desk.mass_cancel(ME)
    desk.mass_cancel(OTHER)
    assert desk.tick(1) == [
        *(f"{name} cancelled 1: REQUESTED" for name in range(257, 301)),
        "mass cancelled 300",
        *(f"{name} cancelled 1: REQUESTED" for name in range(557, 601)),
        "mass cancelled 300",
    ]


def test_a_new_commands_first_piece_does_not_wait_for_older_tasks(desk):
    rest(desk, range(1, 601), ME)
    rest(desk, range(601, 604), OTHER)
    desk.mass_cancel(ME)
    assert len(desk.mass_cancel(OTHER)) == 4


def test_tasks_come_before_expiries_and_expiries_before_the_schedule(desk):
    rest(desk, range(1, 301))
    desk.sell(301, 1, 200, time_in_force=GTD, expire_time_ns=10)
    desk.do(SchedulePhase(1, HALT, 5))
    desk.mass_cancel()
    assert desk.tick(10)[-3:] == ["mass cancelled 300", "301 cancelled 1: EXPIRED", "instrument 1: HALT"]


def test_a_kill_switch_cancels_in_pieces(desk):
    rest(desk, range(1, 301))
    events = desk.do(SetKillSwitch(RiskScope.SESSION, ME))
    assert events[0] == f"done: 68 for {ME}"
    assert events[1:] == [f"{name} cancelled 1: KILL_SWITCH" for name in range(1, 257)]
    assert desk.tick(1) == [f"{name} cancelled 1: KILL_SWITCH" for name in range(257, 301)]


def test_an_accounts_kill_switch_looks_at_everybodys_orders_by_session(desk):
    rest(desk, range(1, 251), OTHER)
    rest(desk, range(251, 261), ME, account=5)
    rest(desk, range(261, 263), OTHER, account=5)
    events = desk.do(SetKillSwitch(RiskScope.ACCOUNT, 5))
    assert events[1:] == [f"{name} cancelled 1: KILL_SWITCH" for name in range(251, 261)]
    assert desk.tick(1) == ["261 cancelled 1: KILL_SWITCH", "262 cancelled 1: KILL_SWITCH"]


def test_the_end_of_the_day_goes_in_pieces_and_spares_the_next_day(desk):
    rest(desk, range(1, 301), time_in_force=DAY)
    events = desk.phase(CLOSED)
    assert events == ["instrument 1: CLOSED", *(f"{name} cancelled 1: DAY_ENDED" for name in range(1, 256))]
    desk.phase(PRE_OPEN)
    desk.buy(301, 1, 100, time_in_force=DAY)
    assert desk.tick(1) == [f"{name} cancelled 1: DAY_ENDED" for name in range(256, 301)]
    assert desk.engine.live_orders == 1


def test_the_phase_of_many_instruments_comes_before_the_end_of_their_day(new_desk):
    desk = new_desk()
    for instrument in range(3, 301):
        desk.define(instrument)
    desk.buy(1, 1, 100, time_in_force=DAY, instrument=1)
    desk.buy(2, 1, 100, time_in_force=DAY, instrument=300)
    assert desk.phase(CLOSED, None) == [f"instrument {number}: CLOSED" for number in range(1, 257)]
    assert desk.buy(3, 1, 100, instrument=300) == ["3 accepted"]
    assert desk.tick(1) == [
        *(f"instrument {number}: CLOSED" for number in range(257, 301)),
        "1 cancelled 1: DAY_ENDED",
        "2 cancelled 1: DAY_ENDED",
    ]


def test_phases_of_few_instruments_share_their_frame_with_the_end_of_the_day(desk):
    rest(desk, range(1, 255), time_in_force=DAY)
    rest(desk, range(255, 258), time_in_force=DAY, instrument=2)
    events = desk.phase(CLOSED, None)
    assert events[:3] == ["instrument 1: CLOSED", "instrument 2: CLOSED", "1 cancelled 1: DAY_ENDED"]
    assert events[-1] == "254 cancelled 1: DAY_ENDED"
    assert desk.tick(1) == [f"{name} cancelled 1: DAY_ENDED" for name in (255, 256, 257)]


@pytest.mark.parametrize(
    ("bit", "end", "reason"),
    [
        (CancelOn.DISCONNECT, SessionEnd.DISCONNECTED, "DISCONNECTED"),
        (CancelOn.DISCONNECT, SessionEnd.REPLACED, "DISCONNECTED"),
        (CancelOn.DISCONNECT, SessionEnd.EXPIRED, "DISCONNECTED"),
        (CancelOn.LOGOFF, SessionEnd.LOGOFF, "LOGGED_OFF"),
        (CancelOn.DISCONNECT | CancelOn.LOGOFF, SessionEnd.LOGOFF, "LOGGED_OFF"),
        (CancelOn.DISCONNECT, SessionEnd.LOGOFF, None),
        (CancelOn.LOGOFF, SessionEnd.DISCONNECTED, None),
        (CancelOn(0), SessionEnd.DISCONNECTED, None),
    ],
)
def test_a_session_takes_its_orders_with_it_if_it_said_so(desk, bit, end, reason):
    rest(desk, range(1, 301))
    rest(desk, range(301, 303), OTHER)
    assert desk.do(ConfigureSession(bit), ME) == [f"done: 16 for {ME}"]
    first, second = range(1, 257), range(257, 301)
    assert desk.close(ME, end) == [f"{name} cancelled 1: {reason}" for name in first if reason]
    assert desk.tick(1) == [f"{name} cancelled 1: {reason}" for name in second if reason]
    assert desk.engine.live_orders == (2 if reason else 302)


def test_a_search_for_stops_ends_with_continuous_trading(desk):
    desk.trade(100)
    for name in range(1, 301):
        desk.buy(name, 1, 50, stop_price=102)
    desk.sell(401, 1, 102)
    desk.buy(402, 1, 102)
    desk.phase(HALT)
    assert desk.tick(1) == []
    events = desk.phase(CONTINUOUS)
    assert events == ["instrument 1: CONTINUOUS", *(f"{name} triggered" for name in range(257, 301))]
