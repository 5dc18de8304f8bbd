"""Whole runs: one seed from beginning to end."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from seriatim._native import ffi, lib
from seriatim.errors import ConfigError, SeriatimError, check

STEPS = 5_000
CLIENTS = 3
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
        unknown = [name for name in self.faults if name not in FAULTS]
        if unknown:
            raise ConfigError(f"there is no fault {unknown[0]!r}; there are {', '.join(FAULTS)}")
        if self.durability not in DURABILITIES:
            raise ConfigError(f"durability is fsync or relaxed, not {self.durability!r}")
        if not (0 <= self.seed < 1 << 64 and 0 <= self.clients <= 1_000 and 0 <= self.steps <= 10**9):
            raise ConfigError("a simulation takes a seed below 2**64, up to 1,000 clients and up to 10**9 steps")

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
    result = ffi.new("seriatim_simulation_result_t *")
    try:
        check(lib.seriatim_simulation_run(simulation.native(), result))
    except SeriatimError as error:
        return Outcome(0, 0, dict.fromkeys(COUNTS, 0), f"panic: {error}")
    return read_outcome(result)


def shrink(simulation: Simulation) -> tuple[Simulation, Outcome] | None:
    """The least that still fails: fewer kinds of faults, clients and steps. None if it does not fail."""
    native, result = simulation.native(), ffi.new("seriatim_simulation_result_t *")
    if not check(lib.seriatim_simulation_shrink(native, result)):
        return None
    faults = tuple(name for place, name in enumerate(FAULTS) if native.faults >> place & 1)
    return replace(simulation, steps=native.steps, clients=native.clients, faults=faults), read_outcome(result)


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
