"""Polling one image: the same as polling its subscription, for one publisher alone."""

from collections.abc import Callable

import pytest
from aeron_help import offer_all, offer_until_sent, receive, wait_for

from seriatim.aeron import (
    Action,
    Aeron,
    BusyError,
    Channel,
    ClosedError,
    ExclusivePublication,
    FragmentAssembler,
    Header,
    Image,
    MediaDriver,
    MessageBatch,
)

IPC = "aeron:ipc"
POLLS: list[Callable[[Image], int]] = [
    lambda image: image.poll(lambda *_: None),
    lambda image: image.controlled_poll(lambda *_: None),
    lambda image: image.poll_batch(MessageBatch()),
]


class Stream:
    """A subscription and two publishers, whose images are told apart."""

    def __init__(self, aeron: Aeron, media: str, stream_id: int) -> None:
        channel = IPC if media == "ipc" else Channel.udp("127.0.0.1:0")
        self.subscription = aeron.add_subscription(channel, stream_id)
        where = IPC if media == "ipc" else wait_for(lambda: self.subscription.resolved_channel)
        self.one, self.other = (aeron.add_exclusive_publication(where, stream_id) for _ in range(2))
        wait_for(lambda: self.subscription.image_count == 2 and self.one.is_connected and self.other.is_connected)

    def image(self, publication: ExclusivePublication) -> Image:
        image = self.subscription.image(publication.session_id)
        assert image is not None
        return image


@pytest.fixture(params=["ipc", "udp"])
def stream(request: pytest.FixtureRequest, aeron: Aeron, stream_id: int) -> Stream:
    """Over each medium."""
    return Stream(aeron, request.param, stream_id)


def collect(image: Image, count: int) -> list[bytes]:
    received: list[bytes] = []
    wait_for(lambda: image.poll(lambda view, _: received.append(bytes(view))) >= 0 and len(received) >= count)
    return received


def test_an_image_gives_what_its_publisher_sent_and_moves_its_position_only(stream: Stream) -> None:
    offer_until_sent(lambda: stream.other.offer(b"other"))
    offer_until_sent(lambda: stream.one.offer(b"one"))
    offer_until_sent(lambda: stream.one.offer(b"two"))
    with stream.image(stream.one) as image, stream.image(stream.other) as other:
        assert collect(image, 2) == [b"one", b"two"]
        assert image.position == stream.one.position
        assert other.position == 0
        assert image.poll(lambda *_: None) == 0
    assert receive(stream.subscription, 1) == [b"other"]


def test_an_image_poll_keeps_to_its_limit_and_tells_the_header(stream: Stream) -> None:
    offer_all(lambda done: stream.one.offer_many(b"abcdefgh"[done:], [1] * (8 - done)), 8)
    headers: list[int] = []
    with stream.image(stream.one) as image:
        wait_for(lambda: image.poll(lambda _, header: headers.append(header.position), 3))
        assert len(headers) <= 3
        wait_for(lambda: image.poll(lambda _, header: headers.append(header.session_id), 8) and len(headers) == 8)
    assert headers[0] == 64
    assert headers[-1] == stream.one.session_id


def test_a_controlled_handler_of_an_image_can_see_a_fragment_again(stream: Stream) -> None:
    offer_until_sent(lambda: stream.one.offer(b"again"))
    answers = [Action.CONTINUE, Action.ABORT]
    with stream.image(stream.one) as image:
        seen: list[bytes] = []

        def handler(view: memoryview, _: Header) -> Action:
            seen.append(bytes(view))
            return answers.pop()

        wait_for(lambda: image.controlled_poll(handler) >= 0 and len(seen) == 2)
        assert seen == [b"again"] * 2
        assert image.position == stream.one.position


