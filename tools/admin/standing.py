"""How the session stands that a command has named: limits may be there before its first logon, and so may a typo."""

import secrets
from enum import Enum, auto

from seriatim.config import ClientConfig
from seriatim.connection import Connection
from seriatim.engine import Command, RiskScope, SetKillSwitch, SetLimits, SetPosition
from seriatim.errors import LogonRefused, SeriatimError
from seriatim.schemas import RefusalReason

INSTANCE_BITS = 64


class Standing(Enum):
    """Of a session."""

    OPENED = auto()
    """Somebody has logged on to it, now or earlier."""
    UNOPENED = auto()
    """Nobody ever has."""
    OVER = auto()
    """It has expired: nobody can log on to it again."""


REFUSALS = {RefusalReason.UNKNOWN_SESSION: Standing.UNOPENED, RefusalReason.SESSION_EXPIRED: Standing.OVER}
"""Any other refusal is of a session that there is."""


def standing(config: ClientConfig, command: Command) -> Standing | None:
    """Of the session that the command has named; None if it names none, or the node does not say.

    It is asked by a logon that is always refused: it says that it had the session under an instance that nobody has.
    """
    if not isinstance(command, SetLimits | SetPosition | SetKillSwitch) or command.scope != RiskScope.SESSION:
        return None
    try:
        connection = Connection(config)
    except SeriatimError:
        return None
    try:
        connection.log_on(command.id, secrets.randbits(INSTANCE_BITS), resumes=True)
    except LogonRefused as refused:
        return REFUSALS.get(RefusalReason(refused.reason), Standing.OPENED)
    except SeriatimError:
        return None
    finally:
        connection.close()
    return None
