"""The publisher: journal in, public stream out.

    journal ──▶ second engine ──▶ public messages ──▶ channels, snapshots
                                        │
                                        └──▶ public log ──▶ requests

It publishes what is on the node's disk, whatever the durability: so nothing that was public is ever taken back, and
numbers are the same after any restart. It is off the path of orders, and nobody on its channels is waited for.
"""

import time
from collections.abc import Iterable
from typing import Any

import numpy as np

from seriatim.journal import Block
from seriatim.journal.event_log import TERMS
from seriatim.marketdata.feed import Feed, FeedOpener
from seriatim.marketdata.market import Market, Packets
from seriatim.marketdata.public_log import INDEX_SESSION, WORD, PublicLog, Recent, words_of
from seriatim.marketdata.settings import PublisherConfig, feed_of
from seriatim.sequencer.recorder.keeper import LogKeeper, OnProgress
from seriatim.sequencer.recorder.lag import Lag
from seriatim.sequencer.recorder.link import DriverLink
from seriatim.sequencer.replica import Skip

IDLE_MIN_S, IDLE_MAX_S = 2e-5, 1e-3
NO_TERMS = np.zeros(0, TERMS)


class Publisher(LogKeeper):
    """See the module and `LogKeeper`. What it has told before it had caught up is only in the log."""

    who = "publisher"
    what = "public log"
    row = WORD
    commit_interval_s = 1.0  # what is not in the log yet is answered from memory, and a commit delays what is published

    def __init__(self, config: PublisherConfig, *, on_progress: OnProgress | None = None) -> None:
        super().__init__(config, on_progress=on_progress)
        self.config = config
        self._recent = Recent()
        self._is_live = False
        self._idle_s = IDLE_MIN_S

    @property
    def next_number(self) -> int:
        """Of the public message that comes next."""
        return self._market.next_number

    def packets(self, from_number: int, to_number: int) -> Packets:
        """What was published before: see `PublicLog.packets`."""
        found = self._recent.packets(from_number, to_number)
        return found if len(found) else self._past.packets(from_number, to_number)

    def _new_replica(self, skips: Iterable[Skip]) -> Market:
        self._market = Market(feed_of(self._reader.meta.cluster_id), skips)
        return self._market

    def _execute(self, block: Block) -> None:
        self._market.tell(block.data)

    def _record(self, block: Block) -> None:
        packets = self._market.tell(block.data)
        if self._is_live and len(packets):
            self._link.attempt(lambda feed: feed.send(packets), None)
        self._note(block)
        if not block.count:
            return
        words = words_of(packets)
        told = packets.next_number > packets.first_number
        self._append(block, words, NO_TERMS, [(INDEX_SESSION, packets.first_number)] if told else [])
        if told:
            self._recent.add(packets, words)
        self.recorded += block.count

    def _begin_serving(self, cluster_id: bytes) -> None:
        self._past = self._stack.enter_context(PublicLog(self.config.log))
        opener = FeedOpener(self.config, cluster_id, lambda: (self._market, self))
        self._link: DriverLink[Feed] = self._stack.enter_context(DriverLink(self.config.aeron_dir, self.who, opener))

    def _serve(self) -> bool:
        if not self._is_live:
            self._is_live = self._caught_up
            return False
        if self._link.service is not None:
            # Of a full disk nobody need know as long as what comes is published and waits in memory.
            self._link.service.is_behind = self._full and self._writer.wants_commit
        return self._link.turn()

    def _commit(self) -> bool:
        done = super()._commit()
        if done:
            self._recent.clear()
        return done

    def _publish(self, lag: Lag) -> dict[str, Any]:
        none: dict[str, int] = {"number": self.next_number - 1}
        return self._link.attempt(lambda feed: feed.publish(lag.seq), none)

    def turn(self) -> bool:
        """Publishes for a moment; True if there was anything to do."""
        worked = super().turn()
        self._idle_s = IDLE_MIN_S if worked else min(2 * self._idle_s, IDLE_MAX_S)
        return worked

    def _idle(self) -> None:
        """Sleeps shortly after work, longer when it is quiet: who waits for a price waits no millisecond."""
        if not self.config.low_latency:
            time.sleep(self._idle_s)
