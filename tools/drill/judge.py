"""What clients were told, held against the journal: what was answered must be there, once, with that outcome."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from seriatim.engine import (
    Accepted,
    Cancelled,
    Engine,
    EventKind,
    InstrumentDefined,
    MassCancelled,
    Reduced,
    Rejected,
    Replaced,
)
from seriatim.journal import JournalReader
from seriatim.schemas import Command, Logoff, OpenEpoch, Outcome
from seriatim.tools.drill.told import LAST_FLAG

FIRST_EVENTS = {
    Accepted: EventKind.ACCEPTED,
    Rejected: EventKind.REJECTED,
    Reduced: EventKind.REDUCED,
    Cancelled: EventKind.CANCELLED,
    Replaced: EventKind.REPLACED,
    MassCancelled: EventKind.MASS_CANCELLED,
    InstrumentDefined: EventKind.INSTRUMENT_DEFINED,
}
"""What may come first of a command."""


@dataclass(frozen=True, slots=True)
class Happened:
    """What the journal says of one command: its place, and the order that its first event names (0 if none)."""

    seq: int
    order_id: int
    kind: int


@dataclass(slots=True)
class History:
    """A journal, executed."""

    commands: dict[tuple[int, int], Happened] = field(default_factory=dict)
    """By session and number."""
    repeated: int = 0
    """Commands that stand in the journal more than once."""
    epochs: list[tuple[int, int]] = field(default_factory=list)
    """Of each start of the node: when it was stamped (ns since 1970), and its seq."""
    outcome_hash: int = 0


@dataclass(slots=True)
class Verdict:
    """What came of a comparison; `lost`, `differing` and `repeated` must be 0."""

    acknowledged: int = 0
    lost: int = 0
    """Answered, and not in the journal."""
    differing: int = 0
    """Answered with another seq or order than the journal's."""
    repeated: int = 0
    """In the journal twice, or told in full twice."""
    answered_again: int = 0
    """Outcomes told of commands that were sent again."""


def read_history(journal: Path) -> History:
    """Executes every command of a journal in a fresh engine."""
    history, engine = History(), Engine()
    with JournalReader(journal) as reader:
        for block in reader:
            for frame in block.frames():
                data = bytes(frame.body)
                header = Command.wrap(data)
                body = data[header.encoded_length :]
                if header.session:
                    _execute(history, engine, frame.seq, (header.session, header.number), body)
                elif int.from_bytes(body[2:4], "little") == OpenEpoch.TEMPLATE_ID:
                    history.epochs.append((frame.time_ns, frame.seq))
    history.outcome_hash = engine.outcome_hash
    return history


def _execute(history: History, engine: Engine, seq: int, key: tuple[int, int], body: bytes) -> None:
    if int.from_bytes(body[2:4], "little") == Logoff.TEMPLATE_ID:
        return
    events = engine.execute_bytes(key[0], body)
    history.repeated += key in history.commands
    first = events[0]
    history.commands[key] = Happened(seq, getattr(first, "order_id", 0), FIRST_EVENTS[type(first)])


def judge(history: History, told: np.ndarray) -> Verdict:
    """Compares what clients were told with what the journal holds."""
    verdict = Verdict(repeated=history.repeated)
    answered = told[told["flags"] & LAST_FLAG == 1]
    verdict.acknowledged = len({(row["session"], row["number"]) for row in answered[["session", "number"]]})
    firsts = told[told["index"] == 0]
    for session, number, seq, order_id, kind in firsts[["session", "number", "seq", "order_id", "kind"]].tolist():
        happened = history.commands.get((session, number))
        if happened is None:
            verdict.lost += 1
        elif (happened.seq, happened.order_id) != (seq, order_id) or kind not in (happened.kind, Outcome.TEMPLATE_ID):
            verdict.differing += 1
    in_full = answered[answered["kind"] != Outcome.TEMPLATE_ID]
    verdict.answered_again = len(answered) - len(in_full)
    counted = Counter(map(tuple, in_full[["session", "number"]].tolist()))
    verdict.repeated += sum(times - 1 for times in counted.values())
    return verdict
