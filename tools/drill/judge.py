"""What clients were told, held against the journal: what was answered must be there, once, with that outcome."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from seriatim.journal import Block, JournalReader
from seriatim.schemas import Command, OpenEpoch, Outcome
from seriatim.sequencer.recording import RecordingReplica
from seriatim.tools.drill.told import LAST_FLAG

_OPEN_EPOCH = OpenEpoch.TEMPLATE_ID.to_bytes(2, "little")
_NAMED = ["session", "number", "seq", "order_id", "kind"]


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
    """Executes a journal in a replica of its own."""
    history = History()
    with JournalReader(journal) as reader, RecordingReplica() as replica:
        for block in reader:
            _note_epochs(history, block)
            _note_first_events(history, replica.record(block.data).events.rows)
        history.outcome_hash = replica.state.outcome_hash
    return history


def _note_epochs(history: History, block: Block) -> None:
    for frame in block.frames():
        data = bytes(frame.body)
        header = Command.wrap(data)
        if not header.session and data[header.encoded_length + 2 :][:2] == _OPEN_EPOCH:
            history.epochs.append((frame.time_ns, frame.seq))


def _note_first_events(history: History, rows: np.ndarray) -> None:
    """Of what each command caused that is its session's own; what a tick or another session caused has no number."""
    own = rows[rows["number"] > 0]
    _, firsts = np.unique(own["seq"], return_index=True)
    for session, number, seq, order_id, kind in own[_NAMED][firsts].tolist():
        history.repeated += (session, number) in history.commands
        history.commands[session, number] = Happened(seq, order_id, kind)


def judge(history: History, told: np.ndarray) -> Verdict:
    """Compares what clients were told with what the journal holds."""
    verdict = Verdict(repeated=history.repeated)
    answered = told[told["flags"] & LAST_FLAG == 1]
    verdict.acknowledged = len({(row["session"], row["number"]) for row in answered[["session", "number"]]})
    firsts = told[told["index"] == 0]
    for session, number, seq, order_id, kind in firsts[_NAMED].tolist():
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
