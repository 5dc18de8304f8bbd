"""The reference judges the native engine: the same plain commands give the same events, after every command, and the
same hash, under every version of the rules. `test_agreement_of_sessions.py` has all commands.
"""

from decimal import Decimal

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from seriatim.engine import (
    CancelOrder,
    Engine,
    Instrument,
    MassCancel,
    NewOrder,
    ReduceOrder,
    ReplaceOrder,
)
from seriatim.engine.reference import ReferenceEngine
from tests.engine.orders import book

I64 = st.integers(-(2**63), 2**63 - 1)
U64 = st.integers(0, 2**64 - 1)
U32 = st.integers(0, 2**32 - 1)
U8 = st.integers(0, 255)


def mostly(usual, hostile):
    """Values that make sense most of the time, so that books fill, and any at all otherwise."""
    return st.integers(0, 29).flatmap(lambda draw: hostile if draw == 29 else usual)


IDS = mostly(st.integers(1, 5), U64)
PRICES = mostly(st.integers(98, 102), st.one_of(I64, st.sampled_from([0, 1, 63, 64, 10**12, 10**12 + 1])))
QUANTITIES = mostly(st.integers(1, 5), st.one_of(I64, st.sampled_from([0, 10**12, 10**12 + 1])))
INSTRUMENTS = mostly(st.sampled_from([1, 1, 1, 2]), U32)
SIDES = mostly(st.sampled_from([1, 2]), U8)

NEW_ORDERS = st.builds(
    NewOrder,
    cl_ord_id=IDS,
    instrument=INSTRUMENTS,
    side=SIDES,
    quantity=QUANTITIES,
    price=mostly(PRICES, st.none()),
    ord_type=mostly(st.just(2), st.one_of(st.just(1), U8)),
    time_in_force=mostly(st.sampled_from([1, 1, 1, 3, 4]), U8),
    account=U32,
)
MARKET_ORDERS = st.builds(
    NewOrder, IDS, INSTRUMENTS, SIDES, QUANTITIES, st.none(), st.just(1), st.sampled_from([1, 3, 4])
)
SIZES = st.builds(
    lambda m, e: Decimal(m).scaleb(e), mostly(st.just(1), I64), mostly(st.just(-2), st.integers(-128, 127))
)
DEFINITIONS = st.builds(
    Instrument,
    mostly(st.integers(1, 3), U32),
    st.text(st.characters(min_codepoint=1, max_codepoint=255), max_size=16),
    SIZES,
    SIZES,
)
COMMANDS = st.one_of(
    NEW_ORDERS,
    NEW_ORDERS,
    NEW_ORDERS,
    NEW_ORDERS,
    MARKET_ORDERS,
    st.builds(CancelOrder, IDS),
    st.builds(ReduceOrder, IDS, QUANTITIES),
    st.builds(ReplaceOrder, IDS, IDS, PRICES, QUANTITIES),
    st.builds(MassCancel, st.one_of(st.none(), INSTRUMENTS), st.one_of(st.just(0), SIDES)),
    DEFINITIONS,
)
SESSIONS = mostly(st.integers(1, 2), U32)


VERSIONS = [2, 1, 3]


def both(orders_max: int = 1 << 22, version: int = 2) -> tuple[Engine, ReferenceEngine]:
    settings = {"orders_max": orders_max, "logic_version": version}
    engines = Engine(**settings), ReferenceEngine(**settings)
    for engine in engines:
        for instrument in (1, 2):
            engine.define_instrument(instrument, "AAPL", tick_size=Decimal("0.01"), lot_size=Decimal(1))
    return engines


def exchanged(native: Engine, reference: ReferenceEngine) -> tuple[Engine, ReferenceEngine]:
    """Both again, each from what the other has saved."""
    saved = native.snapshot()
    assert reference.snapshot() == saved
    engines = Engine.load(reference.snapshot()), ReferenceEngine.load(saved)
    assert [engine.snapshot() for engine in engines] == [saved, saved]
    return engines


