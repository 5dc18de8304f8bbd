"""`venue_settings` passes over what a snapshot keeps of sessions beside their settings."""

from collections.abc import Iterator

import pytest
from written_journal import Written

from seriatim.engine.reference.snapshot.packing import crc32c, pack
from seriatim.schemas import OutcomeKind, Roles
from seriatim.sequencer.replica import Replica
from seriatim.sequencer.settings import OUTCOME_BYTES, SESSION, SessionSettings, venue_settings
from seriatim.tools.journal.state import replayed_journal
from tests.engine.judge import sections_of

CLUSTER, NO_REASON = bytes(16), 255
OUTCOME = pack("QqQQIIBB", 1, 1, 0, 0, 0, 0, OutcomeKind.NOT_EXECUTED, NO_REASON)
"""Of a number that was closed."""


@pytest.fixture
def saved(written: Written) -> Iterator[bytes]:
    """A replica as bytes."""
    with replayed_journal(written.folder) as (replica, _):
        yield replica.save(CLUSTER)


def with_sessions(saved: bytes, sessions: bytes, copies: bytes) -> bytes:
    """The same with other sessions."""
    sections = {**sections_of(saved), "SESS": pack("I", 1) + sessions, "COPY": copies}
    packed = b"".join(
        pack("4sIQ", name.encode(), crc32c(payload), len(payload)) + payload for name, payload in sections.items()
    )
    return saved[:16] + pack("Q", 24 + len(packed)) + packed


def session(number: int, user: bytes, roles: int, state: str, *, kept: int = 0, closed: int = 0) -> bytes:
    """With so many outcomes, and numbers that were closed ahead; `state` is on, off or over."""
    head = pack(SESSION, number, user, roles, 1, 9, state == "on", state == "over", kept + 2, 5 * (state == "off"))
    ahead = b"".join(pack("Q", kept + 4 + place) + OUTCOME for place in range(closed))
    return head + pack("I", kept) + OUTCOME * kept + pack("I", closed) + ahead


def test_sessions_are_read_behind_outcomes_and_numbers_that_were_closed_ahead(saved: bytes):
    assert len(OUTCOME) == OUTCOME_BYTES
    sessions = (
        session(3, b"desk", 1, "on", kept=2, closed=3),
        session(5, b"", 255, "off", kept=1),
        session(8, b"control", 6, "over"),
        session(9, b"desk", 1, "off", closed=1),
    )
    forged = with_sessions(saved, b"".join(sessions), pack("IIII", 5, 3, 5, 9))
    with Replica.load(forged, CLUSTER) as replica:  # which checks that these are bytes of a snapshot
        assert venue_settings(replica).sessions == (
            SessionSettings(3, "desk", Roles.TRADE, logged_on=True, over=False, copies_of=()),
            SessionSettings(5, "", Roles(255), logged_on=False, over=False, copies_of=(3, 9)),
            SessionSettings(8, "control", Roles.ADMINISTER | Roles.OBSERVE, logged_on=False, over=True, copies_of=()),
            SessionSettings(9, "desk", Roles.TRADE, logged_on=False, over=False, copies_of=()),
        )
