"""Books made of public packets, natively: what a receiver keeps, without the network."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from seriatim._native import ffi, lib
from seriatim.engine import LEVEL, Instrument
from seriatim.marketdata.rows import NO_PRICE, RESTING, UPDATE
from seriatim.schemas import MarketRequestEnd, Side, TradingPhase

_COUNTS = ("applied", "gaps", "skipped", "snapshots", "malformed", "foreign", "wrong")


@dataclass(frozen=True, slots=True)
class Indication:
    """What an auction would give."""

    price: int
    volume: int
    surplus: int
    """What would be left at that price, to buy, or negative to sell."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of one instrument's day so far: prices in ticks, volume in lots."""

    open: int | None
    high: int | None
    low: int | None
    last: int | None
    """The latest price, of whatever day."""
    volume: int
    trades: int
    phase: TradingPhase
    indication: Indication | None


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers that are missing."""

    from_number: int
    count: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a receiver stands."""

    next_number: int
    """Of the message that comes next; 0 before anything was heard."""
    seq: int
    """Of the command whose message was applied last."""
    time_ns: int
    gap: Gap | None
    """What is missing before anything else can be applied."""
    is_current: bool
    """Every instrument's book is the venue's, and nothing is missing."""
    is_exact: bool
    """Every book is the venue's before `next_number`; more may be known to be missing behind it."""
    is_consistent: bool
    """The last message was its command's last: books are as after a whole command."""
    listed: int
    """Instruments, as far as was heard."""
    orders: int
    """Shown in all books."""
    counts: dict[str, int]
    """How often what happened: applied, gaps, skipped, snapshots, malformed, foreign, wrong."""


