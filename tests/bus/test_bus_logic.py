"""The rules that the order follows are part of the order: an epoch opens with them, and they never go back."""

import json
from pathlib import Path
from typing import Any

import pytest

from seriatim.client import Client
from seriatim.engine import LOGIC_VERSION, EventKind
from seriatim.errors import NodeFailed, UnknownLogic
from seriatim.journal import Block, JournalReader, JournalWriter
from seriatim.schemas import SCHEMA, Command, Durability, OpenEpoch, RejectReason
from seriatim.schemas.dynamic import bundled_ir
from seriatim.tools.journal.state import journal_state
from seriatim.tools.venue import Venue
from tests.bus.bus_help import SMALL_SEGMENTS, instrument, order


def run(journal: Path, aeron_dir: str, *options: str) -> tuple[dict[str, object], list[int]]:
    """Sends an order that versions treat otherwise; gives the node's last state, and kind and reason of the answer."""
    with Venue(journal, aeron_dir=aeron_dir, options=(*SMALL_SEGMENTS, *options)) as venue:
        with Client(venue.client_config(timeout_s=20.0)) as client:
            client.call(instrument())
            answer = client.call(order(0))
        return venue.stop(), [int(answer["kind"][0]), int(answer["reason"][0])]


def test_a_newer_version_begins_with_a_start_and_the_past_keeps_its_own(journal: Path, aeron_dir: str):
    state, answer = run(journal, aeron_dir, "--logic-version", "1")
    assert answer == [EventKind.ACCEPTED, 0]
    assert state["logic_version"] == 1
    state, answer = run(journal, aeron_dir)
    assert answer == [EventKind.REJECTED, RejectReason.INVALID_CL_ORD_ID]
    assert state["logic_version"] == LOGIC_VERSION
    again = journal_state(journal)
    assert {name: again[name] for name in ("outcome_hash", "state_hash", "logic_version")} == {
        name: state[name] for name in ("outcome_hash", "state_hash", "logic_version")
    }


def test_a_start_says_once_that_it_raises_the_version_and_what_that_means(journal: Path, aeron_dir: str):
    def said(*options: str) -> list[dict[str, Any]]:
        with Venue(journal, aeron_dir=aeron_dir, options=(*SMALL_SEGMENTS, *options)) as venue:
            lines = [json.loads(line) for line in venue.log]
            venue.stop()
        return [line for line in lines if line["event"].startswith("logic version raised")]

    assert said("--logic-version", "1") == []
    assert said("--logic-version", "1") == []
    raised, *more = said()
    assert (raised["from_version"], raised["to_version"], more) == (1, LOGIC_VERSION, [])
    assert "older releases can neither continue nor replay this journal" in raised["event"]
    assert said() == []


def test_rules_never_go_back(journal: Path, aeron_dir: str):
    run(journal, aeron_dir)
    with pytest.raises(NodeFailed, match=f"{LOGIC_VERSION} already, and rules never go back to version 1"):
        run(journal, aeron_dir, "--logic-version", "1")
    with pytest.raises(NodeFailed, match=f"{LOGIC_VERSION + 1} is unknown; this release knows 1 to {LOGIC_VERSION}"):
        run(journal, aeron_dir, "--logic-version", str(LOGIC_VERSION + 1))


def test_an_order_of_a_newer_release_is_refused_by_name(journal: Path, aeron_dir: str):
    """What a release that knows a version 99 would have written."""
    run(journal, aeron_dir)
    state = journal_state(journal)
    body = OpenEpoch(epoch=2, logic_version=99, durability=Durability.FSYNC, first_session=1, session_expiry=0).encode()
    header = Command(number=0, acked_through=0, session=0, session_epoch=0, crc=0, body_length=len(body))
    schema = {"schema_ir": bundled_ir(), "schema_version": SCHEMA.version}
    with JournalWriter(journal, randomness=bytes, segment_bytes=2 << 20, **schema) as writer:
        end = writer.position
        block = Block.build(
            end.index + 1,
            end.next_seq,
            [header.encode() + body],
            epoch=2,
            time_ns=end.time_ns + 1,
            previous_hash=end.hash,
        )
        writer.append(block.index, block.data)
    with pytest.raises(UnknownLogic, match=f"from seq {state['seq'] + 1} on: from here on the order follows rules"):
        journal_state(journal)
    with JournalReader(journal) as reader:
        assert sum(1 for _ in reader) == block.index
    with pytest.raises(NodeFailed, match="with the release that wrote it, or a newer one"):
        run(journal, aeron_dir)
