"""`Engine.settings`: everything that a command can set is there, and what the state has beside it, on both engines."""

import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings

from seriatim.engine import (
    CancelOn,
    ClearSchedule,
    ConfigureSession,
    Engine,
    Instrument,
    RiskScope,
    SchedulePhase,
    SetInstrumentRules,
    SetKillSwitch,
    SetLimits,
    SetPosition,
    Side,
    SnapshotError,
    TradingPhase,
)
from seriatim.engine.reference import ReferenceEngine
from seriatim.engine.reference.snapshot.packing import crc32c
from seriatim.engine.reference.venue import Risk, Venue
from seriatim.engine.settings import (
    Holding,
    InstrumentSettings,
    OwnerSettings,
    ScheduledPhase,
    Settings,
    settings_of,
)
from tests.engine.desk import ME, OTHER, SECOND, Desk
from tests.engine.judge import Judge, sections_of
from tests.engine.random_steps import MOODS, step
from tests.engine.soak import Dice
from tests.engine.test_agreement_of_sessions import SESSIONS

SESSION, ACCOUNT = RiskScope.SESSION, RiskScope.ACCOUNT


def shown(desk: Desk) -> Settings:
    """What is set at the desk's engine."""
    return settings_of(desk.engine.snapshot())


def owner(desk: Desk, scope: RiskScope, number: int) -> OwnerSettings:
    found = shown(desk).owner(scope, number)
    assert found is not None
    return found


def test_a_new_engine_has_nothing_set():
    engine = Engine(orders_max=1_000)
    assert engine.settings() == Settings(0, 4, 1_000, (), ())
    assert engine.settings().instrument(1) is None
    assert engine.settings().owner(SESSION, 7) is None


def test_an_instrument_is_shown_with_its_terms_and_begins_without_anything_else(new_engine):
    engine = new_engine()
    terms = Instrument(9, "PINE", Decimal("0.250"), Decimal("1E+2"))
    engine.apply(1, terms)
    found = settings_of(engine.snapshot()).instrument(9)
    assert found == InstrumentSettings(terms, TradingPhase.CONTINUOUS, None, SetInstrumentRules(instrument=9), (), None)
    assert found is not None
    assert str(found.terms.tick_size) == "0.250"


def test_each_rule_is_shown_and_goes_when_it_is_replaced(desk: Desk):
    rules = {
        "band_low": 90,
        "band_high": 110,
        "collar": 5,
        "reference_price": 100,
        "order_quantity_max": 50,
        "order_value_max": 4_000,
    }
    for name, value in rules.items():
        desk.rules(**{name: value})
        found = shown(desk).instrument(1)
        assert found is not None
        assert found.rules == SetInstrumentRules(instrument=1, **{name: value})
    desk.rules(**rules)
    found = shown(desk).instrument(1)
    assert found is not None
    assert found.rules == SetInstrumentRules(instrument=1, **rules)


@pytest.mark.parametrize("phase", TradingPhase)
def test_the_phase_is_shown(desk: Desk, phase: TradingPhase):
    desk.phase(phase)
    assert [each.phase for each in shown(desk).instruments] == [phase, TradingPhase.CONTINUOUS]


def test_the_last_price_is_that_of_the_latest_trade(desk: Desk):
    desk.trade(101)
    desk.trade(99)
    assert [each.last_price for each in shown(desk).instruments] == [99, None]


def test_a_schedule_is_shown_as_it_was_entered_until_its_times_come_or_it_is_cleared(desk: Desk):
    first = ScheduledPhase(50 * SECOND, 0, TradingPhase.HALT)
    again = ScheduledPhase(20 * SECOND, 30 * SECOND, TradingPhase.CONTINUOUS)
    for entry in (first, again):
        desk.do(SchedulePhase(1, entry.phase, entry.time_ns, entry.interval_ns))
    assert [each.schedule for each in shown(desk).instruments] == [(first, again), ()]
    desk.tick(51 * SECOND)
    later = ScheduledPhase(80 * SECOND, 30 * SECOND, TradingPhase.CONTINUOUS)
    assert [each.schedule for each in shown(desk).instruments] == [(later,), ()]
    desk.do(ClearSchedule(1))
    assert [each.schedule for each in shown(desk).instruments] == [(), ()]