class Books:
    """See the module. `take` packets, read books. For one thread."""

    def __init__(self) -> None:
        self._native = ffi.gc(lib.seriatim_receiver_new(), lib.seriatim_receiver_free)
        self._state = ffi.new("seriatim_receiver_state_t *")

    def take(self, data: np.ndarray, offsets: np.ndarray, lengths: np.ndarray, source: int = 0) -> None:
        """Takes packets and pieces of snapshots that lie in `data`, uint8, at `offsets` (int64). `source` tells apart
        streams over which snapshots come."""
        lib.seriatim_receiver_take(
            self._native,
            source,
            ffi.from_buffer("uint8_t[]", data),
            ffi.from_buffer("int64_t[]", offsets),
            ffi.from_buffer("int64_t[]", lengths),
            len(offsets),
        )

    def take_one(self, packet: bytes, source: int = 0) -> None:
        """Takes one packet."""
        self.take(np.frombuffer(packet, np.uint8), np.zeros(1, np.int64), np.array([len(packet)]), source)

    def updates(self) -> np.ndarray:
        """What was applied since the last call, as an UPDATE array of its own."""
        updates = np.zeros(self._read().waiting, UPDATE)
        lib.seriatim_receiver_updates(self._native, ffi.from_buffer("seriatim_update_t[]", updates), len(updates))
        return updates

    def gaps(self, most: int) -> list[Gap]:
        """What is missing, the first ones."""
        room = ffi.new("seriatim_gap_t[]", most)
        count = lib.seriatim_receiver_gaps(self._native, room, most)
        return [Gap(gap.from_number, gap.count) for gap in room[0:count]]

    def skip_gap(self) -> None:
        """Gives up what is missing: every instrument waits for a snapshot."""
        lib.seriatim_receiver_skip_gap(self._native)

    def go_in_steps(self) -> None:
        """From here on, what lies behind a gap that was closed waits for `step`, for those who look at every book."""
        lib.seriatim_receiver_go_in_steps(self._native)

    def step(self) -> bool:
        """Applies the next packet that was kept, if nothing is missing before it."""
        return bool(lib.seriatim_receiver_step(self._native))

    @property
    def standing(self) -> Standing:
        """Where it stands."""
        state = self._read()
        return Standing(
            state.next_number,
            state.seq,
            state.time_ns,
            Gap(state.gap_from, state.gap_count) if state.gap_count else None,
            bool(state.is_current),
            bool(state.is_exact),
            bool(state.is_consistent),
            state.listed,
            state.orders,
            {name: getattr(state, name) for name in _COUNTS},
        )

    @property
    def is_all_current(self) -> bool:
        """Whether every instrument's book is the venue's, and nothing is missing."""
        return bool(self._read().is_current)

    @property
    def heard(self) -> tuple[int, int]:
        """How many messages of our feed, and how many of others."""
        state = self._read()
        return state.heard, state.foreign

    def ended(self, correlation_id: int) -> MarketRequestEnd | None:
        """How the request was ended; None if its end was not heard, or another one's since."""
        state = self._read()
        known = correlation_id and state.ended == correlation_id and state.ended_reason in list(MarketRequestEnd)
        return MarketRequestEnd(state.ended_reason) if known else None

    def _read(self) -> Any:
        lib.seriatim_receiver_state(self._native, self._state)
        return self._state

    @property
    def instruments(self) -> list[int]:
        """The ids of those that are listed, in the order in which they were."""
        room = np.zeros(lib.seriatim_receiver_instruments(self._native, ffi.NULL, 0), np.uint32)
        lib.seriatim_receiver_instruments(self._native, ffi.from_buffer("uint32_t[]", room), len(room))
        return room.tolist()

    def levels(self, instrument: int, side: Side, depth: int = 10) -> np.ndarray:
        """Up to `depth` levels of a book as a LEVEL array (seriatim.engine), the best first."""
        levels = np.zeros(depth, LEVEL)
        pointer = ffi.from_buffer("seriatim_level_t[]", levels)
        return levels[: lib.seriatim_receiver_levels(self._native, instrument, side, pointer, depth)]

    def orders(self, instrument: int, side: Side) -> np.ndarray:
        """All orders of one side as a RESTING array, in the order in which they would trade."""
        count = lib.seriatim_receiver_orders(self._native, instrument, side, ffi.NULL, 0)
        orders = np.zeros(count, RESTING)
        pointer = ffi.from_buffer("seriatim_resting_t[]", orders)
        lib.seriatim_receiver_orders(self._native, instrument, side, pointer, count)
        return orders

    def is_current(self, instrument: int) -> bool:
        """Whether this book is the venue's."""
        found = self._listing(instrument)
        return found is not None and bool(found[0].is_current)

    def statistics(self, instrument: int) -> Statistics | None:
        """Of an instrument's day; None if it is not listed."""
        found = self._listing(instrument)
        if found is None:
            return None
        listing = found[0]
        indication = None
        if listing.indicative_price != NO_PRICE:
            surplus = listing.indicative_surplus
            indication = Indication(listing.indicative_price, listing.indicative_volume, surplus)
        return Statistics(
            open=_price(listing.open),
            high=_price(listing.high),
            low=_price(listing.low),
            last=_price(listing.last),
            volume=listing.volume,
            trades=listing.trades,
            phase=TradingPhase(listing.phase),
            indication=indication,
        )

    def terms(self, instrument: int) -> Instrument | None:
        """Symbol, tick and lot of an instrument; None if it is not listed."""
        found = self._listing(instrument)
        if found is None:
            return None
        terms = found[1]
        tick = Decimal(terms.tick_mantissa).scaleb(terms.tick_exponent)
        lot = Decimal(terms.lot_mantissa).scaleb(terms.lot_exponent)
        return Instrument(instrument, bytes(terms.symbol).rstrip(b"\0").decode(errors="replace"), tick, lot)

    def _listing(self, instrument: int) -> Any:
        listing, terms = ffi.new("seriatim_listing_t *"), ffi.new("seriatim_instrument_t *")
        if not lib.seriatim_receiver_listing(self._native, instrument, listing, terms):
            return None
        return listing, terms


def _price(value: int) -> int | None:
    return None if value == NO_PRICE else value
