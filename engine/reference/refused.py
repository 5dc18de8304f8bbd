"""How a command is refused."""

from seriatim.schemas import RejectReason


class Refused(Exception):  # the outcome of a command, not an error
    """The command is refused."""

    def __init__(self, reason: RejectReason) -> None:
        self.reason = reason


def check(good: bool, reason: RejectReason) -> None:
    """Raises `Refused` unless all is good."""
    if not good:
        raise Refused(reason)
