"""Where a follower's next batch comes from: the journal, the event log, or a replica of its own.

Each source stands at `next_seq` (and, within one command's events, `next_index`) and never waits.
"""

from pathlib import Path
from typing import Protocol

import numpy as np

from seriatim.errors import OrderRewound, PositionGone
from seriatim.journal import Block, HistoryGone, JournalReader
from seriatim.journal.event_log import NO_EVENTS, EventLog, Events, Record
from seriatim.sequencer.follow.commands import Commands
from seriatim.sequencer.follow.journal_end import first_after_epoch, journal_end, journal_start
from seriatim.sequencer.overrides import proved_skips
from seriatim.sequencer.recording import RecordingReplica
from seriatim.sequencer.replica import Skip

Batch = Commands | Events


class Source(Protocol):
    """What a follower reads from."""

    next_seq: int

    def poll(self) -> Batch | None:
        """What comes next, which may be empty; None if there is nothing yet."""
        ...

    def pause(self) -> None:
        """Holds nothing that a writer waits for, until the next poll."""

    @property
    def end_seq(self) -> int:
        """The last seq that there is."""
        ...

    def close(self) -> None: ...


class ServedSource(Source, Protocol):
    """What the replay service reads from."""

    def messages(self, rows_max: int) -> list[bytes]:
        """What comes next, as messages; none if there is nothing yet."""
        ...


class OrderSource:
    """Blocks of the journal. Raises PositionGone, OrderRewound."""

    def __init__(self, journal: Path, from_seq: int, from_index: int = 0, epoch: int | None = None) -> None:
        del from_index  # a command is one thing
        self.next_seq = from_seq
        self._journal = journal
        self._epoch = epoch
        refuse_rewound(None if epoch is None else first_after_epoch(journal, epoch), from_seq)
        self._reader = JournalReader(journal)
        try:
            self._seek()
        except BaseException:
            self._reader.close()
            raise

    def skips(self, key: bytes) -> list[Skip]:
        """The commands that the journal's operator has skipped. Raises OverrideRefused."""
        return proved_skips(self._reader.meta, key)

    def _seek(self) -> None:
        start = journal_start(self._journal)
        if self.next_seq < start:
            raise gone(self.next_seq, start)
        try:
            self._reader.seek_seq(self.next_seq)
        except HistoryGone as error:
            raise gone(self.next_seq, journal_start(self._journal)) from error

    def step(self) -> Block | None:
        """The next block, a view that is valid until the next step."""
        try:
            block = self._reader.step()
        except HistoryGone as error:
            raise gone(self.next_seq, journal_start(self._journal)) from error
        if block is None:
            return None
        # Beyond the end there was nothing to compare the epoch with.
        if self._epoch is not None and block.first_seq < self.next_seq and block.count:
            epoch = int(block.frame_table().epoch[0])
            refuse_rewound(block.first_seq if epoch > self._epoch else None, self.next_seq)
        return block

    def poll(self) -> Commands | None:
        block = self.step()
        if block is None:
            return None
        commands = Commands.of(block, self.next_seq)
        self.next_seq = max(self.next_seq, block.next_seq)
        return commands

    def messages(self, rows_max: int) -> list[bytes]:
        del rows_max  # a block is one message
        block = self.step()
        if block is None or block.next_seq <= self.next_seq:
            return []
        self.next_seq = block.next_seq
        return [bytes(block.data)]

    def pause(self) -> None:
        self._reader.pause()

    @property
    def end_seq(self) -> int:
        return journal_end(self._journal)

    def close(self) -> None:
        self._reader.close()


class LogSource:
    """Records of an event log, which a recorder may be writing. Raises PositionGone, OrderRewound."""

    def __init__(
        self, log: EventLog, from_seq: int, from_index: int = 0, epoch: int | None = None, *, owned: bool = False
    ) -> None:
        self.next_seq, self.next_index = from_seq, from_index
        self._log = log
        self._owned = owned
        self._epoch = epoch
        refuse_rewound(None if epoch is None else log.first_after_epoch(epoch), from_seq)
        self._refuse_gone()

    def _refuse_gone(self) -> None:
        if self.next_seq < self._log.first_seq:
            raise gone(self.next_seq, self._log.first_seq)

    def _take(self) -> Record | None:
        """The record that covers `next_seq`, with the events from there on."""
        try:
            record = self._log.at(self.next_seq)
        except HistoryGone as error:
            raise gone(self.next_seq, error.first_index) from error
        if record is None:
            return None
        if self._epoch is not None and record.epoch > self._epoch and record.first_seq < self.next_seq:
            refuse_rewound(self._log.first_after_epoch(self._epoch), self.next_seq)
        self._epoch = record.epoch
        rest = record.events.where(at_or_after(record.events.rows, self.next_seq, self.next_index))
        self.next_seq, self.next_index = record.next_seq, 0
        return record.with_events(rest)

    def poll(self) -> Events | None:
        record = self._take()
        return record.events if record is not None else None

    def messages(self, rows_max: int) -> list[bytes]:
        record = self._take()
        return [] if record is None else record.pieces(rows_max)

    def pause(self) -> None:
        """It holds nothing: what it gives are copies."""

    @property
    def end_seq(self) -> int:
        return self._log.next_seq - 1

    def close(self) -> None:
        """A log that others read too stays open."""
        if self._owned:
            self._log.close()


class ReplicaSource:
    """Events of an engine of its own, which executes the journal from its start, wherever the follower begins.

    Raises PositionGone if the journal has lost its beginning: only an event log knows its events then; OverrideRefused
    if the journal holds an override that was not made with `key`.
    """

    def __init__(
        self, journal: Path, from_seq: int, from_index: int = 0, epoch: int | None = None, key: bytes = b""
    ) -> None:
        self.next_seq, self.next_index = from_seq, from_index
        self._order = OrderSource(journal, 1)
        try:
            refuse_rewound(None if epoch is None else first_after_epoch(journal, epoch), from_seq)
            self._replica = RecordingReplica(self._order.skips(key))
        except BaseException:
            self._order.close()
            raise
        self._epoch = epoch

    def poll(self) -> Events | None:
        block = self._order.step()
        if block is None:
            return None
        if block.next_seq <= self.next_seq:
            self._replica.apply(block.data)
            if self._epoch is not None and self._replica.state.epoch > self._epoch:
                refuse_rewound(block.first_seq, self.next_seq)
            return NO_EVENTS
        recorded = self._replica.record(block.data).events
        rows = recorded.rows[at_or_after(recorded.rows, self.next_seq, self.next_index)]  # a copy
        self.next_seq, self.next_index = block.next_seq, 0
        return Events(rows, recorded.terms.copy())

    def pause(self) -> None:
        self._order.pause()

    @property
    def end_seq(self) -> int:
        return self._order.end_seq

    def close(self) -> None:
        self._order.close()
        self._replica.close()


def gone(seq: int, first_seq: int) -> PositionGone:
    """`seq` was truncated."""
    return PositionGone(f"seq {seq} is gone; what is left begins with seq {first_seq}: follow from there", first_seq)


def refuse_rewound(opened_seq: int | None, next_seq: int) -> None:
    """Raises OrderRewound if the epoch after the follower's began before the place at which it stands."""
    if opened_seq is not None and opened_seq < next_seq:
        raise OrderRewound(opened_seq)


def at_or_after(rows: np.ndarray, seq: int, index: int) -> np.ndarray:
    """Which EVENT rows are not before that place."""
    return (rows["seq"] > seq) | ((rows["seq"] == seq) & (rows["index"] >= index))
