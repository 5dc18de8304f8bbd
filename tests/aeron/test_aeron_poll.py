"""Polling fragment by fragment, and what a handler may do."""

import threading
from collections.abc import Callable

import numpy as np
import pytest
from aeron_help import offer_until_sent, receive, wait_for

from seriatim.aeron import (
    Action,
    Aeron,
    BusyError,
    ControlledFragmentAssembler,
    ExclusivePublication,
    FragmentAssembler,
    Header,
    HeaderValues,
    MediaDriver,
    Subscription,
)

IPC = "aeron:ipc"


@pytest.fixture
def publication(aeron: Aeron, stream_id: int) -> ExclusivePublication:
    """The sending end."""
    return aeron.add_exclusive_publication(IPC, stream_id)


@pytest.fixture
def subscription(aeron: Aeron, stream_id: int, publication: ExclusivePublication) -> Subscription:
    """The receiving end, connected."""
    subscription = aeron.add_subscription(IPC, stream_id)
    wait_for(lambda: publication.is_connected and subscription.is_connected)
    return subscription


def test_a_header_tells_where_the_fragment_lies(publication: ExclusivePublication, subscription: Subscription) -> None:
    publication.offer(b"first")
    publication.offer(b"second")
    headers: list[HeaderValues] = []
    wait_for(lambda: subscription.poll(lambda _, header: headers.append(header.values())) and len(headers) == 2)
    first, second = headers
    assert first.session_id == second.session_id == publication.session_id
    assert first.stream_id == publication.stream_id
    assert (first.position, second.position) == (64, 128)
    assert (first.term_offset, second.term_offset) == (0, 64)
    assert (first.frame_length, second.frame_length) == (37, 38)
    assert first.flags == 0xC0
    assert first.term_id == first.initial_term_id == publication.initial_term_id
    assert first.reserved_value == 0


def test_a_poll_keeps_to_its_limit(publication: ExclusivePublication, subscription: Subscription) -> None:
    publication.offer_many(b"abcdefgh", [1] * 8)
    got: list[bytes] = []
    assert [subscription.poll(lambda view, _: got.append(bytes(view)), 3) for _ in range(4)] == [3, 3, 2, 0]
    assert b"".join(got) == b"abcdefgh"
    assert subscription.poll(lambda *_: None, 0) == 0


def test_a_fragment_cannot_be_written(publication: ExclusivePublication, subscription: Subscription) -> None:
    publication.offer(b"read only")

    def scribble(view: memoryview, _: Header) -> None:
        view[0] = 0

    with pytest.raises(TypeError, match="read-only"):
        subscription.poll(scribble)


KEEPERS: list[Callable[[memoryview], object]] = [
    lambda view: view,
    memoryview,
    lambda view: view[1:],
    np.asarray,
    lambda view: np.frombuffer(view, np.uint8),
]


@pytest.mark.parametrize("poll", ["poll", "controlled_poll"])
@pytest.mark.parametrize("keep", KEEPERS)
def test_a_view_kept_by_a_handler_is_an_error_and_stays_mapped(
    driver: MediaDriver, stream_id: int, keep: Callable[[memoryview], object], poll: str
) -> None:
    kept: list[object] = []
    with Aeron(driver) as aeron:
        publication = aeron.add_exclusive_publication(IPC, stream_id)
        subscription = aeron.add_subscription(IPC, stream_id)
        wait_for(lambda: publication.is_connected and subscription.is_connected)
        publication.offer(b"kept")
        with pytest.raises(BufferError, match="copy what must stay"):
            getattr(subscription, poll)(lambda view, _: kept.append(keep(view)))
        publication.offer(b"next")
        assert receive(subscription, 1) == [b"next"]
    if isinstance(kept[0], np.ndarray):
        assert kept[0].tobytes() == b"kept"


def test_an_exception_in_a_handler_leaves_the_poll_and_the_next_poll_goes_on(
    publication: ExclusivePublication, subscription: Subscription
) -> None:
    publication.offer_many(b"abc", [1, 1, 1])

    def fail_at_b(view: memoryview, _: Header) -> None:
        if view == b"b":
            raise LookupError("b")

    with pytest.raises(LookupError, match="b"):
        subscription.poll(fail_at_b)
    assert receive(subscription, 1) == [b"c"]