@pytest.mark.parametrize("scope", RiskScope)
def test_each_limit_is_shown_and_goes_when_it_is_replaced(desk: Desk, scope: RiskScope):
    each: list[dict[str, Any]] = [
        {"order_quantity_max": 10},
        {"order_value_max": 1_000},
        {"position_max": 50},
        {"open_orders_max": 0},
        {"rate_interval_ns": SECOND, "messages_max": 4},
    ]
    each += [{"cancel_on": CancelOn.DISCONNECT | CancelOn.LOGOFF}] if scope == SESSION else []
    each.append({name: value for limit in each for name, value in limit.items()})
    for limit in each:
        desk.do(SetLimits(scope, 7, **limit))
        assert [found.limits for found in shown(desk).owners] == [SetLimits(scope, 7, **limit)]


def test_sessions_come_before_accounts_each_by_number(desk: Desk):
    whose = [(ACCOUNT, 5), (SESSION, 9), (ACCOUNT, 2), (SESSION, 3)]
    for scope, number in whose:
        desk.do(SetKillSwitch(scope, number))
    assert [(found.scope, found.id) for found in shown(desk).owners] == sorted(whose)


@pytest.mark.parametrize("scope", RiskScope)
def test_a_kill_switch_is_shown_while_it_is_engaged(desk: Desk, scope: RiskScope):
    desk.do(SetKillSwitch(scope, 7))
    assert owner(desk, scope, 7).killed
    desk.do(SetKillSwitch(scope, 7, engaged=False))
    assert not owner(desk, scope, 7).killed


def test_what_a_session_asks_for_itself_stands_beside_what_its_limits_say(desk: Desk):
    desk.do(ConfigureSession(CancelOn.LOGOFF), ME)
    found = owner(desk, SESSION, ME)
    assert (found.own_cancel_on, found.limits.cancel_on) == (CancelOn.LOGOFF, CancelOn(0))
    assert found.limits == SetLimits(SESSION, ME)
    desk.do(SetLimits(SESSION, ME, cancel_on=CancelOn.DISCONNECT))
    assert owner(desk, SESSION, ME).cancel_on == CancelOn.DISCONNECT | CancelOn.LOGOFF


def test_holdings_are_positions_and_what_is_left_of_live_orders(desk: Desk):
    desk.do(SetLimits(SESSION, ME))
    desk.do(SetPosition(ACCOUNT, 5, 2, -40))
    desk.do(SetPosition(ACCOUNT, 5, 1, 0))
    desk.buy(1, 10, 100, account=5)
    desk.sell(2, 4, 100)
    desk.buy(3, 20, 90, display_quantity=5)
    desk.buy(4, 7, stop_price=120, account=5)
    desk.sell(5, 3, 130, ME, account=5)
    desk.buy(6, 9, 80, OTHER)
    mine, fives = owner(desk, SESSION, ME), owner(desk, ACCOUNT, 5)
    assert mine.holdings == (Holding(1, 4, 6 + 20 + 7, 3),)
    assert fives.holdings == (Holding(1, 4, 6 + 7, 3), Holding(2, -40, 0, 0))
    assert (mine.open_orders, fives.open_orders) == (4, 3)
    assert shown(desk).owner(SESSION, OTHER) is None