def agree(native: Engine, reference: ReferenceEngine) -> None:
    assert native.outcome_hash == reference.outcome_hash
    assert (native.live_orders, native.last_order_id) == (reference.live_orders, reference.last_order_id)


class BothEngines(RuleBasedStateMachine):
    """Long random sessions; a difference is shrunk to the shortest list of commands that shows it."""

    @initialize(orders_max=st.sampled_from([1 << 22, 1 << 22, 5]), version=st.sampled_from(VERSIONS))
    def start(self, orders_max, version):
        self.native, self.reference = both(orders_max, version)
        self.executed = 0

    @rule(session=SESSIONS, command=COMMANDS)
    def execute(self, session, command):
        assert self.native.apply(session, command) == self.reference.apply(session, command)
        agree(self.native, self.reference)
        self.executed += 1
        if self.executed % 30 == 0:
            self.native, self.reference = exchanged(self.native, self.reference)

    def teardown(self):
        for instrument in (1, 2):
            for side in (1, 2):
                assert book(self.native, side, instrument) == book(self.reference, side, instrument)


BothEngines.TestCase.settings = settings(
    max_examples=150, stateful_step_count=80, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestAnyCommandsGiveTheSameEventsAndHash = BothEngines.TestCase


def message_of(template: int, block: int, fields: bytes, schema: int = 5301) -> bytes:
    return b"".join(part.to_bytes(2, "little") for part in (block, template, schema, 0)) + fields


TEMPLATES = {10: 35, 11: 8, 12: 16, 13: 32, 14: 5, 60: 38}
ALMOST_MESSAGES = st.sampled_from(sorted(TEMPLATES)).flatmap(
    lambda template: st.builds(
        message_of,
        st.just(template),
        mostly(st.just(TEMPLATES[template]), st.integers(0, 80)),
        st.binary(min_size=TEMPLATES[template], max_size=TEMPLATES[template] + 8),
    )
)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.tuples(SESSIONS, st.one_of(st.binary(max_size=64), ALMOST_MESSAGES)), max_size=20))
def test_any_bytes_give_the_same_events_and_hash(messages):
    native, reference = both()
    for session, message in messages:
        events = native.execute_bytes(session, message)
        assert events == reference.execute_bytes(session, message)
        assert events
    agree(native, reference)
    exchanged(native, reference)


def random_flow(
    seed: int, count: int
) -> list[tuple[int, NewOrder | CancelOrder | ReduceOrder | ReplaceOrder | MassCancel]]:
    """A long session that keeps some fifty orders live, in prices that now and then jump far away."""
    rng = np.random.default_rng(seed)
    flow = []
    for cl_ord_id in range(1, count + 1):
        session, kind = int(rng.integers(1, 4)), rng.random()
        earlier = max(1, cl_ord_id - int(rng.integers(1, 120)))
        far = 10 ** int(rng.integers(3, 12)) if rng.random() < 0.03 else 0
        price, quantity = 1_000 + int(rng.integers(-6, 7)) + far, int(rng.integers(1, 12))
        if kind < 0.6:
            terms = int(rng.integers(1, 3)), int(rng.integers(1, 3)), quantity, price
            flow.append((session, NewOrder(cl_ord_id, *terms, time_in_force=int(rng.choice([1, 1, 1, 3, 4])))))
        elif kind < 0.8:
            flow.append((session, CancelOrder(earlier)))
        elif kind < 0.9:
            flow.append((session, ReduceOrder(earlier, quantity)))
        elif kind < 0.995:
            flow.append((session, ReplaceOrder(cl_ord_id, earlier, price, quantity)))
        else:
            flow.append((session, MassCancel()))
    return flow


def test_a_long_session_gives_the_same_events_and_hash():
    native, reference = both()
    for place, (session, command) in enumerate(random_flow(seed=1, count=15_000)):
        assert native.apply(session, command) == reference.apply(session, command)
        if place % 3_000 == 0:
            native, reference = exchanged(native, reference)
    agree(native, reference)
    exchanged(native, reference)