def test_long_messages_come_assembled_one_by_one_and_in_batches(stream: Stream) -> None:
    long = bytes(range(256)) * 80
    assert len(long) > stream.one.max_payload_length
    with stream.image(stream.one) as image:
        whole: list[bytes] = []
        assembler = FragmentAssembler(lambda view, _: whole.append(bytes(view)))
        offer_until_sent(lambda: stream.one.offer(long))
        wait_for(lambda: image.poll(assembler) >= 0 and whole)
        offer_until_sent(lambda: stream.one.offer(long))
        batch = MessageBatch()
        wait_for(lambda: image.poll_batch(batch))
        assert [*whole, *(bytes(message) for message in batch)] == [long, long]
        assert batch.session_ids.tolist() == [stream.one.session_id]
        offer_until_sent(lambda: stream.one.offer(long))
        fragments: list[bytes] = []
        wait_for(
            lambda: (
                image.poll_batch(batch, assemble=False) >= 0
                and (fragments.extend(map(bytes, batch)) or b"".join(fragments) == long)
            )
        )
        assert len(fragments) > 1


@pytest.mark.parametrize("poll", POLLS)
def test_a_closed_image_refuses_polls_and_its_subscription_goes_on(
    stream: Stream, poll: Callable[[Image], int]
) -> None:
    image = stream.image(stream.one)
    image.close()
    image.close()
    assert image.closed
    with pytest.raises(ClosedError, match="closed"):
        poll(image)
    offer_until_sent(lambda: stream.one.offer(b"goes on"))
    assert receive(stream.subscription, 1) == [b"goes on"]


@pytest.mark.parametrize("poll", POLLS)
def test_an_image_whose_publisher_has_gone_has_nothing_to_read(stream: Stream, poll: Callable[[Image], int]) -> None:
    image = stream.image(stream.one)
    offer_until_sent(lambda: stream.one.offer(b"last"))
    stream.one.close()
    assert collect(image, 1) == [b"last"]
    wait_for(lambda: stream.subscription.image_count == 1 and image.is_closed)
    assert poll(image) == 0


@pytest.mark.parametrize("poll", POLLS)
def test_a_closed_subscription_closes_its_images(stream: Stream, poll: Callable[[Image], int]) -> None:
    image, kept = stream.image(stream.one), stream.image(stream.one)
    stream.subscription.close()
    wait_for(lambda: not stream.one.is_connected)
    for each in (image, kept):
        assert each.closed
        with pytest.raises(ClosedError):
            poll(each)


def test_an_image_polled_while_its_subscription_is_closed_reads_to_the_end_of_that_poll(stream: Stream) -> None:
    offer_until_sent(lambda: stream.one.offer(b"x"))
    image = stream.image(stream.one)
    got: list[bytes] = []

    def handler(view: memoryview, _: Header) -> None:
        stream.subscription.close()
        got.append(bytes(view))

    wait_for(lambda: image.poll(handler))
    assert got == [b"x"]
    wait_for(lambda: not stream.one.is_connected)


@pytest.mark.parametrize("poll", POLLS)
def test_a_closed_client_closes_its_images(driver: MediaDriver, stream_id: int, poll: Callable[[Image], int]) -> None:
    with Aeron(driver) as aeron:
        stream = Stream(aeron, "ipc", stream_id)
        image = stream.image(stream.one)
    with pytest.raises(ClosedError):
        poll(image)


def test_an_image_is_polled_by_one_at_a_time(stream: Stream) -> None:
    offer_until_sent(lambda: stream.one.offer(b"x"))
    with stream.image(stream.one) as image:

        def poll_inside(_: memoryview, __: Header) -> None:
            with pytest.raises(BusyError):
                image.poll(lambda *_: None)

        wait_for(lambda: image.poll(poll_inside))


def test_a_view_kept_from_an_image_is_an_error_and_stays_mapped(driver: MediaDriver, stream_id: int) -> None:
    kept: list[memoryview] = []
    with Aeron(driver) as aeron:
        stream = Stream(aeron, "ipc", stream_id)
        offer_until_sent(lambda: stream.one.offer(b"kept"))
        with pytest.raises(BufferError, match="copy what must stay"):
            stream.image(stream.one).poll(lambda view, _: kept.append(view[:]))
    assert bytes(kept[0]) == b"kept"


def test_an_image_closed_by_its_own_handler_ends_with_that_poll(stream: Stream) -> None:
    offer_until_sent(lambda: stream.one.offer(b"x"))
    image = stream.image(stream.one)
    wait_for(lambda: image.poll(lambda *_: image.close()))
    with pytest.raises(ClosedError):
        image.poll(lambda *_: None)
