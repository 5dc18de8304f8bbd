"""A simulated venue for tests of gateways and strategies: the test leads its clients and says when time passes."""

from collections.abc import Callable, Iterator
from typing import Any, Self

import numpy as np

from seriatim._native import ffi, lib
from seriatim.commands import body_of, body_of_row, check_rows
from seriatim.engine import EVENT
from seriatim.errors import Disconnected, NoAnswer, OrderLost, SeriatimError, check
from seriatim.sequencer.replica import State, read_state
from seriatim.simulator.simulation import FAULTS, Outcome, Simulation, read_outcome

FRIENDLY = tuple(name for name in FAULTS if name != "rival")
"""Every fault but the one that no test's client can survive alone: somebody else takes its session."""

EVENTS_MAX = 4_096
WAIT_STEPS = 400_000
"""In so many steps everything must come to rest: some twelve seconds of virtual time."""
STEPS_PER_LOOK = 20
CRASH, RESTART, MEND, COMPARE = 1, 2, 3, 4
LOST, BEGAN_ANEW = 1, 2


class PromiseBroken(SeriatimError):
    """The venue broke one of its promises: a fault of Seriatim, not of the test. The seed repeats it."""


class SimulatedVenue:
    """One node, its journal, and clients, under faults that the seed chooses. A context manager.

    `clients` send orders by themselves, so that the test's clients are not alone. Time passes only in `run`, and while
    a client waits. Raises PromiseBroken as soon as a promise is.
    """

    def __init__(
        self, seed: int = 0, *, faults: tuple[str, ...] = FRIENDLY, clients: int = 2, durability: str = "fsync"
    ) -> None:
        self.simulation = Simulation(seed=seed, steps=0, clients=clients, faults=faults, durability=durability)
        world = ffi.new("seriatim_world_t **")
        check(lib.seriatim_world_new(self.simulation.native(), world))
        self._world = ffi.gc(world[0], lib.seriatim_world_free)
        self._state = ffi.new("seriatim_state_t *")
        self._result = ffi.new("seriatim_simulation_result_t *")
        self._now_ns = ffi.new("int64_t *")

    @property
    def seed(self) -> int:
        """Decides everything that is left to chance."""
        return self.simulation.seed

    @property
    def now_ns(self) -> int:
        """Virtual time, in nanoseconds since the Unix epoch."""
        self._look()
        return self._now_ns[0]

    @property
    def order(self) -> State:
        """Where the committed order stands, with its hashes."""
        self._look()
        return read_state(self._state)

    @property
    def outcome(self) -> Outcome:
        """What has happened so far."""
        self._look()
        return read_outcome(self._result)

    def client(self) -> "SimulatedClient":
        """A client of its own session, logged on."""
        client = SimulatedClient(self, check(lib.seriatim_world_add_client(self._world)))
        client.wait(lambda: client.session != 0, "no logon")
        return client

    def run(self, steps: int = 1, *, faults: bool = True) -> None:
        """Lets time pass: in each step up to 60 µs, somebody acts, and now and then something goes wrong."""
        self._judge(lib.seriatim_world_step(self._world, steps, faults))

    def crash(self) -> None:
        """The node dies as by SIGKILL; it starts again by itself within milliseconds of virtual time."""
        self._judge(lib.seriatim_world_act(self._world, CRASH))

    def restart(self) -> None:
        """The node is stopped in good order, and starts again by itself."""
        self._judge(lib.seriatim_world_act(self._world, RESTART))

    def check(self) -> State:
        """Ends all faults, waits until every command has its answer, and compares the live node with a replay of its
        journal. Returns where the order stands."""
        self._judge(lib.seriatim_world_act(self._world, MEND))
        for _ in range(WAIT_STEPS // STEPS_PER_LOOK):
            self.run(STEPS_PER_LOOK, faults=False)
            if self._look():
                self._judge(lib.seriatim_world_act(self._world, COMPARE))
                return self.order
        raise PromiseBroken(f"seed {self.seed}: not everything settled")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        ffi.release(self._world)

    def _look(self) -> bool:
        return bool(check(lib.seriatim_world_look(self._world, self._result, self._state, self._now_ns)))

    def _judge(self, outcome: int) -> None:
        if check(outcome):
            raise PromiseBroken(f"seed {self.seed}: {self.outcome.violation}")


class SimulatedClient:
    """A client of a simulated venue, with the face of `seriatim.Client`: where that waits, virtual time passes."""

    def __init__(self, venue: SimulatedVenue, place: int) -> None:
        self.venue = venue
        self._place = place
        self._session, self._next, self._answered = ffi.new("uint32_t *"), ffi.new("uint64_t *"), ffi.new("uint64_t *")
        self._number, self._count = ffi.new("uint64_t *"), ffi.new("size_t *")

    @property
    def session(self) -> int:
        """The session's id."""
        self._look()
        return self._session[0]

    @property
    def next_number(self) -> int:
        """The number that the next command will have."""
        self._look()
        return self._next[0]

    @property
    def answered(self) -> int:
        """Every command up to this number has its answer."""
        self._look()
        return self._answered[0]

    def send(self, commands: np.ndarray) -> int:
        """Sends rows of a COMMAND array; returns how many were taken: none while it is logged off, fewer when the
        window is full."""
        check_rows(commands)
        for place in range(len(commands)):
            if not self._send(body_of_row(commands[place : place + 1])):
                return place
        return len(commands)

    def submit(self, message: Any) -> int:
        """Sends one command as `Client.submit` does; waits while it is logged off. Returns its number."""
        body = body_of(message)
        self.wait(lambda: self._send(body), "the command was not taken")
        return int(self._number[0])

    def poll(self, limit: int = EVENTS_MAX) -> np.ndarray:
        """The events that have come, as an EVENT array, perhaps empty. Lets no time pass.

        Raises OrderLost or Disconnected when the session could not go on; the next command belongs to a new one.
        """
        events = np.empty(limit, EVENT)
        pointer = ffi.from_buffer("seriatim_event_row_t[]", events)
        trouble = check(lib.seriatim_world_poll(self.venue._world, self._place, pointer, limit, self._count))
        if trouble == LOST:
            raise OrderLost("the node was `relaxed` and crashed before what it had answered was on disk")
        if trouble == BEGAN_ANEW:
            raise Disconnected("the node did not take the session back; the next command belongs to a new one")
        return events[: self._count[0]]

    def events(self, until: Callable[[np.ndarray], bool] | None = None) -> Iterator[np.ndarray]:
        """Batches of events as they come, until `until(batch)` is true."""
        for _ in range(WAIT_STEPS // STEPS_PER_LOOK):
            batch = self.poll()
            if len(batch):
                yield batch
                if until is not None and until(batch):
                    return
            else:
                self.venue.run(STEPS_PER_LOOK)

    def call(self, message: Any) -> np.ndarray:
        """Sends one command and waits for every event of it, or for its outcome."""
        number = self.submit(message)
        own = [batch[batch["number"] == number] for batch in self.events(until=lambda _: self.answered >= number)]
        if self.answered < number:
            raise NoAnswer(f"command {number} of session {self.session} has no answer")
        return np.concatenate(own)

    def wait_all(self) -> np.ndarray:
        """Waits until every command has its answer; returns the events that came meanwhile."""
        batches = [self.poll()]
        last = self.next_number - 1
        if self.answered < last:
            batches += self.events(until=lambda _: self.answered >= last)
        return np.concatenate(batches)

    def wait(self, condition: Callable[[], Any], what: str) -> None:
        """Lets virtual time pass until `condition()` is true. Raises NoAnswer."""
        for _ in range(WAIT_STEPS // STEPS_PER_LOOK):
            if condition():
                return
            self.venue.run(STEPS_PER_LOOK)
        raise NoAnswer(f"seed {self.venue.seed}: {what} in {WAIT_STEPS} steps")

    def _send(self, body: bytes) -> bool:
        return bool(check(lib.seriatim_world_send(self.venue._world, self._place, body, len(body), self._number)))

    def _look(self) -> None:
        check(lib.seriatim_world_client(self.venue._world, self._place, self._session, self._next, self._answered))
