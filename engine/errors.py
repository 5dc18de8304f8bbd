"""What can go wrong in the engine's Python face. A command that makes no sense is no error: it gets a `Rejected`
event.
"""


class EngineError(Exception):
    """Any error of this package."""


class FieldOutOfRangeError(EngineError, ValueError):
    """A value does not fit the field of a command, or the argument, that was to hold it; nothing was executed."""

    def __init__(self, field: str, value: object, takes: str) -> None:
        super().__init__(f"{value!r} does not fit the field {field!r}: it takes {takes}")
        self.field = field
        self.value = value


class ArrayError(EngineError, ValueError):
    """An array is not what the engine takes; nothing was executed."""


class SnapshotError(EngineError, ValueError):
    """Bytes are no snapshot of an engine, or a damaged one; the message names section and byte."""


class EngineFault(EngineError, RuntimeError):
    """The native engine has panicked and refuses all further calls. Rebuild it by replaying the commands, and report
    the message as a bug.
    """
