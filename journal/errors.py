"""What can go wrong with a journal; each error says what a person can do about it."""

# The names say what happened (`JournalFull`), which an `Error` at the end would not make clearer.

from pathlib import Path


class JournalError(Exception):
    """Base of every error of the journal."""


class JournalFull(JournalError):
    """There is no room for the next block. Nothing was lost: make room and append the same block again."""


class JournalFailed(JournalError):
    """The disk refused a commit. The writer is of no more use: close it, look at the disk, verify, start again."""


class JournalLocked(JournalError):
    """Another process writes to this journal."""


class JournalReadOnly(JournalError):
    """The journal's folder or file system does not let us write."""


class JournalClosed(JournalError):
    """The writer, reader or environment was closed before this call."""


class UsedAfterFork(JournalError):
    """LMDB environments do not survive a fork; the child process must open the journal itself."""


class NotAJournal(JournalError):
    """The path does not hold a journal, or holds something else."""


class UnknownFormat(JournalError):
    """The journal was written in a format that this version of Seriatim does not know."""


class SchemaMismatch(JournalError):
    """The journal holds another schema under the same schema version."""


class BlockTooLarge(JournalError):
    """The block does not fit into an empty segment."""


class OutOfOrder(JournalError):
    """The block does not continue the log: wrong index, sequence number, term or previous hash."""


class HistoryGone(JournalError):
    """The position asked for lies before the first block that the journal still holds."""

    def __init__(self, message: str, first_index: int) -> None:
        super().__init__(message)
        self.first_index = first_index


class JournalDamaged(JournalError):
    """Bytes on disk are not what was written. `path` is the file, `index` the block if it is known."""

    def __init__(self, message: str, path: Path | None = None, index: int | None = None) -> None:
        where = f" (file {path})" if path else ""
        super().__init__(f"{message}{where}. Run `seriatim journal verify` to see how far the journal is whole.")
        self.detail = message
        self.path = path
        self.index = index


class EventLogDamaged(JournalError):
    """A record of the event log is not what was written, or is missing. The recorder rebuilds it at its next start."""


class NotThisEventLog(JournalError):
    """The folder holds the event log of another journal, or something else."""
