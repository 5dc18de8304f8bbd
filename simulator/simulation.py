"""Whole runs: one seed from beginning to end."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, SupportsIndex

from seriatim._native import ffi, lib
from seriatim.errors import ConfigError, SeriatimError, check

STEPS = 5_000
CLIENTS = 3
CLIENTS_MAX = 100
"""Of many hundreds, most find no turn before their logon has timed out, and nothing settles."""
STEPS_MAX = 10**9
SEEDS = 1 << 64
STEPS_PER_CALL = 5_000
"""Native steps at a time, well under a second: between them a signal is heard."""
DURABILITIES = {"relaxed": 1, "fsync": 2}


def _names(native: Any) -> Iterator[str]:
    place = 0
    while text := native(place):
        name = ffi.string(text)
        assert isinstance(name, bytes)
        yield name.decode()
        place += 1


FAULTS = tuple(_names(lib.seriatim_simulation_fault))
"""What can go wrong, by name."""

COUNTS = tuple(_names(lib.seriatim_simulation_count))
"""What a run counts, by name."""


def check_faults(faults: tuple[str, ...]) -> None:
    """Raises ConfigError for what is no tuple of names of `FAULTS`."""
    if isinstance(faults, str) or not isinstance(faults, Iterable):
        raise ConfigError(f"faults is {faults!r}; it is a tuple of names, such as ('crash', 'cut')")
    unknown = [name for name in faults if name not in FAULTS]
    if unknown:
        raise ConfigError(f"there is no fault {unknown[0]!r}; there are {', '.join(FAULTS)}")


def _check_number(name: str, number: int, most: int) -> None:
    if not isinstance(number, SupportsIndex) or not 0 <= number.__index__() <= most:
        raise ConfigError(f"{name} of a simulation is a whole number from 0 to {most}, not {number!r}")


@dataclass(frozen=True, slots=True)
class Simulation:
    """What to simulate. The same values give the same run on every machine."""

    seed: int
    """0 to 2**64 - 1."""
    steps: int = STEPS
    """In each, time passes and somebody acts; after them faults end, and everything must settle."""
    clients: int = CLIENTS
    """Clients that send commands by themselves."""
    faults: tuple[str, ...] = field(default=FAULTS)
    """Which of `FAULTS` may happen."""
    durability: str = "fsync"
    """`fsync` or `relaxed`."""

    def __post_init__(self) -> None:
        check_faults(self.faults)
        if self.durability not in DURABILITIES:
            raise ConfigError(f"durability is fsync or relaxed, not {self.durability!r}")
        _check_number("seed", self.seed, SEEDS - 1)
        _check_number("steps", self.steps, STEPS_MAX)
        _check_number("clients", self.clients, CLIENTS_MAX)

    def native(self) -> Any:
        """As the native simulator takes it."""
        mask = sum(1 << FAULTS.index(name) for name in set(self.faults))
        fields = {"seed": self.seed, "steps": self.steps, "faults": mask, "clients": self.clients}
        return ffi.new("seriatim_simulation_t *", {**fields, "durability": DURABILITIES[self.durability]})

    @property
    def command(self) -> str:
        """What repeats it."""
        parts = [f"seriatim sim --seed {self.seed} --steps {self.steps}", f"--clients {self.clients}"]
        if set(self.faults) != set(FAULTS):
            parts.append(f"--faults {','.join(self.faults) or 'none'}")
        if self.durability != "fsync":
            parts.append(f"--durability {self.durability}")
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run."""

    steps: int
    """Until everything had settled, or a promise was broken."""
    trace: int
    """Hash of every step."""
    exercised: dict[str, int]
    """By the names of `COUNTS`."""
    violation: str | None
    """The first broken promise."""


def run(simulation: Simulation) -> Outcome:
    """Runs it. A panic in a core is a broken promise as well."""
    native, result = ffi.new("seriatim_run_t **"), ffi.new("seriatim_simulation_result_t *")
    try:
        check(lib.seriatim_run_new(simulation.native(), native))
        under_way = ffi.gc(native[0], lib.seriatim_run_free)
        while not check(lib.seriatim_run_advance(under_way, STEPS_PER_CALL, result)):
            pass
    except SeriatimError as error:
        return Outcome(0, 0, dict.fromkeys(COUNTS, 0), f"panic: {error}")
    return read_outcome(result)


def shrink(
    simulation: Simulation, outcome_of: Callable[[Simulation], Outcome] = run
) -> tuple[Simulation, Outcome] | None:
    """The least that still fails: fewer kinds of faults, clients and steps. None if it does not fail."""

    def if_it_fails(simulation: Simulation) -> tuple[Simulation, Outcome] | None:
        outcome = outcome_of(simulation)
        return (simulation, outcome) if outcome.violation is not None else None

    least = if_it_fails(simulation)
    if least is None:
        return None
    for fault in simulation.faults:
        fewer = tuple(name for name in least[0].faults if name != fault)
        least = if_it_fails(replace(least[0], faults=fewer)) or least
    while least[0].clients > 1 and (found := if_it_fails(replace(least[0], clients=least[0].clients - 1))):
        least = found
    passes = 0
    while passes + 1 < least[0].steps:
        middle = passes + (least[0].steps - passes) // 2
        if found := if_it_fails(replace(least[0], steps=middle)):
            least = found
        else:
            passes = middle
    return least


def read_outcome(native: Any) -> Outcome:
    """The native struct as a value."""
    text = ffi.string(native.violation)
    assert isinstance(text, bytes)
    exercised = dict(zip(COUNTS, native.counts, strict=False))
    return Outcome(native.steps, native.trace, exercised, text.decode(errors="replace") or None)


def add(totals: dict[str, int], outcomes: Iterable[Outcome]) -> dict[str, int]:
    """Sums of what was exercised."""
    for outcome in outcomes:
        for name, count in outcome.exercised.items():
            totals[name] = totals.get(name, 0) + count
    return totals
