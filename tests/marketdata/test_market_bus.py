"""Real nodes, publishers and receivers: late, lossy, killed, deaf and hostile ones."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import pytest

from seriatim.aeron import Aeron
from seriatim.client import Client
from seriatim.engine import NewOrder, ReduceOrder, SetPhase
from seriatim.errors import FeedChanged, NoAnswer, NodeFailed
from seriatim.marketdata import Indication, Receiver, UpdateKind
from seriatim.marketdata.settings import MARKET_STREAM, REQUEST_STREAM
from seriatim.schemas import MarketRequest, MarketRequestKind, Side, TradingPhase
from seriatim.tools.drill.publisher import PublisherProcess
from seriatim.tools.venue import Venue
from tests.bus.bus_help import SMALL_SEGMENTS, free_udp_port, instrument, wait_for
from tests.marketdata.market_help import Market, assert_same, counters, market


def routes(port: int) -> dict[str, tuple[tuple[str, ...], str, str]]:
    """By name: the publisher's options, a receiver's channel, and its channel of requests."""
    requests = f"aeron:udp?endpoint=127.0.0.1:{port + 1}"
    unicast = f"aeron:udp?endpoint=127.0.0.1:{port}"
    group = f"aeron:udp?endpoint=224.20.30.43:{port}|interface=127.0.0.1"
    control = f"aeron:udp?control=127.0.0.1:{port}|control-mode=dynamic"
    beyond = ("--listen-beyond-loopback",)
    return {
        "ipc": ((), "aeron:ipc", "aeron:ipc"),
        "unicast": (("--channel", unicast, "--requests", requests), unicast, requests),
        "many unicasts": (("--channel", control, "--requests", requests), f"{control}|endpoint=127.0.0.1:0", requests),
        "multicast": (("--channel", group, "--requests", requests, *beyond), group, requests),
    }


@contextmanager
def routed(name: str, folder: Path, aeron_dir: str) -> Iterator[tuple[Market, Receiver]]:
    """A market and a receiver of it."""
    options, channel, requests = routes(free_udp_port() & ~1)[name]
    with (
        market(folder, aeron_dir, *options) as venue,
        Receiver(channel, requests=requests, aeron_dir=aeron_dir) as receiver,
    ):
        yield venue, receiver


@pytest.mark.parametrize("name", ["ipc", "unicast", "many unicasts", "multicast"])
def test_a_receiver_has_the_engines_book_over(name: str, tmp_path: Path, aeron_dir: str):
    with routed(name, tmp_path, aeron_dir) as (venue, receiver):
        receiver.wait_until_current()
        for seed in range(3):
            venue.trade(2_000, seed)
            venue.judge(receiver)
        terms = receiver.terms(1)
        assert terms is not None
        assert terms.symbol == "OAK"
        assert receiver.instruments == [1]


def test_who_starts_late_has_the_book_at_once_and_misses_nothing_after(tmp_path: Path, aeron_dir: str):
    with market(tmp_path, aeron_dir, "--snapshot-interval", "3600") as venue:
        venue.trade(3_000)
        venue.next_number()
        with Receiver(aeron_dir=aeron_dir) as receiver:
            receiver.wait_until_current(5.0)
            venue.judge(receiver)
            assert receiver.standing.counts["snapshots"] == 1
            venue.trade(1_000, seed=2)
            venue.judge(receiver)
            assert receiver.standing.counts["gaps"] == 0


def test_an_auction_is_indicated_while_it_runs_and_its_result_told(tmp_path: Path, aeron_dir: str):
    with market(tmp_path, aeron_dir) as venue, Receiver(aeron_dir=aeron_dir) as receiver:
        kinds: list[int] = []

        def indicates(*wanted: int) -> None:
            def does() -> bool:
                kinds.extend(receiver.poll()["kind"].tolist())
                day = receiver.statistics(1)
                return day is not None and day.indication == (Indication(*wanted) if wanted else None)

            wait_for(does)

        receiver.wait_until_current()
        venue.client.call(SetPhase(TradingPhase.OPENING_AUCTION, 1))
        venue.client.call(NewOrder(1, 1, Side.BUY, 30, 101, display_quantity=10))
        venue.client.call(NewOrder(2, 1, Side.SELL, 12, 100))
        indicates(101, 12, 18)
        venue.client.call(ReduceOrder(1, 20))  # nobody sees it
        indicates(100, 10, -2)
        with Receiver(aeron_dir=aeron_dir) as late:
            late.wait_until_current()
            day = late.statistics(1)
            assert day is not None
            assert (day.phase, day.indication) == (TradingPhase.OPENING_AUCTION, Indication(100, 10, -2))
        venue.client.call(SetPhase(TradingPhase.CONTINUOUS, 1))
        indicates()
        wait_for(lambda: kinds.extend(receiver.poll()["kind"].tolist()) or UpdateKind.AUCTION_RESULT in kinds)
        day = receiver.statistics(1)
        assert day is not None
        assert (day.last, day.volume, day.phase) == (100, 10, TradingPhase.CONTINUOUS)
        assert receiver.orders(1, Side.SELL)["shown"].tolist() == [2]


def test_snapshots_on_the_cycle_are_enough_for_who_cannot_ask(tmp_path: Path, aeron_dir: str):
    port = free_udp_port()
    channel = f"aeron:udp?endpoint=127.0.0.1:{port}"
    with market(tmp_path, aeron_dir, "--channel", channel, "--snapshot-interval", "0.2") as venue:
        venue.trade(3_000)
        with Receiver(channel, aeron_dir=aeron_dir) as receiver:
            venue.judge(receiver)
            assert receiver.asked == 0


def test_a_publisher_that_is_killed_goes_on_with_the_next_number(tmp_path: Path, aeron_dir: str):
    with market(tmp_path, aeron_dir) as venue, Receiver(aeron_dir=aeron_dir) as receiver:
        numbers = []

        def poll() -> bool:
            updates = receiver.poll()
            numbers.append(updates["number"][updates["kind"] != UpdateKind.SNAPSHOT])
            return receiver.is_current

        wait_for(poll)
        first = receiver.standing.next_number
        for seed in range(4):
            venue.trade(1_500, seed)
            venue.publisher.kill()
            venue.trade(1_500, seed + 10)  # nobody hears of these as they happen
            venue.publisher.start()
            number = venue.next_number()
            wait_for(lambda number=number: poll() and receiver.standing.next_number == number)
        told = np.concatenate(numbers)
        assert np.array_equal(told, np.arange(first, first + len(told)))
        assert_same(receiver.books, venue.engine)
        assert receiver.standing.counts["skipped"] == 0


def test_a_publisher_without_its_log_makes_it_again_with_the_same_numbers(tmp_path: Path, aeron_dir: str):
    with market(tmp_path, aeron_dir) as venue, Receiver(aeron_dir=aeron_dir) as receiver:
        venue.trade(2_000)
        venue.judge(receiver)
        before = receiver.standing.next_number
        venue.publisher.kill()
        for path in venue.publisher.log_folder.iterdir():
            path.unlink()
        venue.publisher.start()
        assert venue.next_number() == before
        venue.trade(500, seed=2)
        venue.judge(receiver)
        assert receiver.standing.counts["skipped"] == 0


def test_a_receiver_that_does_not_read_holds_nobody_and_has_the_book_when_it_reads_again(
    tmp_path: Path, aeron_dir: str
):
    with market(tmp_path, aeron_dir) as venue, ExitStack() as stack:
        deaf, hearing = (stack.enter_context(Receiver(aeron_dir=aeron_dir)) for _ in range(2))
        deaf.wait_until_current()
        hearing.wait_until_current()
        trade_until(venue, hearing, 160_000)  # a term buffer holds half of that
        venue.judge(hearing, 60.0)
        venue.judge(deaf, 60.0)


def trade_until(venue: Market, hearing: Receiver, messages: int) -> None:
    """Trades while one receiver reads."""
    seed = 100
    while hearing.standing.next_number < messages:
        venue.trade(4_000, seed)
        seed += 1
        for _ in range(20):
            hearing.poll()


def test_garbage_and_endless_requests_end_nobody(tmp_path: Path, aeron_dir: str):
    with market(tmp_path, aeron_dir) as venue, Receiver(aeron_dir=aeron_dir) as receiver, Aeron(aeron_dir) as aeron:
        receiver.wait_until_current()
        strange = aeron.add_exclusive_publication("aeron:ipc", REQUEST_STREAM)
        wait_for(lambda: strange.is_connected)
        good = request(stream=4_711, count=2**32 - 2)
        channels = ("aeron:udp?endpoint=192.0.2.1:9", "aeron-spy:aeron:udp?endpoint=127.0.0.1:9", "nonsense", "")
        hostile = [os.urandom(length) for length in (0, 1, 7, 8, 60, 1_000)]
        hostile += [good[:cut] for cut in range(0, len(good), 5)]
        hostile += [request(channel=channel) for channel in channels]
        hostile += [request(version=9), request(number=2**64 - 2, stream=4_712), request(count=0), *[good] * 500]
        for message in hostile:
            wait_for(lambda message=message: strange.offer(message) >= 0)
            receiver.poll()
        venue.trade(3_000)
        venue.judge(receiver)
        assert counters(aeron_dir)["requesters"] <= 64


def request(
    number: int = 1, count: int = 10, channel: str = "aeron:ipc", stream: int = 4_713, version: int = 1
) -> bytes:
    """A request that nobody reads the answer to."""
    return MarketRequest(
        correlation_id=1,
        from_number=number,
        count=count,
        instrument=None,
        response_stream=stream,
        protocol_version=version,
        kind=MarketRequestKind.MESSAGES,
        response_channel=channel,
    ).encode()


def test_who_was_current_and_waits_again_has_what_came_since(tmp_path: Path, aeron_dir: str):
    with market(tmp_path, aeron_dir) as venue, Receiver(aeron_dir=aeron_dir) as receiver:
        venue.judge(receiver)
        before = receiver.standing.next_number
        venue.client.call(NewOrder(1, 1, Side.BUY, 3, 100))
        number = venue.next_number()
        assert number > before
        assert receiver.is_current, "this test was too slow"
        receiver.wait_until_current()
        assert receiver.standing.next_number == number


def test_a_receiver_is_not_current_when_nothing_is_heard(tmp_path: Path, aeron_dir: str):
    with ExitStack() as stack:
        venue = stack.enter_context(market(tmp_path, aeron_dir))
        receiver = stack.enter_context(Receiver(aeron_dir=aeron_dir))
        venue.trade(100)
        venue.judge(receiver)
        venue.publisher.kill()
        wait_for(lambda: receiver.poll() is not None and receiver.is_silent)
        assert not receiver.is_current


def test_a_receiver_is_told_that_another_venues_stream_has_taken_the_place(tmp_path: Path, aeron_dir: str):
    with market(tmp_path / "one", aeron_dir) as venue, Receiver(aeron_dir=aeron_dir) as receiver:
        venue.trade(100)
        venue.judge(receiver)
        venue.publisher.kill()
        venue.client.close()
        venue.venue.stop()
        with Venue(tmp_path / "two" / "journal", aeron_dir=aeron_dir, options=SMALL_SEGMENTS) as other:
            with Client(other.client_config()) as client:
                client.call(instrument())
            with PublisherProcess(other.journal, tmp_path / "two" / "public", aeron_dir), pytest.raises(FeedChanged):
                wait_for(lambda: len(receiver.poll()))


def test_without_a_publisher_nothing_becomes_current(aeron_dir: str):
    with Receiver(aeron_dir=aeron_dir) as receiver, pytest.raises(NoAnswer):
        receiver.wait_until_current(0.3)


def test_a_second_publisher_on_a_channel_is_refused(tmp_path: Path, aeron_dir: str):
    with market(tmp_path, aeron_dir) as venue:
        second = PublisherProcess(venue.venue.journal, tmp_path / "second", aeron_dir)
        with pytest.raises(Exception, match="publishes market data on aeron:ipc"), second:
            pass


def test_a_publisher_that_has_said_its_last_words_is_not_taken_for_one_that_publishes(tmp_path: Path):
    second = PublisherProcess(tmp_path, tmp_path, "")
    last_words = "import os, time; os.write(2, b'taken\\n'); os.close(2); time.sleep(5)"
    second._command = [sys.executable, "-c", last_words]
    with pytest.raises(NodeFailed, match="did not start: taken"), second:
        pass


def test_the_stream_is_where_it_is_said_to_be(tmp_path: Path, aeron_dir: str):
    with market(tmp_path, aeron_dir), Aeron(aeron_dir) as aeron:
        subscription = aeron.add_subscription("aeron:ipc?tether=false", MARKET_STREAM)
        wait_for(lambda: subscription.image_count == 1)
