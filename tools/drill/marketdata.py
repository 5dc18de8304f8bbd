"""The drill `marketdata`: a flow through a node, its public stream through a network that loses, and every book that a
receiver had on the way held against an engine's.

Node, publisher and driver are processes of their own. The receiver hears a stream that nobody repairs (`reliable=false`
where it is UDP, packets thrown away where it is IPC): what is lost is asked for, or comes with the next snapshot.
"""

import random
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from seriatim.aeron import Aeron, CncFile, MessageBatch
from seriatim.client import Client
from seriatim.config import IPC
from seriatim.errors import NoAnswer
from seriatim.limits import DRIVER_TIMEOUT_MS
from seriatim.marketdata import Books, Receiver, UpdateKind
from seriatim.marketdata.feed import MARKET_COUNTER_TYPE_ID
from seriatim.marketdata.settings import SNAPSHOT_STREAM
from seriatim.schemas import DefineInstrument, MarketPacket, SnapshotPacket
from seriatim.tools.drill.book_judge import BookJudge, Moment, Verdict, digest_of_books
from seriatim.tools.drill.driver import outside_driver
from seriatim.tools.drill.publisher import PublisherProcess
from seriatim.tools.venue import Venue

CHANNELS = ("multicast", "udp", "ipc")
SNAPSHOT_INTERVAL_S = 0.05
PATIENCE_S = 60.0
CHUNK = 256
UNREPAIRED = "|reliable=false|tether=false"
"""Of a subscription: Aeron does not ask for what is lost, nor waits for who does not read."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a drill is run."""

    channel: str
    loss: float
    seed: int
    rate: int
    """Commands a second."""
    asks: bool = True
    """Whether the receiver asks for what it misses; else snapshots alone help it."""
    port: int = 9_310


@dataclass(frozen=True, slots=True)
class Route:
    """Where the public stream goes, for the publisher and for a receiver."""

    publish: str
    receive: str
    requests: str
    flags: tuple[str, ...] = ()


def route(channel: str, port: int) -> Route:
    """The channels of a drill."""
    if channel == "ipc":
        return Route(IPC, f"{IPC}?tether=false", IPC)
    requests = f"aeron:udp?endpoint=127.0.0.1:{port + 1}"
    if channel == "udp":
        place = f"aeron:udp?endpoint=127.0.0.1:{port}"
        return Route(place, f"{place}{UNREPAIRED}", requests)
    group = f"aeron:udp?endpoint=224.20.30.41:{port}|interface=127.0.0.1"
    return Route(group, f"{group}{UNREPAIRED}", requests, ("--listen-beyond-loopback",))


class Loss:
    """Throws packets away, where no network does."""

    def __init__(self, share: float, seed: int) -> None:
        self._share = share
        self._die = random.Random(seed)
        self.lost = 0

    def takes(self) -> bool:
        """Whether the next packet is lost."""
        lost = self._die.random() < self._share
        self.lost += lost
        return lost


class WatchedBooks(Books):
    """Books that take one packet at a time, so that what they are after each is seen."""

    def __init__(self, instrument: int, loss: Loss | None) -> None:
        super().__init__()
        self._instrument, self._loss = instrument, loss
        self.moments: list[Moment] = []
        self.go_in_steps()
        self._seen = 0

    def take(self, data: np.ndarray, offsets: np.ndarray, lengths: np.ndarray, source: int = 0) -> None:
        for place in range(len(offsets)):
            one = slice(place, place + 1)
            if source == 0 and self._loss is not None and self._loss.takes():
                continue
            super().take(data, offsets[one], lengths[one], source)
            self._look()
            while self.step():
                self._look()

    def _look(self) -> None:
        standing = self.standing
        if standing.is_exact and standing.is_consistent and standing.next_number > self._seen:
            self._seen = standing.next_number
            self.moments.append(Moment(self._seen, standing.seq, digest_of_books(self, self._instrument)))


@dataclass(slots=True)
class SnapshotWatch:
    """Every snapshot on the cycle, each made into a book of its own."""

    subscription: Any
    instrument: int
    moments: list[Moment] = field(default_factory=list)
    _batch: MessageBatch = field(default_factory=MessageBatch)
    _pieces: list[bytes] = field(default_factory=list)
    _number: int = 0

    def poll(self) -> None:
        """Takes what has come."""
        while self.subscription.poll_batch(self._batch):
            for message in self._batch:
                self._take(bytes(message))

    def _take(self, piece: bytes) -> None:
        header = SnapshotPacket.wrap(piece)
        if header.piece == 0:
            self._pieces, self._number = [], header.next_number
        follows = header.piece == len(self._pieces) and header.next_number == self._number
        if header.instrument != self.instrument or not follows:
            return
        self._pieces.append(piece)
        if len(self._pieces) < header.pieces:
            return
        books, number = Books(), header.next_number
        begin = MarketPacket(
            feed=header.feed, first_number=number, instruments=header.instruments, count=0, body_length=0
        ).encode()
        for message in (begin, *self._pieces):
            books.take_one(message)
        updates = books.updates()
        assert len(updates) == 1
        assert updates[0]["kind"] == UpdateKind.SNAPSHOT
        if not self.moments or self.moments[-1].number != number:
            self.moments.append(Moment(number, int(updates[0]["seq"]), digest_of_books(books, self.instrument)))


@dataclass(slots=True)
class Run:
    """What is under way."""

    receiver: Receiver
    books: WatchedBooks
    snapshots: SnapshotWatch
    seqs: np.ndarray
    first_number: int = 0

    def poll(self) -> None:
        """The receiver's turn."""
        self.receiver.poll()
        self.snapshots.poll()

    def note(self, events: np.ndarray) -> None:
        """Which seq each command got."""
        own = events[events["number"] >= self.first_number]
        self.seqs[own["number"] - self.first_number] = own["seq"]


