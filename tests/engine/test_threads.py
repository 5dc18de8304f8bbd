"""One engine, several threads: every caller gets the events of its own call."""

import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest

from seriatim.engine import CancelOrder, Engine, command_body

CALLS = 3_000


@pytest.fixture(autouse=True)
def _often():
    """Threads take turns as often as Python lets them."""
    interval_s = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval_s)


def test_each_thread_gets_the_events_of_its_own_session():
    engine = Engine()
    engine.define_instrument(1, "AAPL", tick_size=Decimal("0.01"), lot_size=Decimal(1))
    body = command_body(CancelOrder(1))
    start = Barrier(2)

    def strangers(session: int) -> int:
        start.wait(10)
        answers = [engine.execute_bytes(session, body) for _ in range(CALLS)]
        return sum([getattr(event, "session", None) for event in events] != [session] for events in answers)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(strangers, (7, 8))) == [0, 0]
