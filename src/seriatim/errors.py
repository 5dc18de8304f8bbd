"""What can go wrong, as types. Every message says what to do.

Bindings, codecs and journal have families of their own (`AeronError`, `CodecError`, `JournalError`); these are the
bus's.
"""

from seriatim._native import ffi, lib


class SeriatimError(Exception):
    """Anything that the bus itself reports."""


class ConfigError(SeriatimError):
    """A setting makes no sense."""


class BadBlockError(SeriatimError):
    """A block of the journal cannot be applied."""


class PoisonMessage(SeriatimError):
    """Executing the command `seq` failed inside the engine; the node stops rather than guess."""

    def __init__(self, message: str, seq: int = 0) -> None:
        super().__init__(message)
        self.seq = seq


class OverrideRefused(SeriatimError):
    """An override of the order is forged, lies where it does not belong, or would take back what was executed."""


class UnknownLogic(SeriatimError):
    """The order follows rules that this release does not know."""


class SnapshotRefused(SeriatimError):
    """Bytes are no snapshot, a damaged one, one of another release's format, or one of another journal."""


class TimeJump(SeriatimError):
    """The clock went further than it can while a node runs."""


class IngressTaken(SeriatimError):
    """Another node takes commands on this channel of this driver."""


class ServiceTaken(SeriatimError):
    """Another recorder serves followers, or another publisher publishes, on this channel of this driver."""


class NodeFailed(SeriatimError):
    """A node has stopped by itself."""


class RecorderFailed(SeriatimError):
    """What a recorder reads or writes was taken away from it."""


class UsedAfterFork(SeriatimError):
    """A node or client of the parent process was used in a forked child, which must make its own."""


class ConcurrentUse(SeriatimError):
    """A client was used by two threads at once; each needs a client of its own, or a lock around this one."""


class Disconnected(SeriatimError):
    """The node is gone, or has cut this client off; or what is used was closed."""


class SessionEnded(SeriatimError):
    """The session has logged off; log it on again to go on."""


class OrderLost(SeriatimError):
    """A node in `relaxed` durability has crashed and lost commands that it had answered; they never happened."""


class LogonRefused(SeriatimError):
    """The node did not let this session in; `reason` is the schema's RefusalReason."""

    def __init__(self, message: str, reason: int) -> None:
        super().__init__(message)
        self.reason = reason


class SessionExpired(LogonRefused):
    """Nobody was logged on to the session for too long; it is over, and its id is never given again."""


class CommandRefused(SeriatimError):
    """A command did not enter the order."""


class CommandRejected(SeriatimError):
    """The engine rejected a command, which changed nothing; `reason` is the schema's RejectReason."""

    def __init__(self, message: str, reason: int) -> None:
        super().__init__(message)
        self.reason = reason


class NoAnswer(SeriatimError, TimeoutError):
    """Nothing came in time."""


class OutcomeUnknown(NoAnswer):
    """No answer came to commands `first` to `last` of `session`: each may have been executed or not.

    `Client.outcome(number)` settles it as soon as a node answers again.
    """

    def __init__(self, message: str, session: int, first: int, last: int) -> None:
        super().__init__(message)
        self.session, self.first, self.last = session, first, last


class OutcomeForgotten(SeriatimError):
    """The client had acknowledged the answer to the command that it now asks for; nodes do not keep it any more."""


class ReplicaDiffers(SeriatimError):
    """A recorder executed the same order as the live node and came to another state: one of the two is wrong."""

    def __init__(self, seq: int, live_hash: int, own_hash: int) -> None:
        super().__init__(
            f"after seq {seq} the node's state hash is {live_hash:016x} and the recorder's {own_hash:016x}: two "
            "readers of one order differ. Stop the venue, keep the journal, and replay it on another machine: "
            "`seriatim journal state` says who is right"
        )
        self.seq, self.live_hash, self.own_hash = seq, live_hash, own_hash


class PositionGone(SeriatimError):
    """A follower asked for what was truncated. `seq` is the first that there is; 0 if there is none to go on from."""

    def __init__(self, message: str, seq: int) -> None:
        super().__init__(message)
        self.seq = seq


class OrderRewound(SeriatimError):
    """What a follower saw last was lost in a crash of a `relaxed` node. Forget everything from `seq` on, then follow
    from there."""

    def __init__(self, seq: int) -> None:
        super().__init__(
            f"the order was rewound: seq {seq} and all after it were lost in a crash of a `relaxed` node and have been "
            f"given again. Forget what was seen of them, and follow from seq {seq}"
        )
        self.seq = seq


class FollowerBehind(SeriatimError):
    """A follower is further behind than it wants to be. It stands at `seq`, the order at `end_seq`; it can go on."""

    def __init__(self, seq: int, end_seq: int) -> None:
        super().__init__(f"this follower stands at seq {seq} and the order at {end_seq}; go on, or begin further ahead")
        self.seq, self.end_seq = seq, end_seq


class FollowRefused(SeriatimError):
    """The replay service does not serve this follower; `reason` is the schema's FollowEnd."""

    def __init__(self, message: str, reason: int) -> None:
        super().__init__(message)
        self.reason = reason


class FeedChanged(SeriatimError):
    """A receiver hears another venue's public stream in place of the one that it has followed."""


BY_CODE: dict[int, type[SeriatimError]] = {
    lib.SERIATIM_INVALID_ARGUMENT: ConfigError,
    lib.SERIATIM_AERON: NodeFailed,
    lib.SERIATIM_BAD_BLOCK: BadBlockError,
    lib.SERIATIM_TIME_JUMP: TimeJump,
    lib.SERIATIM_PANIC: NodeFailed,
    lib.SERIATIM_DISCONNECTED: Disconnected,
    lib.SERIATIM_SESSION_CLOSED: SessionEnded,
    lib.SERIATIM_SKIP_REFUSED: OverrideRefused,
    lib.SERIATIM_UNKNOWN_LOGIC: UnknownLogic,
    lib.SERIATIM_BAD_SNAPSHOT: SnapshotRefused,
}


def check(code: int) -> int:
    """The code of a native call if it is not an error; raises the error otherwise."""
    if code < 0:
        message = ffi.string(lib.seriatim_error_message())
        assert isinstance(message, bytes)
        if code == lib.SERIATIM_POISON:
            raise PoisonMessage(message.decode(), lib.seriatim_error_seq())
        raise BY_CODE.get(code, SeriatimError)(message.decode())
    return code
