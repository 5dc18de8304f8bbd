"""How far a recorder is behind the order, as figures and as Aeron counters."""

from dataclasses import dataclass

from seriatim.aeron import Aeron

RECORDER_COUNTER_TYPE_ID = 5302
"""Aeron counters of this type are a recorder's; their labels say which, their keys of which journal."""


@dataclass(frozen=True, slots=True)
class Lag:
    """Where a recorder stands."""

    seq: int
    """Of the last command that it has executed."""
    behind_seq: int
    """Commands that are in the journal and that it has not executed."""
    behind_ns: int
    """Since the last one that it has executed was stamped; 0 if it is not behind."""


class LagCounters:
    """A recorder's counters; they live as long as the client."""

    def __init__(self, aeron: Aeron, cluster_id: bytes) -> None:
        labels = ("recorder seq", "recorder behind seq", "recorder behind ns", "recorder hashes agreed", "followers")
        self._counters = [aeron.add_counter(RECORDER_COUNTER_TYPE_ID, label, cluster_id) for label in labels]

    def publish(self, lag: Lag, agreed: int, followers: int) -> None:
        """Writes all of them."""
        values = (lag.seq, lag.behind_seq, lag.behind_ns, agreed, followers)
        for counter, value in zip(self._counters, values, strict=True):
            counter.value = value
