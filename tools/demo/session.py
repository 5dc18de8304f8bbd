"""A trading session: one node, its traders, and a follower that watches the order as anybody could."""

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from seriatim.aeron import CncFile
from seriatim.client import Client
from seriatim.errors import NodeFailed
from seriatim.journal import JournalReader
from seriatim.journal.environment import used_bytes
from seriatim.journal.layout import scan, segment_path
from seriatim.schemas import Decimal, DefineInstrument, Side
from seriatim.sequencer.node import COUNTER_TYPE_ID
from seriatim.sequencer.replica import Replica
from seriatim.tools.demo import stats as demo_stats
from seriatim.tools.demo.settings import Settings
from seriatim.tools.venue import Venue

SYMBOLS = ("OAK", "ELM", "ASH", "FIR")
BOOK_DEPTH = 8
TRADER_START_S = 60.0
TRADER_STOP_S = 40.0


@dataclass(frozen=True, slots=True)
class Book:
    """The best levels of one instrument, best first, as LEVEL arrays."""

    symbol: str
    bids: np.ndarray
    asks: np.ndarray


class TradingSession:
    """See the module. A context manager; `end` stops it in order and says where the order stands."""

    def __init__(self, journal: Path, stats: Path, *, durability: str, sessions: int, rate: int) -> None:
        self.journal = journal
        self._stats_path = stats
        self._stack = ExitStack()
        self._sessions, self._rate = sessions, rate
        self._venue = Venue(journal, durability=durability)
        self._traders: list[subprocess.Popen[bytes]] = []
        self._replica = Replica()

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self) -> None:
        stack = self._stack
        stack.enter_context(self._venue)
        with Client(self._venue.client_config()) as operator:
            for instrument, symbol in enumerate(SYMBOLS, 1):
                operator.call(
                    DefineInstrument(
                        instrument=instrument,
                        symbol=symbol,
                        tick_size=Decimal(mantissa=1, exponent=-2),
                        lot_size=Decimal(mantissa=1, exponent=0),
                    )
                )
        self._counters = stack.enter_context(CncFile(self._venue.aeron_dir)).counters
        self._reader = stack.enter_context(JournalReader(self.journal))
        path = self._stats_path
        self.stats = demo_stats.create(path, self._sessions)
        for place in range(self._sessions):
            venue, me = self._venue, os.getpid()
            settings = Settings(venue.aeron_dir, venue.ingress, str(path), place, len(SYMBOLS), self._rate, me)
            command = [sys.executable, "-m", "seriatim.tools.demo.trader", settings.as_json()]
            self._traders.append(subprocess.Popen(command, start_new_session=True))
        self._await_traders()

    def _await_traders(self) -> None:
        """The session's time begins when everybody trades, however long their processes took to start."""
        deadline = time.monotonic() + TRADER_START_S
        while not (self.stats["sent"] > 0).all():
            self.check()
            if time.monotonic() > deadline:
                raise NodeFailed(f"a trader sent nothing in its first {TRADER_START_S:.0f} s")
            time.sleep(0.01)

    def check(self) -> None:
        """Raises NodeFailed if the node or a trader has ended."""
        process = self._venue.process
        if process is None or process.poll() is not None:
            raise NodeFailed(f"the node has ended: {self._venue.last_words()}")
        for trader in self._traders:
            if trader.poll() is not None:
                raise NodeFailed(f"a trader has ended with code {trader.returncode}")

    def counters(self) -> dict[str, int]:
        """The node's own figures, by label."""
        return {counter.label: counter.value for counter in self._counters.find(COUNTER_TYPE_ID)}

    def journal_bytes(self) -> int:
        """What the order takes in the journal; the files are larger, because they are made ahead."""
        return sum(used_bytes(segment_path(self.journal, first)) for first, _ in scan(self.journal).ranges())

    def follow(self) -> Book:
        """Reads on in the journal to its end, and gives the book of the first instrument as it is there."""
        for block in self._reader:
            self._replica.apply(block.data)
        levels = self._replica.levels
        return Book(SYMBOLS[0], levels(1, Side.BUY, BOOK_DEPTH), levels(1, Side.SELL, BOOK_DEPTH))

    def end(self) -> dict[str, Any]:
        """Stops the traders, then the node; gives where the order stands, as the node says."""
        for trader in self._traders:
            trader.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + TRADER_STOP_S
        for trader in self._traders:
            trader.wait(max(deadline - time.monotonic(), 0.1))
        self._traders.clear()
        return self._venue.stop()

    def __exit__(self, *_: object) -> None:
        for trader in self._traders:
            trader.kill()
            trader.wait()
        self._stack.close()
        self._replica.close()
