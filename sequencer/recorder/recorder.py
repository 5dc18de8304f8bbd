"""The recorder: journal in, event log out, and a second engine that keeps the live one honest.

    journal ──▶ second engine ──▶ records ──▶ event log ──▶ readers, followers
                     │
                     └── state hash, compared with the node's all the time

It is off the path of orders: it reads what is committed, may fall behind, and everything that it writes can be made
again from the journal. One thread does all of it.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Self

import structlog

from seriatim.config import RecorderConfig
from seriatim.errors import PositionGone, RecorderFailed
from seriatim.journal import Block, HistoryGone, JournalFull, JournalReader
from seriatim.journal.event_log import EventLogWriter, SegmentEnd, encode_record, examine
from seriatim.sequencer.follow.journal_end import journal_end
from seriatim.sequencer.overrides import proved_skips
from seriatim.sequencer.recorder.lag import Lag
from seriatim.sequencer.recorder.link import DriverLink
from seriatim.sequencer.recorder.live import HashWatch, LiveNode
from seriatim.sequencer.recording import RecordingReplica
from seriatim.sequencer.replica import State

log = structlog.get_logger("seriatim.recorder")

COMMIT_INTERVAL_S = 0.05
"""Records are committed when many wait, or when the last commit is so long ago: each one takes the disk from the
journal for a moment."""
CATCHING_UP_INTERVAL_S = 1.0
"""The same while it is behind, when nobody waits for the latest record."""
TURN_S = 0.02
"""How long one turn records before followers are served."""
UPKEEP_INTERVAL_S = 0.1
REPORT_INTERVAL_S = 10.0
FULL_RETRY_S = 0.5
IDLE_S = 0.001

OnProgress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class _Place:
    """Of a record."""

    index: int
    first_seq: int
    next_seq: int
    time_ns: int
    state_hash: int
    epoch: int


class Recorder:
    """See the module. A context manager: entering recovers the log, `run` goes on, leaving ends it.

    `on_progress(seq)` hears a few times a second how far it has come, until it has caught up.

    Raises what the journal raises, `JournalLocked` and `NotThisEventLog` for the log, PositionGone if the journal has
    lost its beginning, and from `turn` and `run` ReplicaDiffers.
    """

    def __init__(self, config: RecorderConfig, *, on_progress: OnProgress | None = None) -> None:
        self.config = config
        self.recorded = 0
        """Commands recorded since it was started."""
        self.events = 0
        """Events recorded since it was started."""
        self._on_progress = on_progress
        self._stack = ExitStack()
        self._caught_up = False
        self._committed_at = self._upkeep_at = self._report_at = self._logged_at = 0.0
        self._full = False
        self._end_seq = 0

    def start(self) -> None:
        """Recovers the event log: checks it, executes what it covers, and drops what is damaged or of another order."""
        config = self.config
        try:
            self._reader = self._stack.enter_context(JournalReader(config.journal))
            cluster_id = self._reader.meta.cluster_id
            self._writer = self._stack.enter_context(
                EventLogWriter(config.log, cluster_id=cluster_id, segment_bytes=config.segment_bytes)
            )
            if self._writer.emptied:
                log.warning(
                    "event log of another release or without log.json, rebuilt from the journal", log=str(config.log)
                )
            self._end_seq = journal_end(config.journal)
            while not self._resume(examine(config.log)):
                pass
            self._writer.enter()
            self.live = LiveNode(config.aeron_dir, cluster_id)
            self.watch = HashWatch(self.live)
            self._link = self._stack.enter_context(DriverLink(config, cluster_id))
        except BaseException:
            self._stack.close()
            raise
        log.info("recorder started", journal=str(config.journal), log=str(config.log), seq=self._seq)

    @property
    def state(self) -> State:
        """Of the second engine."""
        return self._replica.state

    @property
    def lag(self) -> Lag:
        """How far it is behind what is in the journal."""
        behind = 0 if self._caught_up else max(0, max(self.live.persisted_seq or 0, self._end_seq) - self._seq)
        return Lag(self._seq, behind, max(0, time.time_ns() - self._time_ns) if behind else 0)

    def _resume(self, ends: list[SegmentEnd]) -> bool:
        """Executes what the log covers; False if some of it had to be dropped, so that it must be done again."""
        if ends and ends[-1].problem:
            bad = ends.pop()
            self._drop(bad.first_seq, bad.problem or "")
        if ends and ends[0].first_seq != 1:
            self._drop(0, "its beginning is missing")
            return False
        self._begin_at_start()
        by_index = {end.index: end for end in ends if end.index}
        last_index = max(by_index, default=0)
        while self._reader.next_index <= last_index and (block := self._reader.step()) is not None:
            self._replica.apply(block.data)
            self._note(block)
            end = by_index.get(block.index)
            if end is not None and end.state_hash != self._replica.state.state_hash:
                self._drop(end.first_seq, f"its state after block {block.index} is not that of the journal")
                return False
        if self._reader.next_index <= last_index:
            self._drop(max(end.first_seq for end in ends), "it goes further than the journal")
            return False
        return True

    def _begin_at_start(self) -> None:
        self._replica = RecordingReplica(proved_skips(self._reader.meta, self.config.key))
        self._seq = self._time_ns = 0
        try:
            self._reader.seek(1)
        except HistoryGone as error:
            raise PositionGone(f"{error}: a recorder must read it from the start", 0) from error

    def _drop(self, first_seq: int, problem: str) -> None:
        self._writer.truncate(first_seq)
        log.warning("event log damaged, rebuilt from the journal", from_seq=max(first_seq, 1), problem=problem)

    def run(self, stopped: Callable[[], bool]) -> None:
        """Records and serves until `stopped()`."""
        while not stopped():
            if not self.turn():
                time.sleep(IDLE_S)

    def catch_up(self, stopped: Callable[[], bool] = lambda: False) -> None:
        """Records until the journal has nothing further and all of it is committed."""
        begun, before = time.monotonic(), self.recorded
        while not (self._caught_up and self._commit()):
            if stopped():
                return
            self.turn()
        self._on_progress = None
        elapsed_s, recorded = time.monotonic() - begun, self.recorded - before
        log.info(
            "recorder caught up", seq=self._seq, recorded=recorded, commands_per_second=round(recorded / elapsed_s)
        )

    def turn(self) -> bool:
        """Records for a moment, compares hashes, serves followers; True if there was anything to do."""
        try:
            return self._turn()
        except FileNotFoundError as error:
            gone = next((folder for folder in (self.config.journal, self.config.log) if not folder.is_dir()), None)
            if gone is None:
                raise
            raise RecorderFailed(f"the folder {gone} was moved or deleted while the recorder used it") from error

    def _turn(self) -> bool:
        worked = self._record_blocks()
        now = time.monotonic()
        interval_s = COMMIT_INTERVAL_S if self._caught_up else CATCHING_UP_INTERVAL_S
        if self._writer.wants_commit or now - self._committed_at >= interval_s:
            self._commit()
        self.live.look()
        self.watch.compare(self._replica, self._seq)
        worked |= self._link.turn()
        if now - self._upkeep_at >= UPKEEP_INTERVAL_S:
            self._upkeep_at = now
            self._upkeep(now)
        return worked

    def _record_blocks(self) -> bool:
        until = time.monotonic() + TURN_S
        worked = False
        while time.monotonic() < until and not self._writer.wants_commit:
            block = self._reader.step()
            self._caught_up = block is None
            if block is None:
                break
            self._record(block)
            worked = True
        return worked

    def _record(self, block: Block) -> None:
        recorded = self._replica.record(block.data)
        self._note(block)
        if not block.count:
            return
        state = self._replica.state
        place = _Place(block.index, block.first_seq, block.next_seq, block.time_ns, state.state_hash, state.epoch)
        record = encode_record(place, recorded.events.rows, recorded.events.terms)
        self._writer.append(block.first_seq, record, recorded.sessions)
        self.recorded += recorded.commands
        self.events += len(recorded.events)

    def _note(self, block: Block) -> None:
        self._seq, self._time_ns = block.next_seq - 1, block.time_ns
        now = time.monotonic()
        if self._on_progress and now - self._report_at > UPKEEP_INTERVAL_S:
            self._report_at = now
            self._on_progress(self._seq)

    def _commit(self) -> bool:
        """False if there was no room: what waits still waits."""
        try:
            self._writer.commit()
            if self._full:
                log.info("event log has room again")
            self._full = False
        except JournalFull as full:
            if not self._full:
                log.error("event log full, recorder waits for room", error=str(full))
            self._full = True
            time.sleep(FULL_RETRY_S)
        self._committed_at = time.monotonic()
        return not self._full

    def _upkeep(self, now: float) -> None:
        self._writer.check_place()
        if not self._caught_up and not self.live.persisted_seq:
            self._end_seq = journal_end(self.config.journal)
        self._link.publish(self.lag, self.watch.agreed)
        if now - self._logged_at >= REPORT_INTERVAL_S:
            self._logged_at = now
            lag = self.lag
            log.info("recorder", seq=lag.seq, behind_seq=lag.behind_seq, behind_s=round(lag.behind_ns / 1e9, 3),
                     hashes_agreed=self.watch.agreed, followers=self._link.followers)  # fmt: skip

    def close(self) -> None:
        """Ends without writing what waits."""
        self._stack.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._writer.commit()
        finally:
            self.close()
