"""A simulated venue for tests of gateways and strategies: the test leads its clients and says when time passes."""

from typing import Any, Self, SupportsIndex

from seriatim._native import ffi, lib
from seriatim.errors import ConfigError, SeriatimError, check
from seriatim.sequencer.replica import State, read_state
from seriatim.simulator.client import STEPS_PER_LOOK, TIMEOUT_S, SimulatedClient
from seriatim.simulator.simulation import FAULTS, STEPS_PER_CALL, Outcome, Simulation, read_outcome

FRIENDLY = tuple(name for name in FAULTS if name not in ("rival", "operator"))
"""Every fault but those that no test's client can survive alone: somebody takes its session, or closes the venue."""

CRASH, RESTART, MEND, COMPARE = 1, 2, 3, 4


class PromiseBroken(SeriatimError):
    """The venue broke one of its promises: a fault of Seriatim, not of the test. The seed repeats it."""


class SimulatedVenue:
    """One node, its journal, and clients, under faults that the seed chooses. A context manager; after its end every
    call raises SeriatimError, those of its clients too.

    `clients` send orders by themselves, so that the test's clients are not alone. Time passes only in `run`, and while
    a client waits. Raises PromiseBroken as soon as a promise is.
    """

    def __init__(
        self, seed: int = 0, *, faults: tuple[str, ...] = FRIENDLY, clients: int = 2, durability: str = "fsync"
    ) -> None:
        self.simulation = Simulation(seed=seed, steps=0, clients=clients, faults=faults, durability=durability)
        world = ffi.new("seriatim_world_t **")
        check(lib.seriatim_world_new(self.simulation.native(), world))
        self._world: Any = ffi.gc(world[0], lib.seriatim_world_free)
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

    @property
    def has_ended(self) -> bool:
        """Whether its memory is gone."""
        return self._world is None

    @property
    def native(self) -> Any:
        """The native world, for its clients. Raises SeriatimError after its end."""
        if self._world is None:
            raise SeriatimError("this venue has ended; use it, and its clients, inside its `with`")
        return self._world

    def client(self) -> SimulatedClient:
        """A client of its own session, logged on."""
        client = SimulatedClient(self, check(lib.seriatim_world_add_client(self.native)))
        client.connect()
        return client

    def run(self, steps: int = 1, *, faults: bool = True) -> None:
        """Lets time pass: in each step up to 60 µs, somebody acts, and now and then something goes wrong."""
        if not isinstance(steps, SupportsIndex) or steps.__index__() < 0:
            raise ConfigError(f"a venue runs a number of steps, not {steps!r}")
        for done in range(0, steps, STEPS_PER_CALL):
            self._judge(lib.seriatim_world_step(self.native, min(STEPS_PER_CALL, steps - done), faults))

    def crash(self) -> None:
        """The node dies as by SIGKILL; it starts again by itself within milliseconds of virtual time."""
        self._judge(lib.seriatim_world_act(self.native, CRASH))

    def restart(self) -> None:
        """The node is stopped in good order, and starts again by itself."""
        self._judge(lib.seriatim_world_act(self.native, RESTART))

    def check(self) -> State:
        """Ends all faults, waits until every command has its answer, and compares the live node with a replay of its
        journal. Returns where the order stands."""
        self._judge(lib.seriatim_world_act(self.native, MEND))
        until_ns = self.now_ns + TIMEOUT_S * 1e9
        while self.now_ns < until_ns:
            self.run(STEPS_PER_LOOK, faults=False)
            if self._look():
                self._judge(lib.seriatim_world_act(self.native, COMPARE))
                return self.order
        raise PromiseBroken(f"seed {self.seed}: not everything settled")

    def __enter__(self) -> Self:
        _ = self.native  # one that has ended does not begin again
        return self

    def __exit__(self, *_: object) -> None:
        if self._world is not None:
            ffi.release(self._world)
            self._world = None

    def _look(self) -> bool:
        return bool(check(lib.seriatim_world_look(self.native, self._result, self._state, self._now_ns)))

    def _judge(self, outcome: int) -> None:
        if check(outcome):
            raise PromiseBroken(f"seed {self.seed}: {self.outcome.violation}")
