"""Public packets of a journal, without a network: what a receiver makes of them is what the engine has."""

import random
from pathlib import Path

import numpy as np
import pytest

from seriatim.client import Client
from seriatim.engine import EventKind
from seriatim.journal import JournalReader
from seriatim.marketdata import Books, Market, UpdateKind
from seriatim.schemas import TEMPLATES, Side
from seriatim.schemas.fields import Field
from seriatim.sequencer.recording import RecordingReplica
from seriatim.tools.venue import Venue
from tests.bus.bus_help import SMALL_SEGMENTS, flow, instrument, send_all

INSTRUMENTS = 3
OWNERS_FIELDS = {"session", "session_epoch", "account", "cl_ord_id", "orig_cl_ord_id", "user", "number", "instance"}
PUBLIC_TEMPLATES = range(90, 104)
PLANTED = 0x5EC2E7_0000_0001


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three instruments, two clients; client ids begin where a planted number says."""
    folder = tmp_path_factory.mktemp("market") / "journal"
    with Venue(folder, options=SMALL_SEGMENTS) as venue:
        with Client(venue.client_config()) as first, Client(venue.client_config()) as second:
            for number in range(1, INSTRUMENTS + 1):
                first.call(instrument(number, f"OAK{number}"))
            for part, client in enumerate((first, second, first, second)):
                commands = flow(part, 3_000, first_id=PLANTED + part * 3_000, instruments=INSTRUMENTS)
                commands["account"] = 0xACC0_4242
                send_all(client, commands)
        venue.stop()
    return folder


def packets_of(journal: Path) -> list[bytes]:
    """Every packet, one by one."""
    found = []
    with Market(7) as market, JournalReader(journal) as reader:
        for block in reader:
            told = market.tell(block.data)
            ends = told.offsets + told.lengths
            found += [told.data[start:end].tobytes() for start, end in zip(told.offsets, ends, strict=True)]
    return found


def test_after_every_block_levels_and_queues_are_the_engines(journal: Path):
    books = Books()
    with Market(7) as market, JournalReader(journal) as reader:
        for block in reader:
            told = market.tell(block.data)
            books.take(told.data, told.offsets, told.lengths)
            books.updates()
            for number in range(1, INSTRUMENTS + 1):
                for side in (Side.BUY, Side.SELL):
                    assert np.array_equal(books.levels(number, side, 10_000), market.levels(number, side, 10_000))
        live_orders = market.state.live_orders
    standing = books.standing
    assert standing.is_current
    assert standing.orders == live_orders
    assert standing.counts["wrong"] == 0


def test_updates_are_numbered_without_a_gap_and_tell_every_fill(journal: Path):
    books, rows = Books(), []
    for packet in packets_of(journal):
        books.take_one(packet)
        rows.append(books.updates())
    updates = np.concatenate(rows)
    assert np.array_equal(updates["number"], np.arange(1, len(updates) + 1))
    with RecordingReplica() as replica, JournalReader(journal) as reader:
        events = np.concatenate([replica.record(block.data).events.rows.copy() for block in reader])
    fills = events[events["kind"] == EventKind.FILLED]
    trades = updates[updates["kind"] == UpdateKind.TRADED]
    for name in ("seq", "index", "time_ns", "price", "quantity", "instrument", "side"):
        assert np.array_equal(trades[name], fills[name]), name
    assert np.array_equal(trades["trade_id"], np.arange(1, len(trades) + 1))
    for number in range(1, INSTRUMENTS + 1):
        told, day = trades[trades["instrument"] == number], books.statistics(number)
        assert day is not None
        assert (day.open, day.last) == (told["price"][0], told["price"][-1])
        assert (day.high, day.low) == (told["price"].max(), told["price"].min())
        assert (day.volume, day.trades) == (told["quantity"].sum(), len(told))


def test_a_seq_and_index_stand_with_every_update_and_the_last_of_a_command_says_so(journal: Path):
    books = Books()
    for packet in packets_of(journal):
        books.take_one(packet)
    updates = books.updates()
    assert (updates["seq"] > 0).all()
    ends = np.flatnonzero(np.diff(updates["seq"].astype(np.int64)))
    assert (updates["flags"][ends] & 1 == 1).all()
    assert not (updates["flags"][np.setdiff1d(np.arange(len(updates) - 1), ends)] & 1).any()


def test_instruments_have_their_terms(journal: Path):
    books = Books()
    for packet in packets_of(journal):
        books.take_one(packet)
    assert books.instruments == [1, 2, 3]
    terms = books.terms(2)
    assert terms is not None
    assert (terms.symbol, str(terms.tick_size), str(terms.lot_size)) == ("OAK2", "0.01", "1")
    assert books.terms(9) is books.statistics(9) is None
    assert not books.is_current(9)
    assert not len(books.levels(9, Side.BUY))


def test_numbers_and_bytes_are_the_same_however_often_they_are_made(journal: Path):
    assert packets_of(journal) == packets_of(journal)


def test_no_public_message_has_a_field_that_tells_an_owner():
    for template in (*range(80, 82), *PUBLIC_TEMPLATES):
        names = {name for name, value in vars(TEMPLATES[template]).items() if isinstance(value, Field)}
        assert names
        assert not names & OWNERS_FIELDS, TEMPLATES[template].__name__


def test_no_owners_value_is_in_any_packet(journal: Path):
    packets = b"".join(packets_of(journal))
    for planted in (PLANTED >> 32, 0xACC0_4242):
        assert planted.to_bytes(4, "little") not in packets
        assert planted.to_bytes(4, "big") not in packets


def test_whatever_is_lost_a_snapshot_makes_the_book_again(journal: Path):
    die = random.Random(7)
    books = Books()
    with Market(7) as market, JournalReader(journal) as reader:
        for block in reader:
            told = market.tell(block.data)
            kept = np.array([die.random() > 0.3 for _ in range(len(told))], bool)
            books.take(told.data, told.offsets[kept], told.lengths[kept])
            if die.random() < 0.2:
                books.skip_gap()
                for place in range(market.listed):
                    piece = market.snapshot(place)
                    books.take(piece.data, piece.offsets, piece.lengths, 1)
        beat = market.heartbeat()
        books.take(beat.data, beat.offsets, beat.lengths)
        books.skip_gap()
        for place in range(market.listed):
            piece = market.snapshot(place)
            books.take(piece.data, piece.offsets, piece.lengths, 1)
        assert books.standing.is_current
        assert books.standing.counts["snapshots"] > INSTRUMENTS
        for number in range(1, INSTRUMENTS + 1):
            assert np.array_equal(books.levels(number, Side.BUY, 10_000), market.levels(number, Side.BUY, 10_000))


def test_who_joins_by_snapshots_knows_of_which_command_the_books_are(journal: Path):
    joined, followed = Books(), Books()
    with Market(7) as market, JournalReader(journal) as reader:
        for block in reader:
            told = market.tell(block.data)
            followed.take(told.data, told.offsets, told.lengths)
        quiet = [market.heartbeat().copy(), *(market.snapshot(place).copy() for place in range(INSTRUMENTS))]
    for packets in quiet:
        joined.take(packets.data, packets.offsets, packets.lengths)
    assert joined.standing.is_current
    assert joined.standing.is_consistent
    assert (joined.standing.seq, joined.standing.time_ns) == (followed.standing.seq, followed.standing.time_ns)
    assert joined.standing.seq > 0
