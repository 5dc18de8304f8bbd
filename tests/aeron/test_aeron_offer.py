"""Offering messages in every shape, and what is answered."""

import numpy as np
import pytest
from aeron_help import offer_all, offer_until_sent, receive, wait_for

from seriatim.aeron import (
    Aeron,
    AeronError,
    ClosedError,
    ConfigurationError,
    FragmentAssembler,
    NotOfferedError,
    OfferedMany,
    OfferResult,
)

IPC = "aeron:ipc"


@pytest.mark.parametrize("kind", ["add_publication", "add_exclusive_publication"])
@pytest.mark.parametrize(
    "message", [b"hello", bytearray(b"hello"), memoryview(b"hello"), np.frombuffer(b"hello", np.uint8)]
)
def test_any_buffer_can_be_offered(aeron: Aeron, stream_id: int, kind: str, message: object) -> None:
    with getattr(aeron, kind)(IPC, stream_id) as publication, aeron.add_subscription(IPC, stream_id) as subscription:
        position = offer_until_sent(lambda: publication.offer(message))
        assert position == publication.position == 64
        assert receive(subscription, 1) == [b"hello"]


def test_without_a_subscriber_the_answer_is_not_connected(aeron: Aeron, stream_id: int) -> None:
    with aeron.add_publication(IPC, stream_id) as publication:
        assert not publication.is_connected
        assert publication.offer(b"x") is OfferResult.NOT_CONNECTED
        assert publication.offer_many(b"xx", [1, 1]) == (0, None, OfferResult.NOT_CONNECTED)


def test_a_subscriber_that_does_not_poll_causes_back_pressure_and_polling_cures_it(
    aeron: Aeron, stream_id: int
) -> None:
    with (
        aeron.add_exclusive_publication(IPC, stream_id) as publication,
        aeron.add_subscription(IPC, stream_id) as subscription,
    ):
        wait_for(lambda: publication.is_connected)
        message = bytes(publication.max_payload_length)
        sent = 0

        def offer_until_refused() -> bool:
            nonlocal sent
            result = publication.offer(message)
            sent += result >= 0
            return result is OfferResult.BACK_PRESSURED

        wait_for(offer_until_refused)
        assert publication.position <= publication.position_limit + publication.term_buffer_length
        assert len(receive(subscription, sent)) == sent
        offer_until_sent(lambda: publication.offer(message))


def test_a_message_beyond_the_maximum_raises_with_aerons_text(aeron: Aeron, stream_id: int) -> None:
    with aeron.add_publication(IPC, stream_id) as publication, aeron.add_subscription(IPC, stream_id):
        wait_for(lambda: publication.is_connected)
        with pytest.raises(AeronError, match="max_message_length"):
            publication.offer(bytes(publication.max_message_length + 1))


def test_parts_become_one_message(aeron: Aeron, stream_id: int) -> None:
    with (
        aeron.add_publication(IPC, stream_id) as publication,
        aeron.add_subscription(IPC, stream_id) as subscription,
    ):
        offer_until_sent(lambda: publication.offer_parts([b"one ", bytearray(b"two "), b"", b"three"]))
        assert receive(subscription, 1) == [b"one two three"]


def test_rows_of_a_structured_array_go_in_one_call(aeron: Aeron, stream_id: int) -> None:
    rows = np.zeros(100, np.dtype([("id", "<i8"), ("price", "<i8")]))
    rows["id"] = np.arange(100)
    with (
        aeron.add_exclusive_publication(IPC, stream_id) as publication,
        aeron.add_subscription(IPC, stream_id) as subscription,
    ):
        wait_for(lambda: publication.is_connected)
        offered = publication.offer_many(rows)
        assert offered == (100, publication.position, None)
        assert np.array_equal(np.frombuffer(b"".join(receive(subscription, 100)), rows.dtype), rows)


def test_every_second_row_of_an_array_can_be_offered_without_a_copy_of_the_rest(aeron: Aeron, stream_id: int) -> None:
    rows = np.arange(40, dtype=np.int64).reshape(20, 2)
    with (
        aeron.add_exclusive_publication(IPC, stream_id) as publication,
        aeron.add_subscription(IPC, stream_id) as subscription,
    ):
        wait_for(lambda: publication.is_connected)
        assert publication.offer_many(rows[::2]).sent == 10
        assert publication.offer_many(rows[::-1, ::-1]).sent == 20
        assert publication.offer_many(rows[:, :1]).sent == 20
        wanted = [row.tobytes() for row in [*rows[::2], *rows[::-1, ::-1], *rows[:, :1]]]
        assert receive(subscription, 50) == wanted


def test_one_buffer_with_lengths_and_offsets_goes_in_one_call(aeron: Aeron, stream_id: int) -> None:
    with (
        aeron.add_publication(IPC, stream_id) as publication,
        aeron.add_subscription(IPC, stream_id) as subscription,
    ):
        wait_for(lambda: publication.is_connected)
        assert publication.offer_many(b"abbccc", [1, 2, 3]).sent == 3
        assert publication.offer_many(b"..x...yy", [1, 2], offsets=[2, 6]).sent == 2
        assert publication.offer_many(b"", []) == (0, None, None)
        assert receive(subscription, 5) == [b"a", b"bb", b"ccc", b"x", b"yy"]


def test_many_messages_stop_where_the_stream_is_full_and_go_on_from_there(aeron: Aeron, stream_id: int) -> None:
    rows = np.arange(20_000, dtype=np.int64)
    with (
        aeron.add_exclusive_publication(IPC, stream_id) as publication,
        aeron.add_subscription(IPC, stream_id) as subscription,
    ):
        wait_for(lambda: publication.is_connected)
        first = publication.offer_many(rows)
        assert 0 < first.sent < len(rows)
        assert first.stopped is OfferResult.BACK_PRESSURED
        received = receive(subscription, first.sent)

        def offer(index: int) -> OfferedMany:
            received.extend(receive(subscription, 0))
            return publication.offer_many(rows[first.sent + index :])

        offer_all(offer, len(rows) - first.sent)
        received.extend(receive(subscription, len(rows) - len(received)))
        assert received == [row.tobytes() for row in rows]