def test_what_is_used_of_a_limit_is_what_the_engine_compares_with_it(desk: Desk):
    desk.do(SetLimits(SESSION, ME, open_orders_max=3))
    for name in (1, 2):
        desk.buy(name, 1, 90)
    desk.buy(3, 1, stop_price=120)
    assert owner(desk, SESSION, ME).open_orders == 3
    assert desk.buy(4, 1, 90) == ["rejected: TOO_MANY_OPEN_ORDERS"]
    desk.cancel(2)
    assert owner(desk, SESSION, ME).open_orders == 2
    assert desk.buy(4, 1, 90) == ["4 accepted"]


@pytest.mark.parametrize(("position", "side"), [(4, Side.BUY), (-4, Side.SELL)])
def test_the_exposure_is_what_the_engine_compares_with_the_largest_position(desk: Desk, position: int, side: Side):
    desk.do(SetLimits(SESSION, ME, position_max=20))
    desk.do(SetPosition(SESSION, ME, 1, position))
    desk.buy(1, 5, 90)
    desk.sell(2, 6, 110, ME)
    used = owner(desk, SESSION, ME).exposure
    assert used == 4 + (5 if side == Side.BUY else 6)
    more = desk.buy if side == Side.BUY else desk.sell
    assert more(3, 20 - used + 1, 100, session=ME) == ["rejected: POSITION_ABOVE_MAXIMUM"]
    assert more(3, 20 - used, 100, session=ME) == ["3 accepted"]
    assert owner(desk, SESSION, ME).exposure == 20


def test_messages_are_those_of_the_open_window_of_the_rate(desk: Desk):
    desk.do(SetLimits(SESSION, ME, rate_interval_ns=10 * SECOND, messages_max=2), at=1)
    assert owner(desk, SESSION, ME).window_start_ns is None
    for name in (1, 2, 3):
        desk.buy(name, 1, 90, at=5 * SECOND)
    found = owner(desk, SESSION, ME)
    assert (found.messages, found.window_start_ns) == (3, 5 * SECOND)
    desk.tick(15 * SECOND)
    found = owner(desk, SESSION, ME)
    assert (found.messages, found.window_start_ns) == (0, None)


def expected(venue: Venue) -> Settings:
    """Of a reference engine, from its state and not from its snapshot."""
    instruments = [
        InstrumentSettings(
            book.terms,
            book.phase,
            book.last,
            book.rules,
            tuple(
                ScheduledPhase(entry.time_ns, entry.interval_ns, entry.phase)
                for entry in sorted(book.schedule, key=lambda entry: entry.place)
            ),
            book.under_halt,
        )
        for _, book in sorted(venue.books.items())
    ]
    owners = [expected_owner(venue, scope, number, venue.risks[scope, number]) for scope, number in sorted(venue.risks)]
    return Settings(venue.now_ns, venue.logic_version, venue.orders_max, tuple(instruments), tuple(owners))


def expected_owner(venue: Venue, scope: RiskScope, number: int, risk: Risk) -> OwnerSettings:
    mine = [
        order
        for order in venue.live.values()
        if number == (order.session if scope == RiskScope.SESSION else order.account)
    ]
    lots = {
        instrument: [
            sum(order.leaves for order in mine if (order.instrument, order.side) == (instrument, side)) for side in Side
        ]
        for instrument in venue.books
    }
    holdings = [
        Holding(instrument, risk.positions.get(instrument, 0), *lots[instrument])
        for instrument in sorted(venue.books)
        if risk.positions.get(instrument, 0) or any(lots[instrument])
    ]
    limits = {name: getattr(risk, name) for name in SetLimits.__dataclass_fields__ if name not in ("scope", "id")}
    start_ns = risk.window_start_ns
    is_open = start_ns is not None and venue.now_ns < start_ns + risk.rate_interval_ns
    window = (risk.messages, start_ns) if is_open else (0, None)
    own = CancelOn(risk.own_cancel_on)
    return OwnerSettings(
        scope, number, SetLimits(scope, number, **limits), risk.killed, own, len(mine), *window, tuple(holdings)
    )


