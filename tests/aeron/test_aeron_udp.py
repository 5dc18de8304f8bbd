"""Streams over UDP on the loopback interface: unicast, many destinations, multicast, spies."""

import socket

import pytest
from aeron_help import offer_until_sent, receive, wait_for

from seriatim.aeron import Aeron, AeronError, Channel, ImageEvent, MediaDriver

ANY_PORT = "127.0.0.1:0"


def free_port() -> int:
    """A UDP port that nobody uses now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_unicast_goes_to_the_port_that_the_system_chose(aeron: Aeron, stream_id: int) -> None:
    with aeron.add_subscription(Channel.udp(ANY_PORT), stream_id) as subscription:
        channel = wait_for(lambda: subscription.resolved_channel)
        endpoint = wait_for(lambda: subscription.resolved_endpoint)
        assert endpoint in channel
        assert not endpoint.endswith(":0")
        assert subscription.local_addresses == [endpoint]
        assert subscription.channel_status == 1
        with aeron.add_exclusive_publication(channel, stream_id) as publication:
            offer_until_sent(lambda: publication.offer(b"over the wire"))
            assert receive(subscription, 1) == [b"over the wire"]
            assert publication.local_addresses[0].startswith("127.0.0.1:")
            [image] = subscription.images
            assert image.source_identity.startswith("127.0.0.1:")
            wait_for(lambda: image.active_transport_count == 1)


def test_a_channel_can_be_taken_while_the_driver_still_closes_it_for_another(driver: MediaDriver, aeron: Aeron) -> None:
    channel = Channel.udp(f"127.0.0.1:{free_port()}")
    with Aeron(driver) as other:
        for _ in range(100):  # the driver answers "please retry" to some of these
            aeron.add_subscription(channel, 1).close()
            other.add_subscription(channel, 1).close()


def test_a_publication_sends_to_destinations_added_by_hand(aeron: Aeron, stream_id: int) -> None:
    ends = [aeron.add_subscription(Channel.udp(ANY_PORT), stream_id) for _ in range(2)]
    with aeron.add_publication(Channel.mdc(), stream_id) as publication:
        for end in ends:
            publication.add_destination(wait_for(lambda end=end: end.resolved_channel))
        wait_for(lambda: all(end.is_connected for end in ends))
        offer_until_sent(lambda: publication.offer(b"to all"))
        assert [receive(end, 1) for end in ends] == [[b"to all"]] * 2
        publication.remove_destination(ends[1].resolved_channel or "")
        offer_until_sent(lambda: publication.offer(b"to one"))
        assert receive(ends[0], 1) == [b"to one"]
        assert ends[1].poll(lambda *_: None) == 0
    for end in ends:
        end.close()


def test_receivers_join_a_publication_by_its_control_address(aeron: Aeron, stream_id: int) -> None:
    control = f"127.0.0.1:{free_port()}"
    with aeron.add_exclusive_publication(Channel.mdc(control), stream_id) as publication:
        ends = [aeron.add_subscription(Channel.mdc(control, ANY_PORT), stream_id) for _ in range(2)]
        wait_for(lambda: all(end.is_connected for end in ends))
        offer_until_sent(lambda: publication.offer(b"joined"))
        assert [receive(end, 1) for end in ends] == [[b"joined"]] * 2


def test_a_subscription_receives_from_destinations_added_by_hand(aeron: Aeron, stream_id: int) -> None:
    endpoints = [f"127.0.0.1:{free_port()}" for _ in range(2)]
    with aeron.add_subscription(Channel.mdc(), stream_id) as subscription:
        for endpoint in endpoints:
            subscription.add_destination(Channel.udp(endpoint))
        publications = [aeron.add_exclusive_publication(Channel.udp(endpoint), stream_id) for endpoint in endpoints]
        for publication in publications:
            offer_until_sent(lambda publication=publication: publication.offer(b"merged"))
        assert receive(subscription, 2) == [b"merged"] * 2
        subscription.remove_destination(Channel.udp(endpoints[0]))


def test_a_destination_on_a_plain_channel_is_refused(aeron: Aeron, stream_id: int) -> None:
    with (
        aeron.add_publication(Channel.udp(f"127.0.0.1:{free_port()}"), stream_id) as publication,
        pytest.raises(AeronError, match="destination"),
    ):
        publication.add_destination(Channel.udp("127.0.0.1:4000"))


def test_multicast_reaches_every_member(aeron: Aeron, stream_id: int) -> None:
    channel = Channel.multicast(f"224.20.30.39:{free_port()}", interface="127.0.0.1", ttl=0)
    try:
        ends = [aeron.add_subscription(channel, stream_id) for _ in range(2)]
    except AeronError as error:
        pytest.skip(f"no multicast on this machine's loopback: {error}")
    with aeron.add_publication(channel, stream_id) as publication:
        offer_until_sent(lambda: publication.offer(b"to the group"))
        assert [receive(end, 1) for end in ends] == [[b"to the group"]] * 2


def test_a_spy_reads_a_publication_of_its_own_driver(aeron: Aeron, stream_id: int) -> None:
    channel = Channel.udp(f"127.0.0.1:{free_port()}", spies_simulate_connection=True)
    with (
        aeron.add_publication(channel, stream_id) as publication,
        aeron.add_subscription(channel.spy(), stream_id) as spy,
    ):
        offer_until_sent(lambda: publication.offer(b"seen"))
        assert receive(spy, 1) == [b"seen"]


@pytest.mark.parametrize("channel", ["aeron:ipc", "aeron:udp?endpoint=127.0.0.1:{port}"])
def test_images_come_and_go_in_the_polling_thread(aeron: Aeron, stream_id: int, channel: str) -> None:
    channel = channel.format(port=free_port())
    events: list[tuple[str, ImageEvent]] = []
    subscription = aeron.add_subscription(
        channel,
        stream_id,
        on_available_image=lambda event: events.append(("available", event)),
        on_unavailable_image=lambda event: events.append(("unavailable", event)),
    )
    publication = aeron.add_exclusive_publication(channel, stream_id)
    offer_until_sent(lambda: publication.offer(b"x"))
    assert receive(subscription, 1) == [b"x"]
    image = subscription.image(publication.session_id)
    assert image is not None
    assert (image.position, image.is_closed, image.join_position) == (publication.position, False, 0)
    assert image.term_length_bytes == publication.term_buffer_length
    publication.close()
    wait_for(lambda: subscription.poll(lambda *_: None) == 0 and len(events) == 2)
    assert [kind for kind, _ in events] == ["available", "unavailable"]
    assert {event.session_id for _, event in events} == {publication.session_id}
    assert image.is_closed
    assert image.is_end_of_stream
    assert image.position == events[1][1].position == 64
    assert subscription.image(publication.session_id) is None
    image.close()
    subscription.close()


def test_an_exception_in_an_image_handler_leaves_the_poll(aeron: Aeron, stream_id: int) -> None:
    def fail(_event: ImageEvent) -> None:
        raise LookupError("image")

    with aeron.add_subscription("aeron:ipc", stream_id, on_available_image=fail) as subscription:
        publication = aeron.add_publication("aeron:ipc", stream_id)
        offer_until_sent(lambda: publication.offer(b"x"))
        with pytest.raises(LookupError):
            wait_for(lambda: subscription.poll(lambda *_: None))
        assert receive(subscription, 1) == [b"x"]
        publication.close()


def test_a_rejected_image_goes_away(aeron: Aeron, stream_id: int) -> None:
    with aeron.add_subscription(Channel.udp(ANY_PORT), stream_id) as subscription:
        publication = aeron.add_publication(wait_for(lambda: subscription.resolved_channel), stream_id)
        offer_until_sent(lambda: publication.offer(b"x"))
        [image] = wait_for(lambda: subscription.images)
        image.reject("not wanted")
        wait_for(lambda: not publication.is_connected)
        publication.close()
