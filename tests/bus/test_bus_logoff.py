"""After its own logoff a client is told at once that its session is closed, and how to go on."""

from collections.abc import Callable
from typing import Any

import pytest

from seriatim.client import Client
from seriatim.engine import EventKind
from seriatim.errors import SessionEnded
from seriatim.schemas import Logoff, SessionClosed, SessionEnd
from seriatim.tools.venue import Venue
from tests.bus.bus_help import flow, order, wait_for

USES: list[Callable[[Client], Any]] = [
    lambda client: client.poll(),
    lambda client: client.send(flow(1, 1)),
    lambda client: client.submit(order(2, price=1)),
    lambda client: client.call(order(2, price=1)),
    lambda client: list(client.events()),
]


def test_a_logoff_is_answered_by_the_end_of_the_session(client: Client):
    [row] = client.call(Logoff())
    assert (row["kind"], row["reason"]) == (SessionClosed.TEMPLATE_ID, SessionEnd.LOGOFF)
    assert (row["session"], row["number"]) == (client.session, 1)
    assert client.answered == 1
    assert len(client.wait_all()) == 0


@pytest.mark.parametrize("use", USES)
def test_whatever_is_done_after_a_logoff_says_that_the_session_is_closed(client: Client, use: Callable[[Client], Any]):
    client.submit(Logoff())
    wait_for(lambda: len(client.poll()))
    for _ in range(2):
        with pytest.raises(SessionEnded, match=f"session {client.session} is closed.*session={client.session}"):
            use(client)


def test_a_lost_connection_does_not_log_a_session_on_that_has_logged_off(client: Client):
    client.call(Logoff())
    epoch = client.epoch
    assert client._connection is not None
    client._connection.close()
    with pytest.raises(SessionEnded):
        client.poll()
    assert client.epoch == epoch


def test_events_that_come_with_the_end_of_a_session_are_read(client: Client):
    """They lie in one Aeron message: sent without a look at what comes back, they are committed in one block."""
    for number in range(1, 6):
        client.submit(order(number, price=1))
    client.submit(Logoff())
    events = client.wait_all()
    assert events["kind"].tolist() == [EventKind.ACCEPTED] * 5 + [SessionClosed.TEMPLATE_ID]


def test_a_session_that_has_logged_off_goes_on_after_a_new_logon(venue: Venue, client: Client):
    client.call(order(1, price=1))
    client.call(Logoff())
    with Client(venue.client_config(), session=client.session) as again:
        assert (again.epoch, again.next_number) == (client.epoch + 1, 3)
        assert again.call(order(2, price=1))["kind"].tolist() == [EventKind.ACCEPTED]
