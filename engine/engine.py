"""The native matching engine without a bus, for research, tests and tools."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from seriatim._native import ffi, lib
from seriatim.engine.bodies import command_body
from seriatim.engine.commands import COMMAND, Command, Instrument, command_row, fits_row
from seriatim.engine.errors import ArrayError, EngineFault, SnapshotError
from seriatim.engine.event_rows import EVENT, events_of
from seriatim.engine.events import Event
from seriatim.engine.queue import QUEUED, QueuePosition
from seriatim.engine.sizes import size_parts
from seriatim.engine.turns import new_lock
from seriatim.engine.values import I64, U8, U32, U64, check_rows, is_room, symbol_bytes, whole_bytes, whole_number
from seriatim.limits import ORDERS_MAX
from seriatim.schemas import Side

if TYPE_CHECKING:
    from seriatim.engine.settings import Settings

LEVELS_MAX = 1 << 24
"""Most levels that `levels` can be asked for; a side has no more than there are live orders."""

LOGIC_VERSION = int(lib.seriatim_logic_version())
"""The newest rules that the engine knows; docs/ENGINE.md says what each version changed."""

LEVEL = np.dtype([("price", "<i8"), ("quantity", "<i8"), ("orders", "<u4"), ("reserved", "V4")])
"""One price level: price in ticks, quantity in lots, number of orders."""


def check_room_for_events(out: Any) -> None:
    """Raises `ArrayError` for what the native side cannot write events to."""
    check_rows("out", out, "seriatim.engine.EVENT", EVENT)
    if not len(out) or not is_room(out):
        raise ArrayError("out must be contiguous and writable, with at least one row of seriatim.engine.EVENT")


def taken_bytes(handle: Any) -> bytes:
    """A copy of bytes that the native side has made, which are freed."""
    try:
        return ffi.buffer(lib.seriatim_bytes_data(handle), lib.seriatim_bytes_length(handle))[:]
    finally:
        lib.seriatim_bytes_free(handle)


class Engine:
    """Books of any number of instruments, matched by price and time. The same commands always give the same events.

    >>> engine = Engine()
    >>> _ = engine.define_instrument(1, "AAPL", tick_size=Decimal("0.01"), lot_size=Decimal(1))
    >>> _ = engine.apply(7, NewOrder(cl_ord_id=1, instrument=1, side=Side.SELL, quantity=100, price=58_500))
    >>> immediate = TimeInForce.IMMEDIATE_OR_CANCEL
    >>> buy = NewOrder(cl_ord_id=1, instrument=1, side=Side.BUY, quantity=150, price=58_510, time_in_force=immediate)
    >>> accepted, filled, cancelled = engine.apply(8, buy)
    >>> filled.price, filled.quantity, cancelled.quantity
    (58500, 100, 50)

    It holds at most `orders_max` live orders. For `room` of them it takes the memory at once, so that no command waits
    for it later. Calls from several threads wait for each other, and a fork for all of them: a forked child has engines
    of its own, as they stood between two calls. Should the native code panic, that call and all later
    ones raise `EngineFault`.
    """

    def __init__(self, *, orders_max: int = ORDERS_MAX, room: int = 0, logic_version: int = LOGIC_VERSION) -> None:
        orders_max = whole_number("orders_max", orders_max, (0, ORDERS_MAX))
        room = whole_number("room", room, (0, orders_max))
        self._engine = ffi.gc(lib.seriatim_engine_new(orders_max), lib.seriatim_engine_free)
        if room and not self._checked(lib.seriatim_engine_make_room(self._engine, room)):
            raise MemoryError(f"there is no memory for {room:,} orders, 64 bytes each and some more; ask for less room")
        # Also for calls that the native side locks by itself: what takes several of them, to execute and to fetch the
        # events, must not mix with another thread's, and a fork must find none of them half done.
        self._lock = new_lock()
        self.follow_logic(logic_version)

    @classmethod
    def load(cls, snapshot: bytes | memoryview) -> "Engine":
        """An engine in the state that `snapshot` gave: it does from then on what that one would have done.

        Raises `SnapshotError` if the bytes are no snapshot, or a damaged one, and TypeError for what are no bytes.
        """
        engine = cls.__new__(cls)
        handle = ffi.new("seriatim_engine_t **")
        with ffi.from_buffer(whole_bytes("a snapshot", snapshot)) as data:
            if lib.seriatim_engine_load(data, len(data), handle) < 0:
                message = ffi.string(lib.seriatim_error_message())
                assert isinstance(message, bytes)
                raise SnapshotError(message.decode())
        engine._engine = ffi.gc(handle[0], lib.seriatim_engine_free)
        engine._lock = new_lock()
        return engine

    def snapshot(self) -> bytes:
        """The whole state as bytes, the same whatever led there; `docs/SNAPSHOTS.md` lists them."""
        handle = ffi.new("seriatim_bytes_t **")
        with self._lock:
            self._checked(lib.seriatim_engine_snapshot(self._engine, handle))
        return taken_bytes(handle[0])

    def settings(self) -> "Settings":
        """What is set now: instruments with phases, rules and schedules, limits, kill switches and positions. Takes a
        snapshot for it, and some 0.3 s more for a million live orders if anybody has limits.
        """
        from seriatim.engine.settings import settings_of  # noqa: PLC0415  with a reader that a node need not load

        return settings_of(self.snapshot())

    def follow_logic(self, version: int) -> None:
        """Follows the rules of this version from here on. Raises `FieldOutOfRangeError` if it does not know them."""
        version = whole_number("logic_version", version, (1, LOGIC_VERSION))
        with self._lock:
            self._checked(lib.seriatim_engine_set_logic_version(self._engine, version))

    def define_instrument(
        self, instrument: int, symbol: str, *, tick_size: Decimal, lot_size: Decimal, session: int = 0
    ) -> list[Event]:
        """Opens a book and returns `InstrumentDefined`, or `Rejected` if the terms make no sense or the id has
        others.
        """
        return self.apply(session, Instrument(instrument, symbol, tick_size, lot_size))

    def instrument(self, instrument: int) -> Instrument | None:
        """The terms of an instrument, or None if it is not defined."""
        instrument = whole_number("instrument", instrument, U32)
        terms = ffi.new("seriatim_instrument_t *")
        with self._lock:
            if not self._checked(lib.seriatim_engine_instrument(self._engine, instrument, terms)):
                return None
        symbol = bytes(terms.symbol).rstrip(b"\0").decode("ascii")
        tick = Decimal(terms.tick_mantissa).scaleb(terms.tick_exponent)
        return Instrument(instrument, symbol, tick, Decimal(terms.lot_mantissa).scaleb(terms.lot_exponent))

    def apply(self, session: int, command: Command, time_ns: int | None = None) -> list[Event]:
        """Executes one command, stamped `time_ns` or as the one before, and returns its events in order. Raises
        `FieldOutOfRangeError` if a value does not fit its field.
        """
        if isinstance(command, Instrument):
            session = whole_number("session", session, U32)
            with self._lock:
                self.set_time(time_ns)
                return self._waiting(self._define(session, command))
        if fits_row(command):
            return self._objects(self.apply_array(command_row(session, command), time_ns=time_ns))
        return self.execute_bytes(session, command_body(command), time_ns)

    def apply_array(
        self, commands: NDArray[np.void], out: NDArray[np.void] | None = None, *, time_ns: int | None = None
    ) -> NDArray[np.void]:
        """Executes an array of `COMMAND` rows in one crossing, all stamped `time_ns` or as the one before, and returns
        its events, an array of `EVENT` rows.

        `out`, an array of `EVENT` to be used again, saves the memory of the result: the events are returned as a view
        of its front if they fit. Raises `ArrayError` on any other dtype or shape.
        """
        check_rows("commands", commands, "seriatim.engine.COMMAND", COMMAND)
        commands = np.ascontiguousarray(commands)
        if out is None:
            out = np.empty(len(commands) * 2 + 16, EVENT)
        check_room_for_events(out)
        with self._lock:
            self.set_time(time_ns)
            return self._filled(commands, out)

    def execute_bytes(self, session: int, body: bytes, time_ns: int | None = None) -> list[Event]:
        """Executes an SBE command, header included, as the bus would. Any bytes give events; those that are no
        command give one `Rejected`.
        """
        session, data = whole_number("session", session, U32), ffi.from_buffer(whole_bytes("a body", body))
        with self._lock:
            self.set_time(time_ns)
            return self._waiting(lib.seriatim_engine_execute(self._engine, session, data, len(data)))

    def set_time(self, time_ns: int | None) -> None:
        """Stamps what comes next. An earlier time than before changes nothing, nor does None."""
        if time_ns is not None:
            time_ns = whole_number("time_ns", time_ns, I64)
            with self._lock:
                self._checked(lib.seriatim_engine_set_time(self._engine, time_ns))

    def tick(self, time_ns: int | None = None) -> list[Event]:
        """Does what time and unfinished work cause, a piece at a time; the bus calls it for each of its ticks."""
        with self._lock:
            self.set_time(time_ns)
            return self._waiting(lib.seriatim_engine_tick(self._engine))

    @property
    def next_due(self) -> int | None:
        """The earliest time at which a tick would do something, −2^63 while work is unfinished, None if never."""
        due_ns = ffi.new("int64_t *")
        with self._lock:
            return due_ns[0] if self._checked(lib.seriatim_engine_next_due(self._engine, due_ns)) else None

    def session_closed(self, session: int, end: int, time_ns: int | None = None) -> list[Event]:
        """A logon of the session has ended; `end` is a `SessionEnd`."""
        session, end = whole_number("session", session, U32), whole_number("end", end, U8)
        with self._lock:
            self.set_time(time_ns)
            return self._waiting(lib.seriatim_engine_session_closed(self._engine, session, end))

    def levels(self, instrument: int, side: int, depth: int = 10) -> NDArray[np.void]:
        """The best `depth` price levels of one side, the best first: an array of `LEVEL`, empty for an unknown
        instrument.
        """
        instrument, side = whole_number("instrument", instrument, U32), whole_number("side", side, U8)
        depth = whole_number("depth", depth, (0, LEVELS_MAX))
        levels = np.zeros(depth, LEVEL)
        room = ffi.from_buffer("seriatim_level_t[]", levels)
        with self._lock:
            return levels[: self._checked(lib.seriatim_engine_levels(self._engine, instrument, side, room, depth))]

    def queue(self, instrument: int, side: int, price: int) -> NDArray[np.void]:
        """The orders at `price`, in ticks, in the order in which they trade: a flat array of `QUEUED`, one row an
        order, empty where nobody waits. A copy: it does not follow the book.
        """
        instrument, side = whole_number("instrument", instrument, U32), whole_number("side", side, U8)
        price = whole_number("price", price, I64)
        queued = np.zeros(64, QUEUED)
        while True:
            room = ffi.from_buffer("seriatim_queued_t[]", queued)
            with self._lock:
                filled = lib.seriatim_engine_queue(self._engine, instrument, side, price, room, len(queued))
                count = self._checked(filled)
            if count <= len(queued):
                return queued[:count]
            queued = np.zeros(count, QUEUED)

    def queue_position(self, session: int, cl_ord_id: int) -> QueuePosition | None:
        """Where a session's order stands in the queue of its price, or None if it is not live. Takes time with the
        orders ahead.
        """
        session, cl_ord_id = whole_number("session", session, U32), whole_number("cl_ord_id", cl_ord_id, U64)
        row = ffi.new("seriatim_queue_position_t *")
        with self._lock:
            if not self._checked(lib.seriatim_engine_queue_position(self._engine, session, cl_ord_id, row)):
                return None
        own = row.instrument, Side(row.side), row.price, row.leaves
        return QueuePosition(*own, row.orders_ahead, row.quantity_ahead)

    def indicative(self, instrument: int) -> tuple[int, int, int] | None:
        """What uncrossing the instrument's book would give now: price in ticks, volume in lots, and the surplus, lots
        wanted less lots offered at that price. None if the book is not crossed or the instrument unknown.
        """
        instrument = whole_number("instrument", instrument, U32)
        row = ffi.new("seriatim_uncross_t *")
        with self._lock:
            if not self._checked(lib.seriatim_engine_indicative(self._engine, instrument, row)):
                return None
        return row.price, row.volume, row.surplus

    def measure(self, commands: NDArray[np.void], each_ns: NDArray[np.uint32] | None = None) -> tuple[int, int]:
        """For benchmarks: executes rows of `COMMAND`, drops the events, returns nanoseconds and their number.

        The rows are decoded before the clock starts. `each_ns`, as long as `commands`, gets the time of each, which
        adds two readings of the clock to it. Raises `ArrayError` if the arrays do not fit.
        """
        check_rows("commands", commands, "seriatim.engine.COMMAND", COMMAND)
        if each_ns is not None:
            check_rows("each_ns", each_ns, "uint32", np.dtype(np.uint32))
            if len(each_ns) != len(commands) or not is_room(each_ns):
                raise ArrayError("each_ns must be contiguous, writable and as long as commands")
        rows = ffi.from_buffer("seriatim_command_row_t[]", np.ascontiguousarray(commands))
        times = ffi.NULL if each_ns is None else ffi.from_buffer("uint32_t[]", each_ns)
        events = ffi.new("uint64_t *")
        with self._lock:
            took_ns = lib.seriatim_engine_measure(self._engine, rows, len(commands), times, events)
            return self._checked(took_ns), events[0]

    def measure_arrays(self, commands: NDArray[np.void], array_length: int, out: NDArray[np.void]) -> int:
        """For benchmarks: the nanoseconds that rows of `COMMAND` take in arrays of `array_length` without a call from
        Python for each, every event written to `out`, rows of `EVENT` that are used again. Raises `ArrayError` if the
        arrays do not fit, `FieldOutOfRangeError` for an `array_length` that is no whole number from 1 on.
        """
        check_rows("commands", commands, "seriatim.engine.COMMAND", COMMAND)
        check_room_for_events(out)
        array_length = whole_number("array_length", array_length, (1, U64[1]))
        rows = ffi.from_buffer("seriatim_command_row_t[]", np.ascontiguousarray(commands))
        room = ffi.from_buffer("seriatim_event_row_t[]", out)
        with self._lock:
            return self._checked(
                lib.seriatim_engine_measure_arrays(self._engine, rows, len(commands), array_length, room, len(out))
            )

    @property
    def outcome_hash(self) -> int:
        """The hash over all events so far, defined in `engine/src/hash.rs`."""
        return self._state().outcome_hash

    @property
    def live_orders(self) -> int:
        """How many orders are in the books."""
        return self._state().live_orders

    @property
    def last_order_id(self) -> int:
        """How many orders have been accepted."""
        return self._state().last_order_id

    def _state(self):
        state = ffi.new("seriatim_engine_state_t *")
        with self._lock:
            self._checked(lib.seriatim_engine_position(self._engine, state))
        return state

    def _define(self, session: int, terms: Instrument) -> int:
        symbol = symbol_bytes(terms.symbol)
        tick, lot = size_parts("tick_size", terms.tick_size), size_parts("lot_size", terms.lot_size)
        id_ = whole_number("id", terms.id, U32)
        row = ffi.new("seriatim_instrument_t *", (tick[0], lot[0], id_, tick[1], lot[1]))
        ffi.memmove(row.symbol, symbol, len(symbol))
        return lib.seriatim_engine_define(self._engine, session, row)

    def _filled(self, commands: NDArray[np.void], out: NDArray[np.void]) -> NDArray[np.void]:
        filled: list[NDArray[np.void]] = []
        start = 0
        while True:
            executed, events = self._fill(commands[start:], out, start)
            filled.append(events)
            start += executed
            if start == len(commands) and len(events) < len(out):
                return filled[0] if len(filled) == 1 else np.concatenate(filled)
            out = np.empty(max(len(out), 1024), EVENT)

    def _fill(self, commands: NDArray[np.void], out: NDArray[np.void], first: int) -> tuple[int, NDArray[np.void]]:
        executed = ffi.new("size_t *")
        rows, room = (
            ffi.from_buffer("seriatim_command_row_t[]", commands),
            ffi.from_buffer("seriatim_event_row_t[]", out),
        )
        written = lib.seriatim_engine_apply(self._engine, rows, len(commands), first, executed, room, len(out))
        return executed[0], out[: self._checked(written)]

    def _waiting(self, count: int) -> list[Event]:
        events = np.empty(self._checked(count) + 1, EVENT)
        return self._objects(self._fill(np.empty(0, COMMAND), events, 0)[1])

    def _objects(self, rows: NDArray[np.void]) -> list[Event]:
        return events_of(rows, self._terms)

    def _terms(self, instrument: int) -> Instrument:
        terms = self.instrument(instrument)
        assert terms is not None, "an instrument that was defined stays"
        return terms

    def _checked(self, result: int) -> int:
        if result >= 0:
            return result
        text = ffi.new("uint8_t[]", 1024)
        length = lib.seriatim_engine_fault(self._engine, text, 1024)
        raise EngineFault(ffi.buffer(text, length)[:].decode(errors="replace"))
