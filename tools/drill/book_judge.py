"""Judges a receiver's books by an engine that executes the same commands, up to the same one."""

import hashlib
from dataclasses import dataclass, field

import numpy as np

from seriatim.engine import Engine, EventKind
from seriatim.marketdata import Books
from seriatim.schemas import DefineInstrument, Side

SIDES = (Side.BUY, Side.SELL)


def digest_of_books(books: Books, instrument: int) -> bytes:
    """Of all levels and all orders of a receiver's book, in their order."""
    digest = hashlib.blake2b(digest_size=16)
    for side in SIDES:
        levels, orders = books.levels(instrument, side, DEPTH_SHOWN), books.orders(instrument, side)
        for rows, names in ((levels, ("price", "quantity", "orders")), (orders, ("order_id", "price", "shown"))):
            for name in names:
                digest.update(np.ascontiguousarray(rows[name]).astype(np.int64).tobytes())
    return digest.digest()


DEPTH_SHOWN = 65_536
"""Levels that are compared: more than any book here has."""


def digest_of_engine(engine: Engine, instrument: int) -> bytes:
    """The same of an engine's book."""
    digest = hashlib.blake2b(digest_size=16)
    for side in SIDES:
        levels = engine.levels(instrument, side, DEPTH_SHOWN)
        queues = [engine.queue(instrument, side, int(price)) for price in levels["price"]]
        prices = np.repeat(levels["price"], [len(queue) for queue in queues])
        orders = np.concatenate(queues) if queues else np.zeros(0, [("order_id", "<u8"), ("leaves", "<i8")])
        level_cells = (levels["price"], levels["quantity"], levels["orders"])
        for cells in (*level_cells, orders["order_id"], prices, orders["leaves"]):
            digest.update(np.ascontiguousarray(cells).astype(np.int64).tobytes())
    return digest.digest()


@dataclass(slots=True)
class Moment:
    """What a book was after the command `seq`, before the public message `number`."""

    number: int
    seq: int
    digest: bytes


@dataclass(slots=True)
class Verdict:
    """How many books were compared with the engine's, and how many were the same."""

    compared: int = 0
    equal: int = 0
    differing: list[int] = field(default_factory=list)
    """Seqs, the first few."""

    def count(self, moment: Moment, digest: bytes) -> None:
        """One comparison."""
        self.compared += 1
        if moment.digest == digest:
            self.equal += 1
        elif len(self.differing) < 5:
            self.differing.append(moment.seq)


class BookJudge:
    """An engine that is fed up to any seq, forwards: the commands of one session, whose seqs are known."""

    def __init__(self, session: int, terms: DefineInstrument, commands: np.ndarray, seqs: np.ndarray) -> None:
        self.engine = Engine()
        self.engine.execute_bytes(session, terms.encode())
        self._commands, self._seqs, self._instrument = commands.copy(), seqs, terms.instrument
        self._commands["session"] = session
        self._done = 0
        self.volume = 0
        """Lots that have traded."""

    def digest_at(self, seq: int) -> bytes:
        """Of the book after that seq, which is not before the last one asked for."""
        until = int(np.searchsorted(self._seqs, seq, "right"))
        if until > self._done:
            events = self.engine.apply_array(self._commands[self._done : until])
            self.volume += int(events["quantity"][events["kind"] == EventKind.FILLED].sum())
            self._done = until
        return digest_of_engine(self.engine, self._instrument)

    def judge(self, moments: list[Moment]) -> Verdict:
        """Compares all of them."""
        verdict = Verdict()
        last, digest = -1, b""
        for moment in sorted(moments, key=lambda moment: moment.seq):
            until = int(np.searchsorted(self._seqs, moment.seq, "right"))
            if until != last:
                last, digest = until, self.digest_at(moment.seq)
            verdict.count(moment, digest)
        return verdict
