"""What is set at a venue, as far as a replica has read its order: that of its engine, and its sessions.

with Replica.load(…) as replica:
    venue_settings(replica).sessions
"""

from collections.abc import Iterator
from dataclasses import dataclass

from seriatim.engine.reference.snapshot.packing import Reader, size_of
from seriatim.engine.sections import Sections
from seriatim.engine.settings import Settings, settings_of
from seriatim.schemas import Roles
from seriatim.sequencer.replica import CLUSTER_ID_BYTES, Replica
from seriatim.sequencer.snapshots import MAGIC

SESSION = "I16sBIQ??Qq"
OUTCOME_BYTES = size_of("QqQQIIBB")
COPY = "II"


@dataclass(frozen=True, slots=True)
class SessionSettings:
    """Of one session that was ever opened. What limits it is the engine's."""

    id: int
    user: str
    """Who opened it; the operator has no name."""
    roles: Roles
    """What it may do, as of its last logon."""
    logged_on: bool
    over: bool
    """Nobody can log on to it again."""
    copies_of: tuple[int, ...]
    """Sessions of whose events it gets copies (`DropCopy`), ascending."""


@dataclass(frozen=True, slots=True)
class VenueSettings:
    """Of a venue."""

    seq: int
    """Of the last command of the order; all is as of then."""
    time_ns: int
    """When that was stamped, in nanoseconds since 1970."""
    sessions: tuple[SessionSettings, ...]
    """All that were ever opened, by ascending id."""
    engine: Settings


def venue_settings(replica: Replica) -> VenueSettings:
    """What is set after the last block that the replica has applied."""
    state = replica.state
    sections = Sections(memoryview(replica.save(bytes(CLUSTER_ID_BYTES))), MAGIC)
    copies = _copies(sections.open(b"COPY"))
    sessions = tuple(_sessions(sections.open(b"SESS"), copies))
    return VenueSettings(state.seq, state.time_ns, sessions, settings_of(sections.payload(b"ENGN")))


def _copies(reader: Reader) -> dict[int, list[int]]:
    """By who gets them."""
    copies: dict[int, list[int]] = {}
    while reader.more:
        taker, source = reader.take(COPY)
        copies.setdefault(taker, []).append(source)
    return copies


def _sessions(reader: Reader, copies: dict[int, list[int]]) -> Iterator[SessionSettings]:
    reader.take("I")
    while reader.more:
        number, user, roles, _logon, _instance, logged_on, over, _next, _since_ns = reader.take(SESSION)
        (outcomes,) = reader.take("I")
        reader.take(f"{outcomes * OUTCOME_BYTES}x")
        (closed,) = reader.take("I")
        reader.take(f"{closed * (size_of('Q') + OUTCOME_BYTES)}x")
        name = user.rstrip(b"\0").decode("ascii")
        yield SessionSettings(number, name, Roles(roles), logged_on, over, tuple(copies.get(number, ())))