def test_a_controlled_handler_can_abort_break_and_commit(
    publication: ExclusivePublication, subscription: Subscription
) -> None:
    publication.offer_many(b"abcd", [1, 1, 1, 1])
    image = subscription.images[0]
    seen: list[tuple[bytes, int]] = []

    def handler(answers: dict[bytes, Action]):
        def handle(view: memoryview, _: Header) -> Action | None:
            seen.append((bytes(view), image.position))
            return answers.get(bytes(view))

        return handle

    assert subscription.controlled_poll(handler({b"a": Action.COMMIT, b"b": Action.ABORT})) == 1
    assert subscription.controlled_poll(handler({b"b": Action.CONTINUE, b"c": Action.BREAK})) == 2
    assert subscription.controlled_poll(handler({})) == 1
    assert seen == [(b"a", 0), (b"b", 64), (b"b", 64), (b"c", 64), (b"d", 192)]
    assert image.position == 256


def test_an_exception_in_a_controlled_handler_consumes_its_fragment(
    publication: ExclusivePublication, subscription: Subscription
) -> None:
    publication.offer_many(b"ab", [1, 1])

    def fail(_view: memoryview, _header: Header) -> Action:
        raise LookupError

    with pytest.raises(LookupError):
        subscription.controlled_poll(fail)
    assert receive(subscription, 1) == [b"b"]


def test_an_aborted_long_message_comes_again_whole(
    publication: ExclusivePublication, subscription: Subscription
) -> None:
    message = bytes(range(256)) * 20
    answers = [Action.ABORT, Action.ABORT, Action.CONTINUE]
    got: list[bytes] = []

    def handle(view: memoryview, _: Header) -> Action:
        got.append(bytes(view))
        return answers[len(got) - 1]

    assembler = ControlledFragmentAssembler(handle)
    publication.offer(b"short")
    publication.offer(message)
    answers.insert(0, Action.CONTINUE)
    wait_for(lambda: subscription.controlled_poll(assembler) >= 0 and len(got) == 4)
    assert got == [b"short", message, message, message]
    assert subscription.controlled_poll(assembler) == 0


def test_a_reader_that_joins_within_a_message_drops_its_rest(publication: ExclusivePublication) -> None:
    got: list[bytes] = []
    assembler = FragmentAssembler(lambda view, _: got.append(bytes(view)))
    late = aeron_like_header(flags=0x40)
    assembler(memoryview(b"end of something"), late)
    assert got == []
    assert publication.position == 0


def aeron_like_header(flags: int) -> Header:
    """A header outside of a poll, with nothing but flags."""

    class Block:
        spans = (32, 64, flags)
        session_id = 1

    return Header(Block())


def test_polling_inside_a_handler_is_refused(publication: ExclusivePublication, subscription: Subscription) -> None:
    publication.offer(b"x")
    with pytest.raises(BusyError, match="one poll at a time"):
        subscription.poll(lambda *_: subscription.poll(lambda *_: None))
    assert subscription.poll(lambda *_: None) == 0


def test_two_threads_cannot_poll_at_once(publication: ExclusivePublication, subscription: Subscription) -> None:
    publication.offer(b"x")
    inside, done = threading.Event(), threading.Event()

    def hold(_view: memoryview, _header: Header) -> None:
        inside.set()
        assert done.wait(10)

    thread = threading.Thread(target=lambda: subscription.poll(hold))
    thread.start()
    assert inside.wait(10)
    with pytest.raises(BusyError):
        subscription.poll(lambda *_: None)
    done.set()
    thread.join(10)
    assert not thread.is_alive()


def test_every_publisher_gets_its_turn(aeron: Aeron, stream_id: int) -> None:
    with aeron.add_subscription(IPC, stream_id) as subscription:
        publishers = [aeron.add_exclusive_publication(IPC, stream_id) for _ in range(3)]
        wait_for(lambda: subscription.image_count == 3 and all(each.is_connected for each in publishers))
        for publisher in publishers:
            assert publisher.offer_many(bytes(100), [1] * 100).sent == 100
        turns: list[int] = []
        while subscription.poll(lambda _, header: turns.append(header.session_id), 10):
            pass
        assert len(turns) == 300
        assert len(set(turns[:30])) == 3
        for publisher in publishers:
            publisher.close()


def test_fragments_pass_the_end_of_a_term_unharmed(
    publication: ExclusivePublication, subscription: Subscription
) -> None:
    messages = [bytes([index % 251]) * (index % 1300) for index in range(2000)]
    got: list[bytes] = []
    for message in messages:
        offer_until_sent(lambda message=message: publication.offer(message))
        subscription.poll(lambda view, _: got.append(bytes(view)), 7)
    got += receive(subscription, len(messages) - len(got))
    assert publication.position > 4 * publication.term_buffer_length
    assert got == messages