def assert_settings_agree(native: Engine, reference: ReferenceEngine) -> None:
    wanted = expected(reference._venue)
    assert native.settings() == wanted
    assert settings_of(reference.snapshot()) == wanted


@hypothesis_settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(SESSIONS)
def test_after_any_steps_both_engines_have_the_same_set(steps):
    judge = Judge()
    for each in steps:
        judge.step(each)
    assert_settings_agree(judge.judged, judge.reference)


@pytest.mark.parametrize("mood", MOODS)
def test_in_long_sessions_both_engines_have_the_same_set_at_any_time(mood):
    dice, judge = Dice(random.Random(mood)), Judge()
    for place in range(600):
        judge.step(step(dice, mood))
        if place % 20 == 0:
            assert_settings_agree(judge.judged, judge.reference)
    found = judge.judged.settings()
    assert found.owners
    assert any(each.holdings for each in found.owners)
    assert any(each.open_orders for each in found.owners)


def busy() -> bytes:
    """A snapshot with something in every section but `TASK`, the work that is unfinished."""
    desk = Desk(Engine())
    desk.define(1)
    desk.trade(100)
    desk.buy(1, 5, 90)
    desk.buy(2, 5, stop_price=120)
    desk.do(SetLimits(SESSION, ME, open_orders_max=7))
    return desk.engine.snapshot()


def spoiled(snapshot: bytes, name: str, payload: bytes | None = None) -> bytes:
    """A section has another payload with the right checksum, or, without one, its last byte is another."""
    old = sections_of(snapshot)[name]
    place = snapshot.index(name.encode())
    if payload is None:
        at = place + 16 + len(old) - 1
        return snapshot[:at] + bytes([snapshot[at] ^ 1]) + snapshot[at + 1 :]
    sealed = crc32c(payload).to_bytes(4, "little") + len(payload).to_bytes(8, "little") + payload
    whole = snapshot[: place + 4] + sealed + snapshot[place + 16 + len(old) :]
    return whole[:16] + len(whole).to_bytes(8, "little") + whole[24:]


def test_what_is_no_snapshot_is_named():
    good = busy()
    for bad, message in (
        (b"", "no snapshot of this kind"),
        (b"SRTMREPL" + good[8:], "no snapshot of this kind"),
        (good[:12], "ends too early"),
        (good[:8] + b"\7" + good[9:], "format version 7"),
        (good[:-1], "ends too early or too late"),
        (good + b"\0", "ends too early or too late"),
    ):
        with pytest.raises(SnapshotError, match=message):
            settings_of(bad)
    assert settings_of(memoryview(good)) == settings_of(good)
    with pytest.raises(TypeError, match="snapshot must be bytes"):
        settings_of(None)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("name", ["VENU", "INST", "RISK", "QUEU", "STOP"])
def test_a_damaged_section_is_named(name: str):
    with pytest.raises(SnapshotError, match=f'"{name}": the checksum does not match'):
        settings_of(spoiled(busy(), name))


def test_any_damage_to_what_is_read_is_a_snapshot_error():
    good = busy()
    for at in range(good.index(b"TASK")):
        with pytest.raises(SnapshotError):
            settings_of(good[:at] + bytes([good[at] ^ 64]) + good[at + 1 :])


@pytest.mark.parametrize("name", ["INST", "RISK", "QUEU", "STOP"])
def test_a_section_that_ends_within_something_is_a_snapshot_error(name: str):
    good = busy()
    payload = sections_of(good)[name]
    assert settings_of(spoiled(good, name, payload)) == settings_of(good)
    for length in range(1, len(payload)):
        with pytest.raises(SnapshotError):
            settings_of(spoiled(good, name, payload[:length]))


def test_orders_are_read_only_where_somebody_has_an_entry():
    bare = spoiled(busy(), "RISK", b"")
    for name in ("QUEU", "STOP", "FILL"):
        assert settings_of(spoiled(bare, name)).owners == ()
