"""The event log: what every command caused, on disk, derived from the journal. docs/RECORDER.md is its page."""

from seriatim.journal.event_log.examine import SegmentEnd, examine
from seriatim.journal.event_log.reader import EventLog
from seriatim.journal.event_log.record import NO_EVENTS, TERMS, Events, Record, SequencedEvent, encode_record
from seriatim.journal.event_log.writer import EventLogWriter

__all__ = [
    "NO_EVENTS",
    "TERMS",
    "EventLog",
    "EventLogWriter",
    "Events",
    "Record",
    "SegmentEnd",
    "SequencedEvent",
    "encode_record",
    "examine",
]