def marketdata_drill(
    options: Options,
    commands: np.ndarray,
    terms: DefineInstrument,
    folder: Path,
    on_progress: Callable[[int], None] = lambda _: None,
) -> dict[str, Any]:
    """Runs the drill in `folder`, which must be empty, and judges it. Raises NodeFailed, NoAnswer."""
    way = route(options.channel, options.port)
    on_network = options.channel != "ipc"
    loss = None if on_network else Loss(options.loss, options.seed)
    with ExitStack() as stack:
        network_loss = options.loss if on_network else 0.0
        aeron_dir = stack.enter_context(outside_driver(liveness_s=5.0, loss=network_loss, seed=options.seed))
        venue = stack.enter_context(Venue(folder / "journal", aeron_dir=aeron_dir))
        flags = ("--channel", way.publish, "--requests", way.requests, *way.flags)
        flags += ("--snapshot-interval", str(SNAPSHOT_INTERVAL_S))
        stack.enter_context(PublisherProcess(venue.journal, folder / "public", aeron_dir, *flags))
        aeron = stack.enter_context(Aeron(aeron_dir, driver_timeout_ms=DRIVER_TIMEOUT_MS))
        books = WatchedBooks(terms.instrument, loss)
        receiver = Receiver(way.receive, requests=way.requests, aeron_dir=aeron_dir, asks=options.asks, books=books)
        stack.enter_context(receiver)
        snapshots = aeron.add_subscription(way.receive, SNAPSHOT_STREAM)
        watch = SnapshotWatch(snapshots, terms.instrument)
        run = Run(receiver, books, watch, np.zeros(len(commands), np.uint64))
        client = stack.enter_context(Client(venue.client_config(timeout_s=30.0)))
        client.call(terms)
        run.first_number = client.next_number
        elapsed_s = send(run, client, commands, options.rate, on_progress)
        catch_up(run, aeron_dir)
        state = venue.stop()
        session = client.session
    return judged(options, run, BookJudge(session, terms, commands, run.seqs), state, elapsed_s)


def send(run: Run, client: Client, commands: np.ndarray, rate: int, on_progress: Callable[[int], None]) -> float:
    """Sends all commands in their time while the receiver listens; gives how long it took."""
    last = run.first_number + len(commands) - 1
    begun, sent, deadline = time.monotonic(), 0, time.monotonic() + PATIENCE_S
    while client.answered < last:
        due = min(len(commands), int((time.monotonic() - begun) * rate) + 1)
        if sent < due:
            sent += client.send(commands[sent : min(due, sent + CHUNK)])
        events = client.poll()
        if len(events):
            run.note(events)
            deadline = time.monotonic() + PATIENCE_S
            on_progress(client.answered - run.first_number + 1)
        elif time.monotonic() > deadline:
            raise NoAnswer(f"command {client.answered + 1} has had no answer for {PATIENCE_S:.0f} s")
        run.poll()
    return time.monotonic() - begun


def catch_up(run: Run, aeron_dir: str) -> None:
    """Until the receiver has everything, and a snapshot of that has come."""
    last_seq, deadline = int(run.seqs.max(initial=0)), time.monotonic() + PATIENCE_S
    while True:
        run.poll()
        standing, told = run.receiver.standing, published(aeron_dir)
        number = told.get("public number", 0) + 1
        is_done = told.get("public seq", 0) >= last_seq and standing.is_current and standing.next_number == number
        if is_done and run.snapshots.moments and run.snapshots.moments[-1].number == number:
            return
        if time.monotonic() > deadline:
            raise NoAnswer(f"the receiver did not catch up in {PATIENCE_S:.0f} s: {standing}; published: {told}")


def published(aeron_dir: str) -> dict[str, int]:
    """The publisher's counters."""
    with CncFile(aeron_dir) as file:
        return {counter.label: counter.value for counter in file.counters.find(MARKET_COUNTER_TYPE_ID)}


def judged(options: Options, run: Run, judge: BookJudge, state: dict[str, Any], elapsed_s: float) -> dict[str, Any]:
    """The verdict, for people and machines."""
    standing = run.receiver.standing
    every = judge.judge(run.books.moments + run.snapshots.moments)
    equal_at = Verdict()
    by_number = {snapshot.number: snapshot for snapshot in run.snapshots.moments}
    for moment in run.books.moments:
        if (snapshot := by_number.get(moment.number)) is not None:
            equal_at.count(moment, snapshot.digest)
    statistics = run.receiver.statistics(run.snapshots.instrument)
    agree = int(state["outcome_hash"], 16) == judge.engine.outcome_hash
    volume_agrees = statistics is not None and statistics.volume == judge.volume
    return {
        "channel": options.channel,
        "loss": options.loss,
        "orders": len(run.seqs),
        "messages_public": standing.next_number - 1,
        "gaps": standing.counts["gaps"],
        "requests": run.receiver.asked,
        "given_up": standing.counts["skipped"],
        "snapshots": len(run.snapshots.moments),
        "receiver_at_snapshots": equal_at.compared,
        "receiver_same_as_snapshot": equal_at.equal,
        "books_compared": every.compared,
        "books_equal": every.equal,
        "differing_seqs": every.differing,
        "engine_is_the_nodes": agree,
        "volume_agrees": volume_agrees,
        "seconds": round(elapsed_s, 3),
        "seed": options.seed,
        "passed": agree
        and volume_agrees
        and every.compared == every.equal > 0
        and equal_at.compared == equal_at.equal
        and not standing.counts["wrong"],
    }
