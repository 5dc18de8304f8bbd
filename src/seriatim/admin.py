"""What an operator does from Python: a command, carried out or an exception.

    with Client(ClientConfig(key=key)) as client:
        administer(client, Instrument(1, "OAK", Decimal("0.01"), Decimal(1)))
        administer(client, SetPhase(TradingPhase.OPENING_AUCTION, instrument=1))

The commands are those of `seriatim.engine`; docs/ADMIN.md says what each does.
"""

import re
from typing import Any, Protocol

import numpy as np

from seriatim.engine import Command, EventKind
from seriatim.engine.bodies import message_of
from seriatim.engine.reasons import reject_text
from seriatim.errors import CommandRejected
from seriatim.schemas import OutcomeKind


class Caller(Protocol):
    """`seriatim.Client`, or a simulated one."""

    def call(self, message: Any) -> np.ndarray:
        """Sends a command and waits for its events."""
        ...


def administer(client: Caller, command: Any) -> np.ndarray:
    """Calls `client.call(command)` and gives its events. Raises CommandRejected, with the reason in words, if the venue
    rejects it, and what `call` raises.
    """
    events = client.call(command)
    # An answer that came twice is an Outcome row the second time.
    for event in events[(events["kind"] == EventKind.REJECTED) | (events["outcome"] == OutcomeKind.REJECTED)]:
        reason = int(event["reason"])
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", command_name(command)).lower()
        raise CommandRejected(f"{words} was rejected: {reject_text(reason)}", reason)
    return events


def command_name(command: Any) -> str:
    """What the schema calls a command; one that comes as bytes is just that."""
    if isinstance(command, bytes | bytearray | memoryview):
        return "The command"
    return message_of(command).__name__ if isinstance(command, Command) else type(command).__name__