@pytest.mark.parametrize(
    ("lengths", "offsets"),
    [([7], None), ([3, 4], None), ([-1], None), ([1], [6]), ([1], [-1]), ([2**62, 2**62, 2**62], None)],
)
def test_lengths_beyond_the_buffer_are_refused(
    aeron: Aeron, stream_id: int, lengths: list[int], offsets: list[int] | None
) -> None:
    with aeron.add_publication(IPC, stream_id) as publication, pytest.raises(ConfigurationError):
        publication.offer_many(b"sixsix", lengths, offsets)


def test_objects_in_an_array_are_refused(aeron: Aeron, stream_id: int) -> None:
    with aeron.add_publication(IPC, stream_id) as publication, pytest.raises(ConfigurationError):
        publication.offer_many(np.array([object()]))


def test_a_claim_is_written_in_place_and_goes_out_at_the_end_of_the_block(aeron: Aeron, stream_id: int) -> None:
    with (
        aeron.add_publication(IPC, stream_id) as publication,
        aeron.add_subscription(IPC, stream_id) as subscription,
    ):
        wait_for(lambda: publication.is_connected)
        with publication.try_claim(5) as view:
            view[:] = b"claim"
        assert receive(subscription, 1) == [b"claim"]
        with pytest.raises(ValueError, match="released"):
            view[0] = 1


def test_a_claim_whose_block_raises_is_given_back(aeron: Aeron, stream_id: int) -> None:
    with (
        aeron.add_publication(IPC, stream_id) as publication,
        aeron.add_subscription(IPC, stream_id) as subscription,
    ):
        wait_for(lambda: publication.is_connected)
        with pytest.raises(KeyError), publication.try_claim(5):
            raise KeyError
        publication.try_claim(5)  # dropped at once, so it aborts itself
        assert publication.offer(b"after") > 0
        assert receive(subscription, 1) == [b"after"]


def test_a_refused_claim_is_false_and_cannot_be_entered(aeron: Aeron, stream_id: int) -> None:
    with aeron.add_publication(IPC, stream_id) as publication:
        claim = publication.try_claim(5)
        assert not claim
        assert claim.result is OfferResult.NOT_CONNECTED
        with pytest.raises(NotOfferedError, match="NOT_CONNECTED"), claim:
            pass


def test_a_view_kept_beyond_its_claim_is_an_error_and_the_message_stays_unsent(aeron: Aeron, stream_id: int) -> None:
    with aeron.add_publication(IPC, stream_id) as publication, aeron.add_subscription(IPC, stream_id) as subscription:
        wait_for(lambda: publication.is_connected)
        kept: list[np.ndarray] = []
        with pytest.raises(BufferError), publication.try_claim(8) as view:
            kept.append(np.asarray(view))
        publication.offer(b"after")
        assert receive(subscription, 1) == [b"after"]
        assert kept[0].sum() == 0


def test_a_claim_finished_after_its_publication_was_closed_does_no_harm(aeron: Aeron, stream_id: int) -> None:
    with aeron.add_subscription(IPC, stream_id):
        publication = aeron.add_publication(IPC, stream_id)
        wait_for(lambda: publication.is_connected)
        claim = publication.try_claim(3)
        publication.close()
        claim.view[:] = b"end"
        claim.commit()
        with pytest.raises(ClosedError):
            publication.offer(b"x")


def test_a_publication_tells_what_it_is(aeron: Aeron, stream_id: int) -> None:
    with aeron.add_exclusive_publication("aeron:ipc?term-length=128k|mtu=4096|session-id=77", stream_id) as publication:
        assert publication.channel == "aeron:ipc?term-length=128k|mtu=4096|session-id=77"
        assert (publication.stream_id, publication.session_id) == (stream_id, 77)
        assert publication.term_buffer_length == 128 << 10
        assert publication.max_payload_length == 4096 - 32
        assert publication.max_message_length == 16 << 10
        assert publication.registration_id == publication.original_registration_id > 0
        assert publication.position == 0
        assert publication.max_possible_position == (128 << 10) << 31
        assert "session_id=77" in repr(publication)


def test_a_publication_at_its_last_position_raises_instead_of_asking_for_a_retry(aeron: Aeron, stream_id: int) -> None:
    last_term = f"init-term-id=0|term-id={2**31 - 1}|term-offset=65472|term-length=64k"
    with (
        aeron.add_subscription(IPC, stream_id) as subscription,
        aeron.add_exclusive_publication(f"{IPC}?{last_term}", stream_id) as publication,
    ):
        wait_for(lambda: publication.is_connected)
        assert publication.offer(b"last") > 0
        receive(subscription, 1)
        with pytest.raises(AeronError, match="last position"):
            wait_for(lambda: publication.offer(b"beyond") >= 0)


def test_a_long_message_is_sent_in_fragments_and_assembled(aeron: Aeron, stream_id: int) -> None:
    message = np.random.default_rng(1).bytes(20_000)
    received: list[bytes] = []
    assembler = FragmentAssembler(lambda view, _: received.append(bytes(view)))
    with (
        aeron.add_publication(IPC, stream_id) as publication,
        aeron.add_subscription(IPC, stream_id) as subscription,
    ):
        offer_until_sent(lambda: publication.offer(message))
        wait_for(lambda: subscription.poll(assembler, 3) >= 0 and received)
    assert received == [message]
