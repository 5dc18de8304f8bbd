"""A simulated client has the face of a real one: what a strategy does with one it can do with the other."""

import subprocess
import sys
from typing import Any

import pytest

from seriatim.client import Client
from seriatim.engine import NewOrder
from seriatim.errors import ConfigError, Disconnected, OutcomeForgotten, SeriatimError
from seriatim.schemas import CancelOrder, Decimal, DefineInstrument, OrdType, RejectReason, Side, TimeInForce
from seriatim.simulator import SimulatedClient, SimulatedVenue

ONE = Decimal(mantissa=1, exponent=0)
TERMS = DefineInstrument(instrument=9, symbol="SIM", tick_size=ONE, lot_size=ONE)


def order(cl_ord_id: int) -> NewOrder:
    return NewOrder(
        cl_ord_id=cl_ord_id,
        instrument=9,
        account=1,
        side=Side.BUY,
        price=100,
        quantity=5,
        ord_type=OrdType.LIMIT,
        time_in_force=TimeInForce.GOOD_TILL_CANCEL,
    )


def quiet_venue() -> SimulatedVenue:
    return SimulatedVenue(seed=7, faults=(), clients=0)


def ended_client() -> SimulatedClient:
    with quiet_venue() as venue:
        return venue.client()


@pytest.mark.parametrize(
    "use",
    [
        lambda client: client.poll(),
        lambda client: client.answered,
        lambda client: client.session,
        lambda client: client.submit(TERMS),
        lambda client: client.outcome(1),
        lambda client: client.venue.run(100),
        lambda client: client.venue.crash(),
        lambda client: client.venue.check(),
        lambda client: client.venue.client(),
        lambda client: client.venue.order,
        lambda client: client.venue.now_ns,
        lambda client: client.venue.__enter__(),
    ],
)
def test_a_venue_that_has_ended_says_so(use: Any):
    with pytest.raises(SeriatimError, match="this venue has ended"):
        use(ended_client())


def test_a_client_may_be_closed_after_its_venue():
    client = ended_client()
    client.close()
    client.venue.__exit__()


def test_every_public_name_of_a_client_is_there():
    of_the_network = {"config", "native_session"}
    real = {name for name in dir(Client) if not name.startswith("_")} - of_the_network
    assert real <= set(dir(SimulatedClient))
    assert {"__enter__", "__exit__"} <= set(dir(SimulatedClient))


def trade(client: Any) -> list[tuple[Any, ...]]:
    """What a strategy may do with a client, and what it is told."""
    said: list[tuple[Any, ...]] = []
    with client:
        assert client.window > 0
        session, epoch, instance = client.session, client.epoch, client.instance
        assert 0 < instance < 1 << 64
        client.call(TERMS)
        client.call(order(1))
        rejected = client.submit(CancelOrder(orig_cl_ord_id=99))
        client.wait_all()
        for number in (rejected,):
            outcome = client.outcome(number)
            said.append((outcome.number, outcome.executed, outcome.cl_ord_id, outcome.events, outcome.reason))
        for number in (1, rejected + 1, 0):
            with pytest.raises((OutcomeForgotten, ValueError)) as error:
                client.outcome(number)
            said.append((error.type,))
    with pytest.raises(Disconnected):
        client.submit(order(2))
    with pytest.raises(Disconnected):
        client.poll()
    assert (client.session, client.epoch) == (session, epoch)
    client.connect()
    assert (client.session, client.epoch, client.instance) == (session, epoch + 1, instance)
    said.append((client.next_number, client.answered))
    client.call(order(2))
    client.close()
    client.close()
    return said


def test_a_strategy_is_told_the_same_by_a_simulated_and_a_real_node(node_process: Any):
    with quiet_venue() as venue:
        simulated = trade(venue.client())
        assert venue.check().live_orders == 2
    assert simulated == trade(node_process.client())
    assert simulated[0] == (3, True, 99, 1, RejectReason.UNKNOWN_ORDER)


def test_events_that_come_while_an_outcome_is_awaited_are_kept():
    with quiet_venue() as venue, venue.client() as client:
        client.call(TERMS)
        number = client.submit(order(1))
        assert client.outcome(number).number == number
        assert number in client.poll()["number"]


@pytest.mark.parametrize("seed", range(20))
def test_a_client_that_closes_with_commands_under_way_goes_on_from_what_the_order_has(seed: int):
    with SimulatedVenue(seed, faults=("crash", "cut", "ghost", "twice"), clients=1) as venue:
        client = venue.client()
        client.call(TERMS)
        for turn in range(10):
            for place in range(5):
                client.submit(order(1 + 5 * turn + place))
            venue.run(seed)
            client.close()
            venue.run(10)
            client.connect()
        venue.check()


def test_the_order_says_how_many_blocks_it_has():
    with quiet_venue() as venue:
        client = venue.client()
        before = venue.order
        client.call(TERMS)
        after = venue.order
    assert 0 < before.index < after.index <= after.seq
    assert before.header_hash != after.header_hash != bytes(32)


@pytest.mark.parametrize(
    ("settings", "what"),
    [
        ({"faults": "crash"}, "a tuple of names"),
        ({"faults": ("meteor",)}, "no fault 'meteor'"),
        ({"seed": -1}, "seed of a simulation is a whole number"),
        ({"seed": "x"}, "seed of a simulation is a whole number"),
        ({"clients": 101}, "clients of a simulation is a whole number from 0 to 100"),
        ({"clients": None}, "clients of a simulation is a whole number"),
        ({"durability": "quorum"}, "durability is fsync or relaxed"),
    ],
)
def test_what_a_venue_cannot_be_made_of_is_refused(settings: dict[str, Any], what: str):
    with pytest.raises(ConfigError, match=what):
        SimulatedVenue(**settings)


@pytest.mark.parametrize("steps", [-1, 0.5, "x"])
def test_a_venue_runs_whole_steps_only(steps: Any):
    with quiet_venue() as venue, pytest.raises(ConfigError, match="a number of steps"):
        venue.run(steps)


def test_a_client_used_after_its_venue_does_not_crash_the_process():
    """In a process of its own: memory that is gone may be read without a fault by chance, but not a thousand times."""
    program = """
from seriatim.errors import SeriatimError
from seriatim.simulator import SimulatedVenue
for seed in range(200):
    with SimulatedVenue(seed) as venue:
        client = venue.client()
    for use in (lambda: venue.run(100), client.poll, lambda: client.answered):
        try:
            use()
        except SeriatimError:
            continue
        raise SystemExit("a venue that has ended was used")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
