"""What a node counts about its journal."""

from seriatim.client import Client
from seriatim.tools.venue import Venue
from tests.bus.bus_help import counters, order, wait_for


def test_the_time_from_commit_to_persisted_is_counted(venue: Venue, client: Client):
    client.call(order(1, price=1))

    def last_and_longest() -> bool:
        found = counters(venue.aeron_dir)
        return 0 < found["commit to persisted ns"] <= found["commit to persisted ns max"] < 10_000_000_000

    wait_for(last_and_longest)


def test_the_longest_time_from_commit_to_persisted_never_falls(venue: Venue, client: Client):
    longest = []
    for number in range(1, 50):
        client.call(order(number, price=1))
        found = counters(venue.aeron_dir)
        longest.append(found["commit to persisted ns max"])
        assert longest[-1] > 0
    assert longest == sorted(longest)
