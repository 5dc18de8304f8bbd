"""What became of a command, as a client is told when it asks or sends again."""

from dataclasses import dataclass
from typing import Any

from seriatim.schemas import OutcomeKind, RejectReason


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one command, for good."""

    number: int
    """Of the command in its session."""
    executed: bool
    """Whether it is part of the order. If not it never will be: the query has closed its number."""
    seq: int
    """Its place in the order; of a command that was not executed, the place of the query that closed its number."""
    time_ns: int
    """When that was stamped, in nanoseconds since the Unix epoch."""
    order_id: int
    """The order that it named or made, 0 if none."""
    cl_ord_id: int
    """The client's id of that order."""
    events: int
    """How many events it caused."""
    reason: RejectReason | None
    """Why it was rejected; None if it was not."""


def read_outcome(row: Any) -> Outcome:
    """A row of EVENT whose kind is that of the schema's Outcome."""
    kind = OutcomeKind(int(row["outcome"]))
    return Outcome(
        number=int(row["number"]),
        executed=kind is not OutcomeKind.NOT_EXECUTED,
        seq=int(row["seq"]),
        time_ns=int(row["time_ns"]),
        order_id=int(row["order_id"]),
        cl_ord_id=int(row["cl_ord_id"]),
        events=int(row["quantity"]),
        reason=RejectReason(int(row["reason"])) if kind is OutcomeKind.REJECTED else None,
    )
