"""A simulated venue, as the test of a strategy uses it."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from seriatim.engine import COMMAND, CommandKind, EventKind, NewOrder
from seriatim.errors import ConfigError
from seriatim.schemas import Decimal, DefineInstrument, OrdType, Side, TimeInForce
from seriatim.simulator import SimulatedVenue

ONE = Decimal(mantissa=1, exponent=0)


def order(cl_ord_id: int, side: Side = Side.BUY) -> NewOrder:
    return NewOrder(
        cl_ord_id=cl_ord_id,
        instrument=9,
        account=1,
        side=side,
        price=100,
        quantity=5,
        ord_type=OrdType.LIMIT,
        time_in_force=TimeInForce.GOOD_TILL_CANCEL,
    )


def test_two_orders_meet(simulated_venue: SimulatedVenue):
    buyer, seller = simulated_venue.client(), simulated_venue.client()
    buyer.call(DefineInstrument(instrument=9, symbol="SIM", tick_size=ONE, lot_size=ONE))
    buyer.call(order(1))
    told = seller.call(order(1, Side.SELL))
    state = simulated_venue.check()
    assert state.seq > 0
    # After a reconnect the outcome may come as a whole.
    kinds = set(told["kind"].tolist())
    assert EventKind.ACCEPTED in kinds or kinds == {EventKind.OUTCOME}


@pytest.mark.seriatim(seeds=5, faults=("crash", "cut", "twice"), clients=1)
def test_every_command_is_answered_whatever_happens(simulated_venue: SimulatedVenue):
    client = simulated_venue.client()
    client.call(DefineInstrument(instrument=9, symbol="SIM", tick_size=ONE, lot_size=ONE))
    rows = np.zeros(40, COMMAND)
    rows["kind"], rows["cl_ord_id"], rows["side"] = CommandKind.NEW_ORDER, np.arange(1, 41), np.arange(40) % 2 + 1
    rows["price"], rows["quantity"], rows["instrument"] = 100, 1, 9
    rows["ord_type"], rows["time_in_force"] = OrdType.LIMIT, TimeInForce.GOOD_TILL_CANCEL
    sent = 0
    while sent < len(rows):
        sent += client.send(rows[sent : sent + 7])
        simulated_venue.run(50)
        if sent == 21:
            simulated_venue.crash()
    events = client.wait_all()
    assert client.answered == 41
    assert len(events)
    assert simulated_venue.check().live_orders >= 0
    assert simulated_venue.outcome.exercised["crashes"] >= 1


def test_the_same_seed_gives_the_same_story():
    def story(seed: int) -> tuple[int, int]:
        with SimulatedVenue(seed) as venue:
            client = venue.client()
            client.submit(DefineInstrument(instrument=9, symbol="SIM", tick_size=ONE, lot_size=ONE))
            venue.run(2_000)
            return venue.check().state_hash, venue.outcome.trace

    assert story(5) == story(5)
    assert story(5) != story(6)


def test_a_fault_that_there_is_not_is_refused():
    with pytest.raises(ConfigError, match="no fault 'meteor'"):
        SimulatedVenue(faults=("meteor",))


def test_a_failing_test_prints_its_seed(tmp_path: Path):
    (tmp_path / "test_it.py").write_text(
        """
import pytest

@pytest.mark.seriatim(seeds=2)
def test_it(simulated_venue):
    assert simulated_venue.seed < 0
"""
    )

    def pytest_says(*arguments: str) -> str:
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 1, done.stdout + done.stderr
        return done.stdout

    failed = pytest_says()
    assert "2 failed" in failed
    assert "; repeat it with --seriatim-seed " in failed
    again = pytest_says("--seriatim-seed", "77")
    assert "1 failed" in again
    assert "seed-77" in again
