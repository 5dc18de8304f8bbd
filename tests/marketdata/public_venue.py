"""An engine beside what is public of it: each of its frames is a block of an order, of which a `Market` tells and
`Books` are made. It has the face of an engine, so whoever plays steps on one can play them here.
"""

from typing import Any

from seriatim.engine import LOGIC_VERSION, Engine, Event, command_body
from seriatim.engine import Command as EngineCommand
from seriatim.journal.block import NO_HASH, Block
from seriatim.marketdata import Books, Indication, Market
from seriatim.schemas import (
    CloseSession,
    Command,
    DropCopy,
    Durability,
    Logoff,
    OpenEpoch,
    OpenSession,
    QueryOutcome,
    Roles,
    SessionEnd,
    Side,
    Tick,
    TradingPhase,
)

SESSIONS = 7, 8, 9
SIDES = Side.BUY, Side.SELL
NO_EXPIRY = 0
INDICATION_PAUSE_MAX_NS = 100_000_000
EVERY_ROLE = Roles.TRADE | Roles.ADMINISTER | Roles.OBSERVE
OF_THE_SEQUENCER = {kind.TEMPLATE_ID for kind in (DropCopy, Logoff, QueryOutcome)}


class PublicVenue:
    """See the module."""

    def __init__(self) -> None:
        self.engine, self.market, self.books = Engine(), Market(7), Books()
        self.phases: set[TradingPhase] = set()
        self._sessions: dict[int, tuple[int, int]] = dict.fromkeys(SESSIONS, (0, 0))
        """By id: its epoch, and the number of its latest command."""
        self._index, self._hash, self._now_ns, self._before_ns = 1, NO_HASH, 0, 0
        opens = OpenEpoch(
            epoch=1,
            logic_version=LOGIC_VERSION,
            durability=Durability.FSYNC,
            first_session=SESSIONS[0],
            session_expiry=NO_EXPIRY,
        )
        self._own(opens)
        for session in SESSIONS:
            self._open(session)

    def apply(self, session: int, command: EngineCommand, now_ns: int) -> list[Event]:
        """A command, unless it fits no message."""
        try:
            body = command_body(command)
        except ValueError:
            return []
        return self.execute_bytes(session, body, now_ns)

    def execute_bytes(self, session: int, body: bytes, now_ns: int) -> list[Event]:
        """Any bytes but those that are not the engine's to execute."""
        if int.from_bytes(body[2:4], "little") in OF_THE_SEQUENCER:
            return []
        self._before_ns, self._now_ns = self._now_ns, now_ns
        epoch, number = self._sessions[session]
        self._sessions[session] = epoch, number + 1
        events = self.engine.execute_bytes(session, body, now_ns)
        self._frame(body, session, epoch, number + 1)
        return events

    def tick(self, now_ns: int) -> list[Event]:
        """Time goes on."""
        self._before_ns, self._now_ns = self._now_ns, now_ns
        events = self.engine.tick(now_ns)
        self._own(Tick())
        return events

    def session_closed(self, session: int, end: SessionEnd) -> list[Event]:
        """A logon ends, and another begins."""
        end = SessionEnd.DISCONNECTED if end == SessionEnd.EXPIRED else end
        self._before_ns = self._now_ns
        events = self.engine.session_closed(session, end)
        self._own(CloseSession(session=session, session_epoch=self._sessions[session][0], end=end))
        self._open(session)
        return events

    def judge(self, instruments: range) -> None:
        """Fails unless what the books show is what the engine shows."""
        assert self.books.standing.is_current
        assert self.books.standing.counts["wrong"] == 0
        for number in instruments:
            for side in SIDES:
                levels = self.engine.levels(number, side, 1_000)
                assert self.books.levels(number, side, 1_000).tolist() == levels.tolist()
                queues = [(price, self.engine.queue(number, side, price)) for price in levels["price"].tolist()]
                shown = [(row["order_id"], price, row["leaves"]) for price, queue in queues for row in queue]
                assert [tuple(row) for row in self.books.orders(number, side).tolist()] == shown
            self._judge_indication(number)

    def _judge_indication(self, number: int) -> None:
        due_ns, day = self.engine.next_due, self.books.statistics(number)
        if day is None:
            return
        self.phases.add(day.phase)
        found = self.engine.indicative(number)
        if day.phase in (TradingPhase.CONTINUOUS, TradingPhase.CLOSED):
            assert day.indication is None
        elif (due_ns is None or due_ns > self._now_ns) and self._now_ns - self._before_ns >= INDICATION_PAUSE_MAX_NS:
            assert day.indication == (found and Indication(*found))

    def _open(self, session: int) -> None:
        epoch, number = self._sessions[session]
        self._sessions[session] = epoch + 1, number
        self._own(OpenSession(session=session, session_epoch=epoch + 1, instance=1, roles=EVERY_ROLE))

    def _own(self, message: Any) -> None:
        self._frame(message.encode(), 0, 0, 0)

    def _frame(self, body: bytes, session: int, epoch: int, number: int) -> None:
        head = Command(
            number=number, acked_through=number, session=session, session_epoch=epoch, crc=0, body_length=len(body)
        )
        command = head.encode() + body
        block = Block.build(self._index, self._index, [command], time_ns=self._now_ns, previous_hash=self._hash)
        self._index, self._hash = self._index + 1, block.hash()
        told = self.market.tell(bytes(block.data))
        self.books.take(told.data, told.offsets, told.lengths)
        self.books.updates()
