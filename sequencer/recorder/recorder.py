"""The recorder: journal in, event log out, and a second engine that keeps the live one honest.

journal ──▶ second engine ──▶ records ──▶ event log ──▶ readers, followers
                 │
                 └── state hash, compared with the node's all the time
"""

from collections.abc import Iterable
from typing import Any

from seriatim.config import RecorderConfig
from seriatim.journal import Block
from seriatim.sequencer.recorder.keeper import LogKeeper, OnProgress
from seriatim.sequencer.recorder.lag import Lag
from seriatim.sequencer.recorder.link import DriverLink
from seriatim.sequencer.recorder.live import HashWatch
from seriatim.sequencer.recorder.serving import Opener
from seriatim.sequencer.recording import RecordingReplica
from seriatim.sequencer.replica import Skip


class Recorder(LogKeeper):
    """See the module and `LogKeeper`. Raises ReplicaDiffers from `turn` and `run`."""

    who = "recorder"
    what = "event log"

    def __init__(self, config: RecorderConfig, *, on_progress: OnProgress | None = None) -> None:
        super().__init__(config, on_progress=on_progress)
        self.config = config
        self.events = 0
        """Events recorded since it was started."""

    def _new_replica(self, skips: Iterable[Skip]) -> RecordingReplica:
        self._recording = RecordingReplica(skips)
        return self._recording

    def _execute(self, block: Block) -> None:
        self._recording.apply(block.data)

    def _record(self, block: Block) -> None:
        recorded = self._recording.record(block.data)
        self._note(block)
        if not block.count:
            return
        self._append(block, recorded.events.rows, recorded.events.terms, recorded.sessions)
        self.recorded += recorded.commands
        self.events += len(recorded.events)

    def _begin_serving(self, cluster_id: bytes) -> None:
        self.watch = HashWatch(self.live)
        link = DriverLink(self.config.aeron_dir, self.who, Opener(self.config, cluster_id))
        self._link = self._stack.enter_context(link)

    def _serve(self) -> bool:
        self.watch.compare(self._recording, self._seq)
        return self._link.turn()

    def _publish(self, lag: Lag) -> dict[str, Any]:
        agreed = self.watch.agreed
        self._link.attempt(lambda served: served.publish(lag, agreed), None)
        return {"hashes_agreed": agreed, "followers": self._link.attempt(lambda served: served.followers, 0)}
