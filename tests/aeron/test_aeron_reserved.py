"""The eight bytes in a frame's header that are the publisher's own."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from aeron_help import offer_all, offer_until_sent, wait_for

from seriatim.aeron import Aeron, Channel, ClosedError, MessageBatch, NotOfferedError, Publication, Subscription

VALUES = [1, -1, 2**63 - 1, -(2**63)]


class Stream:
    """Both ends of a stream."""

    def __init__(self, aeron: Aeron, media: str, kind: str, stream_id: int) -> None:
        ipc = Channel.ipc()
        self.subscription: Subscription = aeron.add_subscription(
            ipc if media == "ipc" else Channel.udp("127.0.0.1:0"), stream_id
        )
        channel = ipc if media == "ipc" else wait_for(lambda: self.subscription.resolved_channel)
        self.publication: Publication = getattr(aeron, f"add_{kind}")(channel, stream_id)
        wait_for(lambda: self.publication.is_connected and self.subscription.is_connected)

    def values(self, count: int) -> list[int]:
        """The reserved values of the next fragments."""
        values: list[int] = []
        wait_for(
            lambda: (
                self.subscription.poll(lambda _, header: values.append(header.reserved_value)) >= 0
                and len(values) >= count
            )
        )
        return values


@pytest.fixture(params=["publication", "exclusive_publication"])
def kind(request: pytest.FixtureRequest) -> str:
    """Shared or exclusive."""
    return request.param


@pytest.fixture(params=["ipc", "udp"])
def stream(request: pytest.FixtureRequest, aeron: Aeron, kind: str, stream_id: int) -> Stream:
    """Over each medium."""
    return Stream(aeron, request.param, kind, stream_id)


def test_an_offer_carries_its_value_and_the_next_one_zero(stream: Stream) -> None:
    for value in VALUES:
        offer_until_sent(lambda value=value: stream.publication.offer(b"x", reserved_value=value))
        offer_until_sent(lambda: stream.publication.offer(b"x"))
    assert stream.values(2 * len(VALUES)) == [each for value in VALUES for each in (value, 0)]


def test_every_fragment_of_a_long_message_carries_the_value(stream: Stream) -> None:
    long = bytes(3 * stream.publication.max_payload_length)
    offer_until_sent(lambda: stream.publication.offer(long, reserved_value=7))
    assert stream.values(3) == [7, 7, 7]
    offer_until_sent(lambda: stream.publication.offer_parts([long, b"x"], reserved_value=8))
    assert stream.values(4) == [8] * 4
    offer_until_sent(lambda: stream.publication.offer(long, 9))
    batch = MessageBatch()
    wait_for(lambda: stream.subscription.poll_batch(batch))
    assert batch.reserved_values.tolist() == [9]


def test_many_offered_at_once_carry_the_same_value(stream: Stream) -> None:
    rows = np.zeros((20, 8), np.uint8)
    offer_all(lambda done: stream.publication.offer_many(rows[done:], reserved_value=-5), 20)
    assert stream.values(20) == [-5] * 20
    offer_all(lambda done: stream.publication.offer_many(b"ab"[done:], [1] * (2 - done), reserved_value=6), 2)
    batch, values = MessageBatch(), []
    wait_for(
        lambda: (
            stream.subscription.poll_batch(batch) >= 0 and (values.extend(batch.reserved_values) or len(values) == 2)
        )
    )
    assert values == [6, 6]


def test_a_claim_has_the_value_that_it_is_given(stream: Stream) -> None:
    for value in (None, *VALUES):
        claim = stream.publication.try_claim(4)
        assert claim
        assert claim.reserved_value == 0
        if value is not None:
            claim.reserved_value = value
            assert claim.reserved_value == value
        claim.view[:] = b"data"
        claim.commit()
        with pytest.raises(NotOfferedError):
            claim.reserved_value = 1
        with pytest.raises(NotOfferedError):
            _ = claim.reserved_value
    assert stream.values(5) == [0, *VALUES]


OFFERS: list[Callable[[Any], object]] = [
    lambda publication: publication.offer(b"x", reserved_value=1),
    lambda publication: publication.offer_parts([b"x"], reserved_value=1),
    lambda publication: publication.offer_many(b"x", [1], reserved_value=1),
]


@pytest.mark.parametrize("offer", OFFERS)
def test_a_closed_publication_refuses_an_offer_with_a_value(stream: Stream, offer: Callable[[Any], object]) -> None:
    stream.publication.close()
    with pytest.raises(ClosedError):
        offer(stream.publication)


def test_a_value_beyond_64_bits_is_refused(stream: Stream) -> None:
    with pytest.raises(OverflowError):
        stream.publication.offer(b"x", reserved_value=2**63)
