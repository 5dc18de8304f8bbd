"""What the tests of market data share: venues with a publisher, receivers that are judged, garbage."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from seriatim.aeron import CncFile
from seriatim.client import Client
from seriatim.engine import CancelOrder, Engine
from seriatim.marketdata import Books, Receiver
from seriatim.marketdata.feed import MARKET_COUNTER_TYPE_ID
from seriatim.marketdata.settings import MARKET_STREAM, SNAPSHOT_STREAM
from seriatim.tools.drill.book_judge import digest_of_books, digest_of_engine
from seriatim.tools.drill.publisher import PublisherProcess
from seriatim.tools.venue import Venue
from tests.bus.bus_help import SMALL_SEGMENTS, flow, instrument, send_all, wait_for

INSTRUMENT = 1
NOBODYS_ID = 1 << 62
PUBLISHER_LIMIT_TYPE_ID = 1
"""Of Aeron's counters: one for each publication that its driver has."""


def counters(aeron_dir: str) -> dict[str, int]:
    """A publisher's, the newest ones."""
    with CncFile(aeron_dir) as file:
        found = file.counters.find(MARKET_COUNTER_TYPE_ID)
    return {counter.label: counter.value for counter in sorted(found, key=lambda counter: counter.registration_id)}


@dataclass
class Market:
    """A venue, its publisher, a client, and an engine that does what the client's commands do."""

    venue: Venue
    publisher: PublisherProcess
    client: Client
    engine: Engine
    next_id: int = 1

    def trade(self, count: int, seed: int = 1) -> None:
        """Sends so many commands, and waits until they are answered."""
        commands = flow(seed, count, first_id=self.next_id)
        self.next_id += count
        send_all(self.client, commands)
        own = commands.copy()
        own["session"] = self.client.session
        self.engine.apply_array(own)

    def next_number(self, bound_s: float = 20.0) -> int:
        """Of the next public message, once everything that was answered is public."""
        # The node's counters may be behind its answers; a reject has a place in the order and nothing public.
        seq = int(self.client.call(CancelOrder(NOBODYS_ID))["seq"][-1])
        wait_for(lambda: counters(self.venue.aeron_dir).get("public seq", 0) >= seq, bound_s)
        return counters(self.venue.aeron_dir)["public number"] + 1

    def judge(self, receiver: Receiver, bound_s: float = 20.0) -> None:
        """Waits until the receiver has everything; its book must be the engine's then."""
        number = self.next_number(bound_s)

        def is_there() -> bool:
            receiver.poll()
            return receiver.is_current and receiver.standing.next_number == number

        try:
            wait_for(is_there, bound_s)
        except AssertionError as error:
            error.add_note(
                f"wanted {number}, silent: {receiver.is_silent}, asked {receiver.asked}, {receiver.standing}"
            )
            raise
        assert_same(receiver.books, self.engine)


def assert_same(books: Books, engine: Engine) -> None:
    """Level by level, order by order."""
    assert digest_of_books(books, INSTRUMENT) == digest_of_engine(engine, INSTRUMENT)
    assert books.standing.counts["wrong"] == 0


def await_silence(aeron_dir: str) -> None:
    """Waits until the driver has let go of the streams of publishers that were killed: a receiver that is opened before
    follows what they said last.
    """
    streams = {str(MARKET_STREAM), str(SNAPSHOT_STREAM)}

    def are_gone() -> bool:
        with CncFile(aeron_dir) as file:
            # A label: pub-lmt: registration session stream channel
            return not any(limit.label.split()[3] in streams for limit in file.counters.find(PUBLISHER_LIMIT_TYPE_ID))

    wait_for(are_gone, 30.0)


@contextmanager
def market(folder: Path, aeron_dir: str | None, *options: str) -> Iterator[Market]:
    """All of it, with an instrument; without `aeron_dir` the node has a driver of its own."""
    with ExitStack() as stack:
        if aeron_dir is not None:
            await_silence(aeron_dir)
        venue = stack.enter_context(Venue(folder / "journal", aeron_dir=aeron_dir, options=SMALL_SEGMENTS))
        client = stack.enter_context(Client(venue.client_config()))
        client.call(instrument())
        publisher = PublisherProcess(venue.journal, folder / "public", venue.aeron_dir, *options)
        stack.enter_context(publisher)
        engine = Engine()
        engine.execute_bytes(client.session, instrument().encode())
        yield Market(venue, publisher, client, engine)
