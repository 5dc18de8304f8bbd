"""The journal: blocks in LMDB segments. Write with `JournalWriter`, read with `JournalReader`, check with `verify`."""

from seriatim.journal.block import Block, Frame, FrameTable
from seriatim.journal.errors import (
    BlockTooLarge,
    EventLogDamaged,
    HistoryGone,
    JournalClosed,
    JournalDamaged,
    JournalError,
    JournalFailed,
    JournalFull,
    JournalLocked,
    JournalReadOnly,
    NotAJournal,
    NotThisEventLog,
    OutOfOrder,
    SchemaMismatch,
    UnknownFormat,
    UsedAfterFork,
)
from seriatim.journal.meta import Meta, Vote
from seriatim.journal.position import Position
from seriatim.journal.reader import JournalReader
from seriatim.journal.verify import Report, SegmentReport, verify
from seriatim.journal.writer import SEGMENT_BYTES, JournalWriter

__all__ = [
    "SEGMENT_BYTES",
    "Block",
    "BlockTooLarge",
    "EventLogDamaged",
    "Frame",
    "FrameTable",
    "HistoryGone",
    "JournalClosed",
    "JournalDamaged",
    "JournalError",
    "JournalFailed",
    "JournalFull",
    "JournalLocked",
    "JournalReadOnly",
    "JournalReader",
    "JournalWriter",
    "Meta",
    "NotAJournal",
    "NotThisEventLog",
    "OutOfOrder",
    "Position",
    "Report",
    "SchemaMismatch",
    "SegmentReport",
    "UnknownFormat",
    "UsedAfterFork",
    "Vote",
    "verify",
]
