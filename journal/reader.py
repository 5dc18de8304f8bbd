"""The journal's reader: blocks from any position, to the commit position, and on as the log grows."""

import bisect
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

import lmdb

from seriatim.journal.block import Block
from seriatim.journal.errors import HistoryGone, JournalClosed, JournalDamaged, JournalError, OutOfOrder
from seriatim.journal.layout import KEY, scan
from seriatim.journal.meta import Meta
from seriatim.journal.position import START, Position
from seriatim.journal.segment import Segment

# A transaction keeps pages of the live segment from being used again, so it is given back after so many blocks.
_BLOCKS_PER_TRANSACTION = 256
# A folder's time stamp can miss the second of two changes within a clock tick.
_POLLS_PER_SCAN = 64


class JournalReader:
    """Steps through the log; starts at its first block. For one thread; any number of readers and processes.

    A block and every view of it are valid until the next step, `seek` or `close`; using one later raises ValueError. A
    slice or a numpy array made of a view cannot be told that: copy it if it must outlive the step. Checksum and hash
    chain of each block are checked. `beyond_commit` also gives blocks that are not committed yet, for tools.

    Raises `NotAJournal`, `UnknownFormat`; stepping raises `JournalDamaged` and `HistoryGone`.
    """

    def __init__(self, folder: Path, *, beyond_commit: bool = False) -> None:
        self.folder = Path(folder)
        self.meta = Meta(self.folder)
        self._beyond_commit = beyond_commit
        self._segment: Segment | None = None
        self._end_index: int | None = None
        self._transaction: Any = None
        self._cursor: Any = None
        self._served = 0
        self._block: Block | None = None
        self._position: Position | None = None
        self._committed_index = 0
        self._closed = False
        self._folder_time_ns = -1
        self._idle_polls = 0
        self._first_indices: list[int] = []
        self._scan()
        self._next_index = max(self._first_indices[0], 1) if self._first_indices else 1
        self._position = START if self._next_index == 1 else None

    @property
    def next_index(self) -> int:
        """The index of the block that the next step gives."""
        return self._next_index

    @property
    def first_index(self) -> int:
        """The index of the oldest block that the journal still holds."""
        self._scan()
        return self._first_indices[0] if self._first_indices else 1

    def seek(self, index: int) -> None:
        """Moves to a block; it need not be there yet. Raises `HistoryGone` if it is there no more."""
        self._leave()
        self._scan()
        first = self._first_indices[0] if self._first_indices else 1
        if index < first:
            raise HistoryGone(f"block {index} is gone; the journal in {self.folder} begins with block {first}", first)
        self._next_index = index
        self._position = START if index == 1 else self._position_before(index)

    def seek_seq(self, seq: int) -> None:
        """Moves to the block that holds `seq`, or to the end if it is not there yet. Raises `HistoryGone`."""
        self._leave()
        self._scan()
        place = bisect.bisect_right(self._first_indices, seq, key=self._first_seq_of_segment) - 1
        if place < 0:
            first = self._first_indices[0] if self._first_indices else 1
            if self._first_indices and seq >= 1 and first > 1:
                raise HistoryGone(f"seq {seq} is gone; the journal in {self.folder} begins with block {first}", first)
            return self.seek(first)
        first = self._first_indices[place]
        with Segment(self.folder, first) as segment:
            last = segment.last(self._end_of(place))
            if last is None or seq >= last.next_seq:
                return self.seek(last.index + 1 if last is not None else first)
            found = bisect.bisect_right(range(first, last.index + 1), seq, key=segment.first_seq)
        return self.seek(first + found - 1)

    def step(self) -> Block | None:
        """The next block, or None if there is none yet. Ends the validity of the block before."""
        self._release_block()
        if not self._may_read():
            return None
        try:
            value = self._find()
        except lmdb.Error as error:  # LMDB does not check its pages, but notices some of what is wrong with them
            path = self._segment.path if self._segment is not None else None
            raise JournalDamaged(f"its pages are damaged: {error}", path, self._next_index) from error
        if value is None:
            return None
        assert self._segment is not None
        block = self._segment.decode(KEY.pack(self._next_index), value)
        try:
            if self._position is not None:
                self._position.check_next(block)
        except OutOfOrder as error:
            raise JournalDamaged(str(error), self._segment.path, block.index) from None
        self._block = block
        self._position = Position.after(block)
        self._next_index += 1
        self._served += 1
        return block

    def pause(self) -> None:
        """Ends the validity of the block and gives back what it was read from: whoever does not step again soon would
        keep the writer from using pages of the live segment again."""
        self._release_block()
        self._end_transaction()

    def __iter__(self) -> Iterator[Block]:
        """Steps until there is no further block."""
        while (block := self.step()) is not None:
            yield block

    def follow(self, idle: Callable[[], Any]) -> Iterator[Block]:
        """Steps for ever; calls `idle` whenever there is nothing new, which may sleep, or raise to end it."""
        while True:
            block = self.step()
            if block is None:
                idle()
            else:
                yield block

    def _may_read(self) -> bool:
        if self._closed:
            raise JournalClosed(f"the reader of {self.folder} is closed")
        if self._beyond_commit or self._next_index <= self._committed_index:
            return True
        committed = self.meta.committed()
        self._committed_index = committed.index
        return committed.alone or self._next_index <= committed.index

    def _find(self) -> Any:
        """The bytes of the next block, from the transaction at hand, a fresh one, or the next segment; or None."""
        if self._segment is None or (self._end_index is not None and self._next_index >= self._end_index):
            if not self._enter_segment():
                return None
            return self._look_up()
        value = self._look_ahead()
        if value is None:
            value = self._look_up()
        if value is not None:
            return value
        return self._look_up() if self._scan_when_idle() and self._enter_segment() else None

    def _look_ahead(self) -> Any:
        """The record behind the last one in the same transaction; None if that has served long enough or ends."""
        if self._cursor is None or self._served >= _BLOCKS_PER_TRANSACTION or not self._cursor.next():
            return None
        return self._cursor.value() if self._cursor.key() == KEY.pack(self._next_index) else None

    def _look_up(self) -> Any:
        """Looks in a new transaction. A block missing before the end of its segment was lost."""
        self._end_transaction()
        assert self._segment is not None
        self._transaction = self._segment.environment.handle.begin(buffers=True)
        self._cursor = self._transaction.cursor()
        self._served = 0
        if self._cursor.set_key(KEY.pack(self._next_index)):
            return self._cursor.value()
        self._end_transaction()
        if self._end_index is not None:
            lost = f"block {self._next_index} is" if self._end_index == self._next_index + 1 else (
                f"blocks {self._next_index} to {self._end_index - 1} are"
            )  # fmt: skip
            raise JournalDamaged(f"{lost} missing from {self.folder}", self._segment.path, self._next_index)
        return None

    def _enter_segment(self) -> bool:
        """Opens the segment that holds the next block; False if there is none yet."""
        self._end_transaction()
        self._scan()
        place = bisect.bisect_right(self._first_indices, self._next_index) - 1
        if place < 0:
            if not self._first_indices:
                return False
            first = self._first_indices[0]
            raise HistoryGone(
                f"block {self._next_index} is gone; the journal in {self.folder} begins with block {first}", first
            )
        self._close_segment()
        try:
            self._segment = Segment(self.folder, self._first_indices[place])
        except FileNotFoundError:
            return False  # Replaced or deleted since the scan; the next step looks again.
        self._end_index = self._end_of(place)
        return True

    def _scan_when_idle(self) -> bool:
        """Looks whether segments came or went, at the cost of one `stat` when nothing did."""
        self._idle_polls += 1
        time_ns = os.stat(self.folder).st_mtime_ns
        return time_ns != self._folder_time_ns or self._idle_polls % _POLLS_PER_SCAN == 0

    def _scan(self) -> None:
        self._folder_time_ns = os.stat(self.folder).st_mtime_ns
        self._first_indices = scan(self.folder).segments

    def _end_of(self, place: int) -> int | None:
        return self._first_indices[place + 1] if place + 1 < len(self._first_indices) else None

    def _first_seq_of_segment(self, first_index: int) -> float:
        with Segment(self.folder, first_index) as segment:
            first = segment.first()
        return first.first_seq if first is not None else float("inf")

    def _position_before(self, index: int) -> Position | None:
        """Where the log stood before a block, to check the chain from the first step on; None if that is not there."""
        place = bisect.bisect_right(self._first_indices, index - 1) - 1
        if place < 0:
            return None
        with Segment(self.folder, self._first_indices[place]) as segment:
            before = segment.get(index - 1)
        return Position.after(before) if before is not None else None

    def _release_block(self) -> None:
        if self._block is None:
            return
        try:
            self._block.release()
        except BufferError:
            raise JournalError(
                f"something still uses the bytes of block {self._block.index}; copy what must outlive the step"
            ) from None
        self._block = None

    def _leave(self) -> None:
        self._release_block()
        self._close_segment()

    def _end_transaction(self) -> None:
        if self._transaction is not None:
            self._cursor.close()
            self._transaction.abort()
            self._cursor = self._transaction = None

    def _close_segment(self) -> None:
        self._end_transaction()
        if self._segment is not None:
            self._segment.close()
            self._segment = None
            self._end_index = None

    def close(self) -> None:
        if not self._closed:
            self._leave()
            self.meta.close()
            self._closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
