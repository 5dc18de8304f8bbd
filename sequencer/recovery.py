"""Reading the order again: what a starting node, `journal state` and a proof of a run all do."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from seriatim.journal import HistoryGone, JournalReader
from seriatim.sequencer.replica import Replica

PROGRESS_INTERVAL_S = 0.2


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay did."""

    blocks: int
    bytes: int
    messages: int
    elapsed_s: float

    @property
    def messages_per_second(self) -> float:
        """Including reading and checking the blocks."""
        return self.messages / self.elapsed_s if self.elapsed_s else 0.0


def blocks_from_start(reader: JournalReader) -> Iterator[memoryview]:
    """Every block of a journal, for a replay. Raises `HistoryGone` if the first ones are not there any more."""
    if reader.first_index > 1:
        raise HistoryGone(
            f"the journal in {reader.folder} begins with block {reader.first_index}, and a replay needs all that came "
            "before: bring the missing segments back",
            reader.first_index,
        )
    return (block.data for block in reader)


def replay(
    blocks: Iterable[memoryview], replica: Replica, on_progress: Callable[[int, int], None] | None = None
) -> Replayed:
    """Applies blocks to a replica in order. `on_progress(index, seq)` hears of it a few times a second.

    Raises BadBlockError or PoisonMessage.
    """
    start = last_progress = time.monotonic()
    count = length = messages = 0
    for block in blocks:
        messages += replica.apply(block)
        count += 1
        length += len(block)
        if on_progress and time.monotonic() - last_progress > PROGRESS_INTERVAL_S:
            last_progress = time.monotonic()
            state = replica.state
            on_progress(state.index, state.seq)
    return Replayed(count, length, messages, time.monotonic() - start)
