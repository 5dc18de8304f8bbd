"""The event log's readers, in any process of the host: by command, by range, and on as the log grows."""

import bisect
import contextlib
import operator
import os
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Self, SupportsIndex

import lmdb
import numpy as np

from seriatim.engine import EVENT
from seriatim.journal.environment import Environment, open_environment
from seriatim.journal.errors import EventLogDamaged, HistoryGone, JournalClosed
from seriatim.journal.event_log.layout import (
    RECORDS,
    SEQ,
    check_readable,
    record_key,
    segments,
    session_key,
    session_of,
)
from seriatim.journal.event_log.record import NO_EVENTS, Events, Record, check_record
from seriatim.journal.layout import segment_path

OPEN_SEGMENTS_MAX = 8
SEQ_MAX = 2**64 - 1
# A folder's time stamp can miss the second of two changes within a clock tick.
_POLLS_PER_SCAN = 64


class EventLog:
    """Reads an event log that a recorder may be writing. For one thread; everything that it gives is a copy.

    Raises `NotThisEventLog`; reading raises `EventLogDamaged`.
    """

    row: ClassVar[np.dtype] = EVENT
    """What its records are made of."""
    who: ClassVar[str] = "recorder"
    """What keeps it."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        check_readable(self.folder, self.row)
        self._open: OrderedDict[int, tuple[int, Environment]] = OrderedDict()
        self._firsts: list[int] = []
        self._folder_time_ns = -1
        self._idle_polls = 0
        self._closed = False
        self._scan()

    @property
    def first_seq(self) -> int:
        """The first seq that it covers."""
        self._scan()
        return self._firsts[0] if self._firsts else 1

    @property
    def next_seq(self) -> int:
        """The seq after the last one that it covers."""
        last = self._last()
        return last.next_seq if last is not None else self.first_seq

    def of_command(self, session: int, number: int) -> Events:
        """What a session's command caused, to others as well, in order; nothing if it caused nothing that is the
        session's own, or is not in the log (yet).

        Raises ValueError for what can be no session or number.
        """
        session, number = whole("session", session, 0, 2**32 - 1), whole("number", number, 0, SEQ_MAX)
        record = self.holding(session, number) if number else None  # 0 stands for what no command caused
        if record is None:
            return NO_EVENTS
        rows = record.events.rows
        own = rows["seq"][(rows["session"] == session) & (rows["number"] == number)]
        return record.events.where(rows["seq"] == own[0]) if len(own) else NO_EVENTS

    def holding(self, session: int, number: int) -> Record | None:
        """The record that would hold a session's command, by the index."""
        self._scan()
        for segment in reversed(self._firsts):
            first_seq = self._find_command(segment, session, number)
            if first_seq is not None:
                record = self._get(segment, first_seq)
                if record is None:
                    raise EventLogDamaged(f"the record of seq {first_seq} is missing from {self.folder}")
                return record
        return None

    def range(self, from_seq: int, to_seq: int) -> Iterator[Events]:
        """The events of `from_seq` to `to_seq`, both included, as far as the log goes; one batch for each record.

        Raises `HistoryGone` if the log begins later, and ValueError for what can be no seq.
        """
        from_seq, to_seq = whole("from_seq", from_seq, 1, SEQ_MAX), whole("to_seq", to_seq, 0, SEQ_MAX)
        while from_seq <= to_seq and (record := self.at(from_seq)) is not None:
            seqs = record.events.rows["seq"]
            yield record.events.where((seqs >= from_seq) & (seqs <= to_seq))
            from_seq = record.next_seq

    def follow(self, from_seq: int, idle: Callable[[], Any]) -> Iterator[Events]:
        """The events from `from_seq` on, for ever; calls `idle` whenever there is nothing new, which may sleep, or
        raise to end it. Raises `HistoryGone`."""
        while True:
            record = self.at(from_seq)
            if record is None:
                idle()
                continue
            yield record.events.where(record.events.rows["seq"] >= from_seq)
            from_seq = record.next_seq

    def at(self, seq: int) -> Record | None:
        """The record that covers `seq`; None if the log does not go so far (yet). Raises `HistoryGone`, and ValueError
        for what can be no seq."""
        seq = whole("seq", seq, 1, SEQ_MAX)
        try:
            record = self._at(seq)
            if record is None and self._scan_when_idle():
                record = self._at(seq)
            return record
        except FileNotFoundError:  # deleted since the scan: it is being rebuilt
            self._scan()
            return None

    def _at(self, seq: int) -> Record | None:
        self._check_open()
        place = bisect.bisect_right(self._firsts, seq) - 1
        if place < 0:
            if not self._firsts:
                return None
            first = self._firsts[0]
            raise HistoryGone(f"seq {seq} is gone; the event log in {self.folder} begins with seq {first}", first)
        record = self._get(self._firsts[place], seq)
        if record is not None and record.next_seq > seq:
            return record
        if place + 1 < len(self._firsts):
            raise EventLogDamaged(f"the events of seq {seq} are missing from {self.folder}")
        return None

    def first_after_epoch(self, epoch: int) -> int | None:
        """The first seq of the first epoch after this one; None if the log does not go so far."""
        self._scan()
        for first in self._firsts:
            last = self._last_of(first)
            if last is not None and last.epoch > epoch:
                return self._first_after_epoch(first, epoch)
        return None

    def _first_after_epoch(self, segment: int, epoch: int) -> int | None:
        with self._cursor(segment) as cursor:
            found = cursor.set_range(RECORDS)
            while found and bytes(cursor.key()[:1]) == RECORDS:
                header = check_record(cursor.value(), self.row.itemsize)
                if header.epoch > epoch:
                    return header.first_seq
                found = cursor.next()
        return None

    def _get(self, segment: int, seq: int) -> Record | None:
        """The last record of a segment that begins at `seq` or before."""
        with self._cursor(segment) as cursor:
            key = record_key(seq)
            if cursor.set_range(key) and bytes(cursor.key()) == key:
                return self._decode(cursor)
            # Whatever lies behind, be it a record or the index, the record before it is the one.
            found = cursor.prev() if cursor.key() else cursor.last()
            return self._decode(cursor) if found else None

    def _last(self) -> Record | None:
        self._scan()
        for first in reversed(self._firsts):
            last = self._last_of(first)
            if last is not None:
                return last
        return None

    def _last_of(self, segment: int) -> Record | None:
        return self._get(segment, SEQ_MAX)

    def _decode(self, cursor: Any) -> Record:
        try:
            return Record.decode(cursor.value(), self.row)
        except EventLogDamaged as error:
            raise EventLogDamaged(f"{error} (in {self.folder}); {self._rebuild}") from None

    def _find_command(self, segment: int, session: int, number: int) -> int | None:
        """The first seq of the record that would hold a command, by a segment's index."""
        with self._cursor(segment) as cursor:
            key = session_key(session, number)
            exact = cursor.set_range(key) and bytes(cursor.key()) == key
            if not exact and not (cursor.prev() if cursor.key() else cursor.last()):
                return None
            if session_of(bytes(cursor.key())) != session:
                return None
            return SEQ.unpack(bytes(cursor.value()))[0]

    @contextmanager
    def _cursor(self, segment: int) -> Iterator[Any]:
        """A cursor of a segment. LMDB does not check its pages; what it notices all the same is damage."""
        environment = self._environment(segment)
        try:
            with environment.handle.begin(buffers=True) as transaction, transaction.cursor() as cursor:
                yield cursor
        except lmdb.Error as error:
            path = environment.path
            raise EventLogDamaged(f"its pages are damaged: {error} (in {path}); {self._rebuild}") from error

    def _environment(self, segment: int) -> Environment:
        path = segment_path(self.folder, segment)
        if segment in self._open:
            self._open.move_to_end(segment)
        else:
            # The number is taken first: should the file be replaced meanwhile, the next scan sees it.
            number = path.stat().st_ino
            self._open[segment] = (number, open_environment(path))
            if len(self._open) > OPEN_SEGMENTS_MAX:
                self._open.popitem(last=False)[1][1].close()
        return self._open[segment][1]

    @property
    def _rebuild(self) -> str:
        return f"start the {self.who} again, which rebuilds it"

    def _scan_when_idle(self) -> bool:
        """Looks whether segments came or went, at the cost of one `stat` when nothing did; True if it looked."""
        self._idle_polls += 1
        with contextlib.suppress(FileNotFoundError):  # the scan says so
            if os.stat(self.folder).st_mtime_ns == self._folder_time_ns and self._idle_polls % _POLLS_PER_SCAN:
                return False
        self._scan()
        return True

    def _scan(self) -> None:
        """Reads the folder, which must be there; lets go of segments that are not the files that they were, because the
        log was rebuilt."""
        self._check_open()
        try:
            self._folder_time_ns = os.stat(self.folder).st_mtime_ns
            self._firsts = segments(self.folder)
        except FileNotFoundError:
            raise EventLogDamaged(
                f"the log's folder {self.folder} is gone; bring it back, or start the {self.who} anew"
            ) from None
        for first, (number, environment) in list(self._open.items()):
            try:
                same = segment_path(self.folder, first).stat().st_ino == number
            except FileNotFoundError:
                same = False
            if not same:
                environment.close()
                del self._open[first]

    def _check_open(self) -> None:
        if self._closed:
            raise JournalClosed(f"the reader of {self.folder} is closed")

    def close(self) -> None:
        """Ends it; harmless when repeated."""
        self._closed = True
        while self._open:
            self._open.popitem()[1][1].close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def whole(name: str, value: SupportsIndex, least: int, most: int) -> int:
    """A whole number within bounds. Raises ValueError."""
    try:
        number = operator.index(value)
    except TypeError:
        raise ValueError(f"{name} is {value!r}; it is a whole number") from None
    if not least <= number <= most:
        raise ValueError(f"{name} is {number}; it is a number from {least} to {most}")
    return number
