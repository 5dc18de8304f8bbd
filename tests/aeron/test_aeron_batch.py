"""Polling a whole batch into one buffer."""

import numpy as np
import pytest
from aeron_help import offer_all, offer_until_sent, wait_for

from seriatim.aeron import Aeron, ConfigurationError, ExclusivePublication, MessageBatch, MessageTooLongError

IPC = "aeron:ipc"
RECORD = np.dtype([("id", "<i8"), ("price", "<i8"), ("quantity", "<i8")])


@pytest.fixture
def publication(aeron: Aeron, stream_id: int) -> ExclusivePublication:
    """The sending end."""
    return aeron.add_exclusive_publication(IPC, stream_id)


def test_records_go_through_in_two_calls_without_a_copy_in_python(
    aeron: Aeron, stream_id: int, publication: ExclusivePublication
) -> None:
    rows = np.zeros(500, RECORD)
    rows["id"] = np.arange(500)
    batch = MessageBatch()
    with aeron.add_subscription(IPC, stream_id) as subscription:
        wait_for(lambda: publication.is_connected)
        assert publication.offer_many(rows).sent == 500
        assert wait_for(lambda: subscription.poll_batch(batch)) == 500
        assert len(batch) == 500
        assert np.array_equal(batch.records(RECORD), rows)
        assert np.shares_memory(batch.records(RECORD), batch.data)
        assert set(batch.session_ids.tolist()) == {publication.session_id}
        assert batch.positions[-1] == publication.position
        assert batch.positions.tolist() == list(range(64, 64 * 501, 64))
        assert subscription.poll_batch(batch) == 0
        assert len(batch) == len(batch.data) == 0


def test_messages_of_any_length_keep_their_bytes_and_order(
    aeron: Aeron, stream_id: int, publication: ExclusivePublication
) -> None:
    messages = [bytes([index % 256]) * index for index in range(200)]
    batch = MessageBatch(capacity_bytes=4000, max_messages=64)
    received: list[bytes] = []
    with aeron.add_subscription(IPC, stream_id) as subscription:
        wait_for(lambda: publication.is_connected)
        offer_all(lambda index: publication.offer_many(b"".join(messages[index:]), [*map(len, messages[index:])]), 200)
        while subscription.poll_batch(batch):
            assert len(batch) <= 64
            assert np.all(batch.offsets % 8 == 0)
            received += [bytes(view) for view in batch]
            assert [bytes(batch[index]) for index in range(len(batch))] == received[-len(batch) :]
            assert bytes(batch[-1]) == received[-1]
    assert received == messages


def test_a_batch_can_be_forwarded_as_it_is(aeron: Aeron, stream_id: int, publication: ExclusivePublication) -> None:
    messages = [b"a", b"bcd", b"efghijklmnop"]
    batch = MessageBatch()
    with aeron.add_subscription(IPC, stream_id) as subscription:
        wait_for(lambda: publication.is_connected)
        publication.offer_many(b"".join(messages), [*map(len, messages)])
        wait_for(lambda: subscription.poll_batch(batch))
        assert publication.offer_many(batch.data, batch.lengths, batch.offsets).sent == 3
        wait_for(lambda: subscription.poll_batch(batch))
        assert [bytes(view) for view in batch] == messages


def test_long_messages_are_assembled_across_polls(
    aeron: Aeron, stream_id: int, publication: ExclusivePublication
) -> None:
    messages = [np.random.default_rng(seed).bytes(15_000) for seed in range(5)]
    batch = MessageBatch(capacity_bytes=16_000)
    received: list[bytes] = []
    with aeron.add_subscription(IPC, stream_id) as subscription:
        wait_for(lambda: publication.is_connected)
        for message in messages:
            offer_until_sent(lambda message=message: publication.offer(message))
        while subscription.poll_batch(batch):
            received += [bytes(view) for view in batch]
    assert received == messages


def test_fragments_can_be_had_one_by_one(aeron: Aeron, stream_id: int, publication: ExclusivePublication) -> None:
    batch = MessageBatch()
    with aeron.add_subscription(IPC, stream_id) as subscription:
        offer_until_sent(lambda: publication.offer(bytes(3000)))
        wait_for(lambda: subscription.poll_batch(batch, assemble=False))
        assert batch.lengths.tolist() == [1376, 1376, 248]


def test_a_message_longer_than_the_batch_is_an_error_and_is_not_lost(
    aeron: Aeron, stream_id: int, publication: ExclusivePublication
) -> None:
    with aeron.add_subscription(IPC, stream_id) as subscription:
        wait_for(lambda: publication.is_connected)
        publication.offer(b"small")
        publication.offer(bytes(5000))
        small = MessageBatch(capacity_bytes=1000)
        assert wait_for(lambda: subscription.poll_batch(small)) == 1
        for _ in range(2):
            with pytest.raises(MessageTooLongError, match="5000 bytes"):
                subscription.poll_batch(small)
        big = MessageBatch(capacity_bytes=5000)
        assert subscription.poll_batch(big) == 1
        assert big.lengths.tolist() == [5000]


def test_records_of_another_length_are_refused(aeron: Aeron, stream_id: int, publication: ExclusivePublication) -> None:
    batch = MessageBatch()
    with aeron.add_subscription(IPC, stream_id) as subscription:
        offer_until_sent(lambda: publication.offer(bytes(16)))
        wait_for(lambda: subscription.poll_batch(batch))
        with pytest.raises(ConfigurationError, match="24 bytes"):
            batch.records(RECORD)
        with pytest.raises(IndexError):
            batch[1]


@pytest.mark.parametrize(("capacity_bytes", "max_messages"), [(0, 1), (-1, 1), (8, 0), (8, 2**31)])
def test_a_batch_without_room_is_refused(capacity_bytes: int, max_messages: int) -> None:
    with pytest.raises(ConfigurationError):
        MessageBatch(capacity_bytes, max_messages)
