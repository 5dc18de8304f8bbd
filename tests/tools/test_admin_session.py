"""The commands of an operator share a session: an order may open only so many, and keeps each for good."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from seriatim.admin import administer
from seriatim.client import Client
from seriatim.engine import EventKind, MassCancel, RiskScope, SetKillSwitch
from seriatim.errors import LogonRefused
from seriatim.schemas import RefusalReason
from seriatim.tools.admin.shared_session import operators_client
from seriatim.tools.venue import Venue
from tests.bus.bus_help import SMALL_SEGMENTS, counters, outside_driver

RELEASE = SetKillSwitch(RiskScope.ACCOUNT, 77, engaged=False)


@pytest.fixture
def venue(tmp_path: Path) -> Iterator[Venue]:
    with Venue(tmp_path / "journal", durability="relaxed", options=SMALL_SEGMENTS) as venue:
        yield venue


def carry_out(venue: Venue) -> int:
    """One command; gives the session that it was sent in."""
    with operators_client(venue.client_config()) as client:
        administer(client, RELEASE)
        return client.session


def note(venue: Venue) -> Path:
    """What the last command left."""
    [path] = Path(venue.aeron_dir).glob("seriatim-admin-*")
    return path


def test_many_commands_leave_one_session(venue: Venue):
    assert {carry_out(venue) for _ in range(50)} == {1}
    assert counters(venue.aeron_dir)["sessions"] == 1
    with Client(venue.client_config(), session=1) as client:
        assert (client.next_number, client.epoch) == (51, 51)


def test_two_commands_at_once_do_not_take_the_session_from_each_other(venue: Venue):
    with operators_client(venue.client_config()) as first, operators_client(venue.client_config()) as second:
        assert first.session != second.session
        for client in (second, first, second):
            administer(client, RELEASE)
        last = second.session
    assert carry_out(venue) in (first.session, last)


def test_a_session_that_somebody_else_took_up_is_left_to_them(venue: Venue):
    with Client(venue.client_config(), session=carry_out(venue)) as other:
        assert carry_out(venue) != other.session
        assert other.call(MassCancel())["kind"].tolist() == [EventKind.MASS_CANCELLED]


def test_a_session_of_that_number_of_another_order_is_left_to_its_owner(tmp_path: Path):
    with outside_driver() as driver:
        with Venue(tmp_path / "one", aeron_dir=driver, options=SMALL_SEGMENTS) as venue:
            assert carry_out(venue) == 1
            venue.stop()
        with Venue(tmp_path / "two", aeron_dir=driver, options=SMALL_SEGMENTS) as venue:
            with Client(venue.client_config()) as trader:
                assert (trader.session, carry_out(venue)) == (1, 2)
                assert trader.call(MassCancel())["kind"].tolist() == [EventKind.MASS_CANCELLED]
            assert carry_out(venue) == 2


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"session": 0, "instance": 1}', b'{"session": "1"}', b"\xff"])
def test_a_note_that_says_nothing_is_written_anew(venue: Venue, damage: bytes):
    carry_out(venue)
    note(venue).write_bytes(damage)
    assert (carry_out(venue), carry_out(venue)) == (2, 2)


def test_where_no_note_can_be_written_each_command_has_its_own(venue: Venue):
    carry_out(venue)
    path = note(venue)
    path.unlink()
    path.mkdir()
    assert (carry_out(venue), carry_out(venue)) == (2, 3)


def test_nobody_else_can_read_who_the_operator_is(venue: Venue):
    carry_out(venue)
    assert os.stat(note(venue)).st_mode & 0o077 == 0


def test_a_client_with_the_instance_of_another_takes_the_session_from_nobody(venue: Venue):
    config = venue.client_config()
    with Client(config, instance=7) as client:
        session = client.session
    with Client(config, session=session, instance=7) as client:
        assert client.epoch == 2
    with Client(config, session=session) as other:
        with pytest.raises(LogonRefused) as refused:
            Client(config, session=session, instance=7).connect()
        assert refused.value.reason is RefusalReason.STALE_EPOCH
        assert other.epoch == 3
