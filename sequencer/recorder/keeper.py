"""What follows a journal and keeps a log derived of it: it recovers, catches up, and goes on as the journal grows.

It is off the path of orders: it reads what is committed, may fall behind, and everything that it writes can be made
again from the journal. One thread does all of it.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol, Self

import numpy as np
import structlog

from seriatim.engine import EVENT
from seriatim.errors import PositionGone, RecorderFailed
from seriatim.journal import Block, HistoryGone, JournalFull, JournalReader
from seriatim.journal.event_log import EventLogWriter, SegmentEnd, encode_record, examine
from seriatim.sequencer.follow.journal_end import journal_end
from seriatim.sequencer.overrides import proved_skips
from seriatim.sequencer.recorder.lag import Lag
from seriatim.sequencer.recorder.live import LiveNode
from seriatim.sequencer.replica import Replica, Skip, State

COMMIT_INTERVAL_S = 0.05
"""Records are committed when many wait, or when the last commit is so long ago: each one takes the disk from the
journal for a moment."""
CATCHING_UP_INTERVAL_S = 1.0
"""The same while it is behind, when nobody waits for the latest record."""
TURN_S = 0.02
"""How long one turn reads blocks before anything else is done."""
UPKEEP_INTERVAL_S = 0.1
REPORT_INTERVAL_S = 10.0
FULL_RETRY_S = 0.5
IDLE_S = 0.001

OnProgress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Place:
    """Of a record."""

    index: int
    first_seq: int
    next_seq: int
    time_ns: int
    state_hash: int
    epoch: int


class KeeperConfig(Protocol):
    """What a keeper must be told."""

    @property
    def journal(self) -> Path: ...
    @property
    def log(self) -> Path: ...
    @property
    def aeron_dir(self) -> str: ...
    @property
    def key(self) -> bytes: ...
    @property
    def segment_bytes(self) -> int: ...


class LogKeeper(ABC):
    """See the module. A context manager: entering recovers the log, `run` goes on, leaving ends it.

    `on_progress(seq)` hears a few times a second how far it has come, until it has caught up.

    Raises what the journal raises, `JournalLocked` and `NotThisEventLog` for the log, PositionGone if the journal has
    lost its beginning.
    """

    who: ClassVar[str]
    """What this is called in its own log."""
    what: ClassVar[str]
    """What it keeps."""
    row: ClassVar[np.dtype] = EVENT
    """What its records are made of."""
    commit_interval_s: ClassVar[float] = COMMIT_INTERVAL_S
    """How often it commits when it has caught up."""

    def __init__(self, config: KeeperConfig, *, on_progress: OnProgress | None = None) -> None:
        self._settings = config
        self.log = structlog.get_logger(f"seriatim.{self.who}")
        self.recorded = 0
        """Commands recorded since it was started."""
        self._on_progress = on_progress
        self._stack = ExitStack()
        self._caught_up = False
        self._committed_at = self._upkeep_at = self._report_at = self._logged_at = 0.0
        self._full = False
        self._end_seq = 0

    def start(self) -> None:
        """Recovers the log: checks it, executes what it covers, and drops what is damaged or of another order."""
        config = self._settings
        try:
            self._reader = self._stack.enter_context(JournalReader(config.journal))
            cluster_id = self._reader.meta.cluster_id
            self._writer = self._stack.enter_context(
                EventLogWriter(
                    config.log,
                    cluster_id=cluster_id,
                    segment_bytes=config.segment_bytes,
                    row=self.row,
                    who=self.who,
                    what=self.what,
                )
            )
            if self._writer.emptied:
                self.log.warning(
                    f"{self.what} of another release or without log.json, rebuilt from the journal", log=str(config.log)
                )
            self._end_seq = journal_end(config.journal)
            while not self._resume(examine(config.log)):
                pass
            self._writer.enter()
            self.live = LiveNode(config.aeron_dir, cluster_id)
            self._begin_serving(cluster_id)
        except BaseException:
            self._stack.close()
            raise
        self.log.info(f"{self.who} started", journal=str(config.journal), log=str(config.log), seq=self._seq)

    @abstractmethod
    def _new_replica(self, skips: Iterable[Skip]) -> Replica:
        """Of nothing yet."""

    @abstractmethod
    def _execute(self, block: Block) -> None:
        """Executes a block that the log covers already."""

    @abstractmethod
    def _record(self, block: Block) -> None:
        """Executes a block and appends its record."""

    @abstractmethod
    def _begin_serving(self, cluster_id: bytes) -> None:
        """Opens what others read from, once the log is recovered."""

    @abstractmethod
    def _serve(self) -> bool:
        """Serves others for a moment; True if there was anything to do."""

    @abstractmethod
    def _publish(self, lag: Lag) -> dict[str, Any]:
        """Writes counters; gives what its own log should say now and then."""

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
            self._execute(block)
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
        self._replica = self._new_replica(proved_skips(self._reader.meta, self._settings.key))
        self._seq = self._time_ns = 0
        try:
            self._reader.seek(1)
        except HistoryGone as error:
            raise PositionGone(f"{error}: a {self.who} must read it from the start", 0) from error

    def _drop(self, first_seq: int, problem: str) -> None:
        self._writer.truncate(first_seq)
        self.log.warning(f"{self.what} damaged, rebuilt from the journal", from_seq=max(first_seq, 1), problem=problem)

    def run(self, stopped: Callable[[], bool]) -> None:
        """Records and serves until `stopped()`."""
        while not stopped():
            if not self.turn():
                self._idle()

    def _idle(self) -> None:
        """Nothing was to do."""
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
        self.log.info(
            f"{self.who} caught up", seq=self._seq, recorded=recorded, commands_per_second=round(recorded / elapsed_s)
        )

    def turn(self) -> bool:
        """Records for a moment, serves others; True if there was anything to do."""
        try:
            return self._turn()
        except FileNotFoundError as error:
            gone = next(
                (folder for folder in (self._settings.journal, self._settings.log) if not folder.is_dir()), None
            )
            if gone is None:
                raise
            raise RecorderFailed(f"the folder {gone} was moved or deleted while the {self.who} used it") from error

    def _turn(self) -> bool:
        worked = self._record_blocks()
        now = time.monotonic()
        interval_s = self.commit_interval_s if self._caught_up else CATCHING_UP_INTERVAL_S
        if self._writer.wants_commit or now - self._committed_at >= interval_s:
            self._commit()
        self.live.look()
        worked |= self._serve()
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

    def _append(self, block: Block, rows: np.ndarray, terms: np.ndarray, index: Iterable[tuple[int, int]]) -> None:
        """The record of a block that was just executed; `index` has pairs of a session and its first number there."""
        state = self.state
        place = Place(block.index, block.first_seq, block.next_seq, block.time_ns, state.state_hash, state.epoch)
        self._writer.append(block.first_seq, encode_record(place, rows, terms), index)

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
                self.log.info(f"{self.what} has room again")
            self._full = False
        except JournalFull as full:
            if not self._full:
                self.log.error(f"{self.what} full, {self.who} waits for room", error=str(full))
            self._full = True
            time.sleep(FULL_RETRY_S)
        self._committed_at = time.monotonic()
        return not self._full

    def _upkeep(self, now: float) -> None:
        self._writer.check_place()
        if not self._caught_up and not self.live.persisted_seq:
            self._end_seq = journal_end(self._settings.journal)
        lag = self.lag
        told = self._publish(lag)
        if now - self._logged_at >= REPORT_INTERVAL_S:
            self._logged_at = now
            behind_s = round(lag.behind_ns / 1e9, 3)
            self.log.info(self.who, seq=lag.seq, behind_seq=lag.behind_seq, behind_s=behind_s, **told)

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
