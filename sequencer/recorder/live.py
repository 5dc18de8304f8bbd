"""What a recorder sees of the live node: its counters in shared memory, which nobody waits for."""

import time
from dataclasses import dataclass

from seriatim.aeron import AeronError, CncFile
from seriatim.errors import ReplicaDiffers
from seriatim.sequencer.node import COUNTER_TYPE_ID
from seriatim.sequencer.recording import RecordingReplica

LOOK_INTERVAL_S = 0.05
HASH_MASK = 2**64 - 1


@dataclass(frozen=True, slots=True)
class Checked:
    """A state hash of the live node, and the seq after which it was taken; that seq is in the journal."""

    seq: int
    hash: int


class LiveNode:
    """The counters of the newest node on this journal, wherever it runs and however often it starts."""

    def __init__(self, aeron_dir: str, cluster_id: bytes) -> None:
        self._aeron_dir = aeron_dir
        self._cluster_id = cluster_id
        self._looked_at = 0.0
        self._counters: dict[str, int] = {}

    def look(self) -> None:
        """Reads the counters, if the last look is long enough ago."""
        now = time.monotonic()
        if now - self._looked_at < LOOK_INTERVAL_S:
            return
        self._looked_at = now
        try:
            with CncFile(self._aeron_dir, timeout_ms=0) as file:
                found = file.counters.find(COUNTER_TYPE_ID)
        except (AeronError, OSError):
            found = []  # no driver
        ours = [counter for counter in found if counter.key.startswith(self._cluster_id)]
        # Those of a node that was killed stay for a while; the newest ones count.
        ours.sort(key=lambda counter: counter.registration_id)
        self._counters = {counter.label: counter.value & HASH_MASK for counter in ours}

    @property
    def persisted_seq(self) -> int | None:
        """The last seq that it has committed, as of the last look; None if no node runs."""
        return self._counters.get("persisted seq")

    @property
    def checked(self) -> Checked | None:
        """Its state hash as of the last look. The node writes seq, hash and their sum one after the other; a look in
        between sees a sum that is another one's, and gives None."""
        seq, state_hash, total = (self._counters.get(f"checked {name}") for name in ("seq", "hash", "sum"))
        if seq is None or state_hash is None or not seq or seq ^ state_hash != total:
            return None
        return Checked(seq, state_hash)


class HashWatch:
    """Compares the live node's state hash with a replica's, one seq at a time; a busy recorder skips none that it has
    taken up."""

    def __init__(self, live: LiveNode) -> None:
        self._live = live
        self._waiting: Checked | None = None
        self._last_seq = 0
        self.agreed = 0
        """How often the two were the same."""

    def compare(self, replica: RecordingReplica, recorded_seq: int) -> None:
        """Compares if the replica has come to the seq of the hash at hand. Raises ReplicaDiffers."""
        if self._waiting is None:
            checked = self._live.checked
            if checked is None or checked.seq == self._last_seq:
                return
            self._waiting, self._last_seq = checked, checked.seq
        if self._waiting.seq > recorded_seq:
            return
        checked, self._waiting = self._waiting, None
        own = replica.hash_at(checked.seq)
        if own is None:
            return  # so long ago that this recorder did not execute it, or has forgotten
        if own != checked.hash:
            raise ReplicaDiffers(checked.seq, checked.hash, own)
        self.agreed += 1
