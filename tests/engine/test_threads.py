"""One engine, several threads: every caller gets the events of its own call."""

import subprocess
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


FORKING = """
import os, sys, threading, time
from decimal import Decimal
from seriatim.engine import Engine
from seriatim.tools.bench import engine_flow

engine = Engine()
engine.define_instrument(1, "AAPL", tick_size=Decimal("0.01"), lot_size=Decimal(1))
commands = engine_flow.generate(20_000, lambda _done: None)
until = time.monotonic() + 3

def use():
    while time.monotonic() < until:
        engine.apply_array(commands[:500])
        engine.snapshot()

for _ in range(2):
    threading.Thread(target=use, daemon=True).start()
while time.monotonic() < until:
    child = os.fork()
    if not child:
        engine.apply_array(commands[:500])
        Engine.load(engine.snapshot())
        os._exit(0)
    bound = time.monotonic() + 10
    while not (ended := os.waitpid(child, os.WNOHANG))[0]:
        if time.monotonic() > bound:
            os.kill(child, 9)
            sys.exit("a child hangs in an engine that a thread of its parent was using")
        time.sleep(0.001)
    assert ended[1] == 0
"""


def test_a_child_that_is_forked_while_threads_use_an_engine_has_it_whole():
    done = subprocess.run([sys.executable, "-c", FORKING], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
