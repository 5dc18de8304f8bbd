"""Generated from seriatim.sbeir by `python -m seriatim.schemas.generate`; do not edit. Schema 5301, version 3."""

from collections.abc import Mapping
from enum import IntEnum, IntFlag

from seriatim.schemas.fields import Field
from seriatim.schemas.flyweight import Buffer, Composite
from seriatim.schemas.parts import VarText
from seriatim.schemas.schema import Message, Schema
from seriatim.schemas.wire import (
    INT8,
    INT32,
    INT64,
    UINT8,
    UINT16,
    UINT32,
    UINT64,
    Bytes,
    Enumeration,
    Flags,
    Nested,
    Optional,
    Text,
)

__all__ = [
    "SCHEMA",
    "TEMPLATES",
    "Accepted",
    "AcceptedExtended",
    "Administered",
    "AuctionResult",
    "BlockHeader",
    "Boolean",
    "BustTrade",
    "CancelOn",
    "CancelOrder",
    "CancelReason",
    "Cancelled",
    "Challenge",
    "ClearSchedule",
    "CloseSession",
    "Command",
    "ConfigureSession",
    "Connect",
    "Decimal",
    "DefineInstrument",
    "DropCopy",
    "Durability",
    "EntryType",
    "Event",
    "EventFlags",
    "EventRecord",
    "ExecInst",
    "Filled",
    "FollowContent",
    "FollowEnd",
    "FollowEnded",
    "FollowPosition",
    "FollowRequest",
    "Heartbeat",
    "Indicative",
    "InstrumentDefined",
    "InstrumentListed",
    "LevelChanged",
    "Liquidity",
    "Logoff",
    "Logon",
    "MarketFlags",
    "MarketPacket",
    "MarketPhase",
    "MarketRequest",
    "MarketRequestEnd",
    "MarketRequestEnded",
    "MarketRequestKind",
    "MassCancel",
    "MassCancelResponse",
    "MassCancelled",
    "MessageHeader",
    "NewOrder",
    "NewOrderExtended",
    "OpenEpoch",
    "OpenSession",
    "OptionalSide",
    "OrdType",
    "OrderAdded",
    "OrderDeleted",
    "OrderExecuted",
    "OrderReduced",
    "OrderRefreshed",
    "OrderReplaced",
    "Outcome",
    "OutcomeKind",
    "PhaseChanged",
    "QueryOutcome",
    "ReduceOrder",
    "Reduced",
    "Refreshed",
    "RefusalReason",
    "Refused",
    "RejectReason",
    "Rejected",
    "ReplaceOrder",
    "Replaced",
    "RiskScope",
    "Roles",
    "SchedulePhase",
    "SelfTradePrevention",
    "Sequenced",
    "SessionClosed",
    "SessionEnd",
    "SessionOpened",
    "SetHalt",
    "SetInstrumentRules",
    "SetKillSwitch",
    "SetLimits",
    "SetPhase",
    "SetPosition",
    "Side",
    "SnapshotPacket",
    "Statistics",
    "Tick",
    "TimeInForce",
    "TradeBroken",
    "TradeBusted",
    "Traded",
    "TradingPhase",
    "Triggered",
    "Uncrossed",
    "decode",
]


class MessageHeader(Composite, block_length=8):
    """In front of every message: which template, and how long its root block is."""

    __slots__ = ()

    block_length = Field(UINT16, at=0)
    template_id = Field(UINT16, at=2)
    schema_id = Field(UINT16, at=4)
    version = Field(UINT16, at=6)

    def __init__(self, *, block_length: int, template_id: int, schema_id: int, version: int) -> None:
        self._build(block_length, template_id, schema_id, version)


SCHEMA = Schema(id=5301, version=3, header=MessageHeader)


class EventFlags(IntFlag):
    """EventFlags."""

    LAST = 1 << 0  # no further event of this command follows for this session
    REPEATED = 1 << 1  # an answer to a command sent again


class Durability(IntEnum):
    """What is true when an event is published."""

    RELAXED = 1  # stamped; the journal follows
    FSYNC = 2  # committed to this node's disk
    QUORUM = 3  # committed by a majority


class EntryType(IntEnum):
    """What a log entry holds."""

    BLOCK = 1  # sequenced frames
    EMPTY = 2  # nothing: a new leader's first entry
    MEMBERSHIP = 3


class Side(IntEnum):
    """FIX tag 54."""

    BUY = 1
    SELL = 2


class OrdType(IntEnum):
    """FIX tag 40."""

    MARKET = 1
    LIMIT = 2
    STOP = 3  # a market order once its stop price has traded
    STOP_LIMIT = 4  # a limit order once its stop price has traded


class TimeInForce(IntEnum):
    """FIX tag 59."""

    DAY = 0  # until its instrument closes
    GOOD_TILL_CANCEL = 1
    IMMEDIATE_OR_CANCEL = 3
    FILL_OR_KILL = 4
    GOOD_TILL_DATE = 6  # until its expireTime


class OptionalSide(IntEnum):
    """FIX tag 54, or both."""

    BOTH = 0
    BUY = 1
    SELL = 2


class ExecInst(IntFlag):
    """FIX tag 18."""

    POST_ONLY = 1 << 0  # refused rather than traded at once


class SelfTradePrevention(IntEnum):
    """FIX tag 2964: what becomes of a trade with oneself; the taker's says."""

    NONE = 0  # they trade
    CANCEL_NEWEST = 1  # the rest of the taker is cancelled
    CANCEL_OLDEST = 2  # the maker is cancelled
    CANCEL_BOTH = 3
    DECREMENT = 4  # both lose what they would have traded


class CancelOn(IntFlag):
    """When all orders of a session are cancelled."""

    DISCONNECT = 1 << 0  # its client is gone, or was replaced by a new logon
    LOGOFF = 1 << 1


class Boolean(IntEnum):
    """Boolean."""

    FALSE = 0
    TRUE = 1


class RefusalReason(IntEnum):
    """Why the sequencer did not put a command into the order."""

    GAP = 1  # a number above the next one; nothing was consumed
    NUMBER_REUSED = 2  # a number seen before, with another body
    OUTCOME_FORGOTTEN = 3  # a number that the client had acknowledged
    STALE_EPOCH = 4  # the session has logged on elsewhere since
    NOT_LOGGED_ON = 5
    WINDOW_FULL = 6  # too many unanswered commands
    BAD_CRC = 7
    BAD_FRAME = 8  # the bytes are not a command frame
    TOO_LONG = 9
    LOGON_DENIED = 10  # the proof does not match the challenge
    UNKNOWN_SESSION = 11
    INTAKE_STOPPED = 12  # the journal cannot be written; see the node's log
    UNSUPPORTED_VERSION = 13  # the client speaks another version of the protocol
    TOO_MANY_SESSIONS = 14
    SESSION_EXPIRED = 15  # nobody was attached to it for too long; its id is not given again
    ANOTHER_USERS = 16  # the session belongs to another user


class OutcomeKind(IntEnum):
    """What became of a command, for good."""

    ACCEPTED = 1
    REJECTED = 2
    NOT_EXECUTED = 3  # a query has closed its number; it never will be
    FORGOTTEN = 4  # the client had acknowledged it; the event log has it


class Roles(IntFlag):
    """What a user may do."""

    TRADE = 1 << 0  # orders of its own
    ADMINISTER = 1 << 1  # instruments, phases, limits
    OBSERVE = 1 << 2  # follow everybody's events


class SessionEnd(IntEnum):
    """SessionEnd."""

    LOGOFF = 1
    DISCONNECTED = 2
    REPLACED = 3  # by a new logon
    EXPIRED = 4  # nobody was attached for too long; the session is over


class RejectReason(IntEnum):
    """Why the engine refused a sequenced command."""

    MALFORMED = 1  # the bytes are not a message of this schema
    UNKNOWN_COMMAND = 2  # the template is not a command
    UNKNOWN_INSTRUMENT = 3
    INVALID_SIDE = 4
    INVALID_ORD_TYPE = 5
    INVALID_TIME_IN_FORCE = 6
    INVALID_PRICE = 7  # zero, negative, missing or beyond the limit
    INVALID_QUANTITY = 8  # zero, negative or beyond the limit
    DUPLICATE_CL_ORD_ID = 9  # the session has a live order of this id
    UNKNOWN_ORDER = 10  # the session has no live order of this id
    QUANTITY_NOT_ABOVE_FILLED = 11  # a replace to no more than what is already filled
    INSTRUMENT_EXISTS = 12  # defined already, with other terms
    INVALID_INSTRUMENT = 13  # an id or a size out of range
    BOOK_FULL = 14  # the venue holds as many live orders as it may
    SKIPPED = 15  # an operator skipped it, because executing it failed
    INVALID_CL_ORD_ID = 16  # zero, which means none; from logic version 2 on
    NOT_ALLOWED = 17  # the user of the session has no role for it
    INVALID_STOP_PRICE = 18  # out of range, missing, or on an order that has none
    INVALID_DISPLAY_QUANTITY = 19  # out of range, too small a part, or on an order that does not rest
    INVALID_MINIMUM_QUANTITY = 20  # out of range, or on an order that has none
    INVALID_EXPIRE_TIME = 21  # past, missing, or on an order that does not expire
    INVALID_INSTRUCTIONS = 22  # unknown, or not for this order
    WOULD_TRADE = 23  # a PostOnly order that would trade at once
    WRONG_PHASE = 24  # the instrument's phase does not allow it
    OUTSIDE_PRICE_BAND = 25
    OUTSIDE_COLLAR = 26  # too far from the reference price
    QUANTITY_ABOVE_MAXIMUM = 27
    VALUE_ABOVE_MAXIMUM = 28
    TOO_MANY_OPEN_ORDERS = 29
    POSITION_ABOVE_MAXIMUM = 30
    RATE_EXCEEDED = 31
    KILLED = 32  # the kill switch of the session or the account is engaged
    UNKNOWN_TRADE = 33  # never made, too long ago, or busted before
    INVALID_PHASE = 34  # an unknown phase, or a time or an interval out of range
    INVALID_RULES = 35  # a value out of range, or a band upside down
    INVALID_LIMITS = 36  # a scope, an id or a value out of range
    SCHEDULE_FULL = 37  # the instrument has as many scheduled phases as it may
    UNKNOWN_SESSION = 38
    TOO_MANY_LIMITS = 39  # limits are set for as many sessions and accounts as may be


class Liquidity(IntEnum):
    """FIX tag 851."""

    ADDED = 1
    REMOVED = 2
    AUCTION = 4  # traded in an uncross


class CancelReason(IntEnum):
    """Why an order, or a part of it, left the book or never reached it, unfilled."""

    REQUESTED = 1  # by cancel, by mass cancel, or by a reduce of all that was left
    UNFILLED = 2  # what an immediate order could not fill at once
    EXPIRED = 3  # its time had come
    SELF_TRADE = 4  # it would have traded with its own side
    MINIMUM_NOT_MET = 5  # less than its minimum quantity would have traded
    DAY_ENDED = 6  # the instrument has closed
    DISCONNECTED = 7  # its session's client is gone
    LOGGED_OFF = 8
    KILL_SWITCH = 9
    COLLAR = 10  # no more would trade near enough to the reference price


class MassCancelResponse(IntEnum):
    """FIX tag 1375."""

    ACCEPTED = 1  # more cancels follow
    COMPLETED = 2


class Decimal(Composite, block_length=9):
    """Mantissa × 10^exponent."""

    __slots__ = ()

    mantissa = Field(INT64, at=0)
    exponent = Field(INT8, at=8)

    def __init__(self, *, mantissa: int, exponent: int) -> None:
        self._build(mantissa, exponent)


class TradingPhase(IntEnum):
    """What an instrument allows; FIX tag 625."""

    CLOSED = 1  # cancels only; Day orders are gone
    PRE_OPEN = 2  # orders are collected
    OPENING_AUCTION = 3  # as PreOpen; an uncross ends it
    CONTINUOUS = 4  # orders trade as they come
    HALT = 5  # cancels only
    CLOSING_AUCTION = 6  # as OpeningAuction


class RiskScope(IntEnum):
    """Whom limits are for."""

    SESSION = 1
    ACCOUNT = 2  # in every session


class FollowContent(IntEnum):
    """What a follower is sent."""

    ORDER = 1  # blocks of the journal
    EVENTS = 2  # records of the event log


class FollowEnd(IntEnum):
    """Why a follower is sent nothing more."""

    DENIED = 1  # the proof does not match the challenge
    UNSUPPORTED_VERSION = 2
    TOO_MANY = 3  # as many followers as there may be
    GONE = 4  # the position was truncated; seq is the first that there is
    REWOUND = 5  # the seq before was lost in a crash; go back to seq
    STOPPING = 6  # the recorder ends
    FAILED = 7  # the log or journal cannot be read; see the recorder's log
    NOT_ALLOWED = 8  # the user has no role for it
    OTHER_JOURNAL = 9  # this recorder's is not the one that was followed before


class MarketRequestKind(IntEnum):
    """What a receiver asks for."""

    MESSAGES = 1  # public messages again
    SNAPSHOT = 2


class MarketRequestEnd(IntEnum):
    """Why nothing more comes for a request."""

    DONE = 1
    NOT_YET = 2  # those numbers are not given yet
    GONE = 3  # the log does not go back so far: use a snapshot
    TOO_MUCH = 4  # too many messages or requests at once
    UNSUPPORTED_VERSION = 5
    FAILED = 6  # the log cannot be read; see the publisher's log


class MarketFlags(IntFlag):
    """MarketFlags."""

    END_OF_EVENT = 1 << 0  # the command's last public message: books are consistent now
    AUCTION = 1 << 1  # traded in an auction


class Command(Message, schema=SCHEMA, template_id=1, block_length=32):
    """Ingress: in front of each command of a session."""

    __slots__ = ()

    number = Field(UINT64, at=0, id=34)  # Position of a command in its session; the first is 1.
    acked_through = Field(UINT64, at=8, id=10001)  # outcomes up to here may be forgotten
    session = Field(UINT32, at=16, id=10002)  # Never reused; 0 is the sequencer itself.
    # Grows by one at each restart (of the order) or logon (of a session).
    session_epoch = Field(UINT32, at=20, id=10003)
    crc = Field(UINT32, at=24, id=10004)  # of the body
    body_length = Field(UINT32, at=28, id=9)

    def __init__(
        self, *, number: int, acked_through: int, session: int, session_epoch: int, crc: int, body_length: int
    ) -> None:
        self._build(number, acked_through, session, session_epoch, crc, body_length)


class Sequenced(Message, schema=SCHEMA, template_id=2, block_length=24):
    """The order: in front of each command frame in a block."""

    __slots__ = ()

    seq = Field(UINT64, at=0, id=10005)  # Position of a command in the one order; the first is 1.
    time = Field(INT64, at=8, id=60)  # never less than that of the seq before
    epoch = Field(UINT32, at=16, id=10006)  # of the order
    body_length = Field(UINT32, at=20, id=9)  # of the command frame

    def __init__(self, *, seq: int, time: int, epoch: int, body_length: int) -> None:
        self._build(seq, time, epoch, body_length)


class Event(Message, schema=SCHEMA, template_id=3, block_length=40):
    """Egress: in front of each event."""

    __slots__ = ()

    seq = Field(UINT64, at=0, id=10005)  # of the command that caused it
    time = Field(INT64, at=8, id=60)  # Nanoseconds since 1970-01-01T00:00:00Z.
    number = Field(UINT64, at=16, id=34)  # of the session's own command; 0 if another's caused it
    session = Field(UINT32, at=24, id=10002)  # whom it is for
    epoch = Field(UINT32, at=28, id=10006)  # of the order
    index = Field(UINT32, at=32, id=10007)  # place among the events of its seq, from 0
    body_length = Field(UINT16, at=36, id=9)
    flags = Field(Flags(EventFlags, UINT8), at=38, id=10008)
    durability = Field(Enumeration(Durability, UINT8), at=39, id=10009)

    def __init__(
        self,
        *,
        seq: int,
        time: int,
        number: int,
        session: int,
        epoch: int,
        index: int,
        body_length: int,
        flags: EventFlags,
        durability: Durability,
    ) -> None:
        self._build(seq, time, number, session, epoch, index, body_length, flags, durability)


class BlockHeader(Message, schema=SCHEMA, template_id=4, block_length=80):
    """Journal: in front of the frames of a block."""

    __slots__ = ()

    index = Field(UINT64, at=0, id=10010)  # Position of a block in the log; the first is 1.
    term = Field(UINT64, at=8, id=10011)
    first_seq = Field(UINT64, at=16, id=10012)  # Position of a command in the one order; the first is 1.
    time = Field(INT64, at=24, id=60)  # of the last frame
    previous_hash = Field(Bytes(32), at=32, id=10013)  # of the block header before this one
    count = Field(UINT32, at=64, id=10014)  # how many frames
    body_length = Field(UINT32, at=68, id=9)  # of all frames together
    entry_type = Field(Enumeration(EntryType, UINT8), at=72, id=10015)
    reserved = Field(Bytes(3), at=73, id=10016)  # zero
    crc = Field(UINT32, at=76, id=10004)  # of this header up to here, then of the frames

    def __init__(
        self,
        *,
        index: int,
        term: int,
        first_seq: int,
        time: int,
        previous_hash: bytes,
        count: int,
        body_length: int,
        entry_type: EntryType,
        reserved: bytes,
        crc: int,
    ) -> None:
        self._build(index, term, first_seq, time, previous_hash, count, body_length, entry_type, reserved, crc)


class NewOrder(Message, schema=SCHEMA, template_id=10, block_length=35):
    """FIX D."""

    __slots__ = ()

    cl_ord_id = Field(UINT64, at=0, id=11)  # Given by the client; unique among the session's live orders.
    price = Field(Optional(INT64, null=-9223372036854775808), at=8, id=44)  # Null for none: a market order's.
    order_qty = Field(INT64, at=16, id=38)  # In lots of the instrument.
    instrument = Field(UINT32, at=24, id=48)
    account = Field(UINT32, at=28, id=1)  # The client's own; the engine gives it back.
    side = Field(Enumeration(Side, UINT8), at=32, id=54)
    ord_type = Field(Enumeration(OrdType, UINT8), at=33, id=40)
    time_in_force = Field(Enumeration(TimeInForce, UINT8), at=34, id=59)

    def __init__(
        self,
        *,
        cl_ord_id: int,
        price: int | None = None,
        order_qty: int,
        instrument: int,
        account: int,
        side: Side,
        ord_type: OrdType,
        time_in_force: TimeInForce,
    ) -> None:
        self._build(cl_ord_id, price, order_qty, instrument, account, side, ord_type, time_in_force)


class CancelOrder(Message, schema=SCHEMA, template_id=11, block_length=8):
    """FIX F."""

    __slots__ = ()

    orig_cl_ord_id = Field(UINT64, at=0, id=41)  # Given by the client; unique among the session's live orders.

    def __init__(self, *, orig_cl_ord_id: int) -> None:
        self._build(orig_cl_ord_id)


class ReduceOrder(Message, schema=SCHEMA, template_id=12, block_length=16):
    """Takes quantity off; keeps priority."""

    __slots__ = ()

    orig_cl_ord_id = Field(UINT64, at=0, id=41)  # Given by the client; unique among the session's live orders.
    reduce_qty = Field(INT64, at=8, id=10017)  # by how much

    def __init__(self, *, orig_cl_ord_id: int, reduce_qty: int) -> None:
        self._build(orig_cl_ord_id, reduce_qty)


class ReplaceOrder(Message, schema=SCHEMA, template_id=13, block_length=32):
    """FIX G. Keeps priority only when the quantity falls at the same price."""

    __slots__ = ()

    cl_ord_id = Field(UINT64, at=0, id=11)  # the order's id from now on
    orig_cl_ord_id = Field(UINT64, at=8, id=41)  # Given by the client; unique among the session's live orders.
    price = Field(INT64, at=16, id=44)  # In ticks of the instrument.
    order_qty = Field(INT64, at=24, id=38)  # the new total, what is filled included

    def __init__(self, *, cl_ord_id: int, orig_cl_ord_id: int, price: int, order_qty: int) -> None:
        self._build(cl_ord_id, orig_cl_ord_id, price, order_qty)


class MassCancel(Message, schema=SCHEMA, template_id=14, block_length=9):
    """FIX q. Cancels the session's own orders, the oldest first."""

    __slots__ = ()

    instrument = Field(Optional(UINT32, null=4294967295), at=0, id=48)  # null for all
    side = Field(Enumeration(OptionalSide, UINT8), at=4, id=54)
    account = Field(Optional(UINT32, null=4294967295), at=5, id=1, since=2)  # null for all

    def __init__(self, *, instrument: int | None = None, side: OptionalSide, account: int | None = None) -> None:
        self._build(instrument, side, account)


class NewOrderExtended(Message, schema=SCHEMA, template_id=15, block_length=73):
    """FIX D. A new order with what NewOrder has no field for; without any of it the same."""

    __slots__ = ()

    cl_ord_id = Field(UINT64, at=0, id=11)  # Given by the client; unique among the session's live orders.
    price = Field(Optional(INT64, null=-9223372036854775808), at=8, id=44)  # Null for none: a market order's.
    stop_px = Field(Optional(INT64, null=-9223372036854775808), at=16, id=99)  # null unless a stop order
    order_qty = Field(INT64, at=24, id=38)  # In lots of the instrument.
    display_qty = Field(Optional(INT64, null=-9223372036854775808), at=32, id=1138)  # shown at a time; null for all
    min_qty = Field(Optional(INT64, null=-9223372036854775808), at=40, id=110)  # that trades at once, or nothing does
    expire_time = Field(Optional(INT64, null=-9223372036854775808), at=48, id=126)  # null unless GoodTillDate
    instrument = Field(UINT32, at=56, id=48)
    account = Field(UINT32, at=60, id=1)  # The client's own; the engine gives it back.
    self_trade_group = Field(UINT32, at=64, id=2362)  # Orders of one group do not trade with each other; 0 for none.
    side = Field(Enumeration(Side, UINT8), at=68, id=54)
    ord_type = Field(Enumeration(OrdType, UINT8), at=69, id=40)
    time_in_force = Field(Enumeration(TimeInForce, UINT8), at=70, id=59)
    instructions = Field(Flags(ExecInst, UINT8), at=71, id=18)
    self_trade_prevention = Field(Enumeration(SelfTradePrevention, UINT8), at=72, id=2964)

    def __init__(
        self,
        *,
        cl_ord_id: int,
        price: int | None = None,
        stop_px: int | None = None,
        order_qty: int,
        display_qty: int | None = None,
        min_qty: int | None = None,
        expire_time: int | None = None,
        instrument: int,
        account: int,
        self_trade_group: int,
        side: Side,
        ord_type: OrdType,
        time_in_force: TimeInForce,
        instructions: ExecInst,
        self_trade_prevention: SelfTradePrevention,
    ) -> None:
        self._build(
            cl_ord_id,
            price,
            stop_px,
            order_qty,
            display_qty,
            min_qty,
            expire_time,
            instrument,
            account,
            self_trade_group,
            side,
            ord_type,
            time_in_force,
            instructions,
            self_trade_prevention,
        )


class ConfigureSession(Message, schema=SCHEMA, template_id=16, block_length=1):
    """What becomes of the session's orders when nobody is attached to it."""

    __slots__ = ()

    cancel_on = Field(Flags(CancelOn, UINT8), at=0, id=10040)

    def __init__(self, *, cancel_on: CancelOn) -> None:
        self._build(cancel_on)


class DropCopy(Message, schema=SCHEMA, template_id=17, block_length=5):
    """Asks for a copy of every event that another session is told, or for no more."""

    __slots__ = ()

    session = Field(UINT32, at=0, id=10002)  # the other one
    on = Field(Enumeration(Boolean, UINT8), at=4, id=10041)

    def __init__(self, *, session: int, on: Boolean) -> None:
        self._build(session, on)


class Connect(Message, schema=SCHEMA, template_id=20, block_length=14):
    """The first message of a client: where to answer."""

    __slots__ = ()

    correlation_id = Field(UINT64, at=0, id=10018)  # Chosen by a client, given back in the answer.
    response_stream = Field(INT32, at=8, id=10019)
    protocol_version = Field(UINT16, at=12, id=10020)
    response_channel = VarText(UINT16, "utf-8", id=10021)

    def __init__(
        self, *, correlation_id: int, response_stream: int, protocol_version: int, response_channel: str
    ) -> None:
        self._build(correlation_id, response_stream, protocol_version, response_channel)


class Challenge(Message, schema=SCHEMA, template_id=21, block_length=40):
    """The node's answer to Connect."""

    __slots__ = ()

    correlation_id = Field(UINT64, at=0, id=10018)  # Chosen by a client, given back in the answer.
    nonce = Field(Bytes(32), at=8, id=10022)

    def __init__(self, *, correlation_id: int, nonce: bytes) -> None:
        self._build(correlation_id, nonce)


class Logon(Message, schema=SCHEMA, template_id=22, block_length=69):
    """FIX A."""

    __slots__ = ()

    correlation_id = Field(UINT64, at=0, id=10018)  # Chosen by a client, given back in the answer.
    session = Field(UINT32, at=8, id=10002)  # 0 for a new one
    # HMAC-SHA-256 of nonce, session, instance, resumes and user under the user's key
    proof = Field(Bytes(32), at=12, id=10023)
    # Drawn at random by a running client, to tell it from others with the same session.
    instance = Field(UINT64, at=44, id=10036)
    # goes on with a session that this instance had: never from another one
    resumes = Field(Enumeration(Boolean, UINT8), at=52, id=10037)
    # Of a venue's list of users; empty for who has the venue's own key.
    user = Field(Text(16, "ascii"), at=53, id=553, since=1)

    def __init__(
        self, *, correlation_id: int, session: int, proof: bytes, instance: int, resumes: Boolean, user: str = ""
    ) -> None:
        self._build(correlation_id, session, proof, instance, resumes, user)


class Heartbeat(Message, schema=SCHEMA, template_id=23, block_length=16):
    """FIX 0. Either way: still here."""

    __slots__ = ()

    time = Field(INT64, at=0, id=60)  # of the sender
    seq = Field(UINT64, at=8, id=10005)  # from a node: released so far

    def __init__(self, *, time: int, seq: int) -> None:
        self._build(time, seq)


class Refused(Message, schema=SCHEMA, template_id=24, block_length=21):
    """A command that did not enter the order, or a logon that failed."""

    __slots__ = ()

    number = Field(UINT64, at=0, id=34)  # of the command; the correlation id of a logon
    expected = Field(UINT64, at=8, id=10024)  # the number that the session must send next
    session = Field(UINT32, at=16, id=10002)  # Never reused; 0 is the sequencer itself.
    reason = Field(Enumeration(RefusalReason, UINT8), at=20, id=10025)

    def __init__(self, *, number: int, expected: int, session: int, reason: RefusalReason) -> None:
        self._build(number, expected, session, reason)


class Outcome(Message, schema=SCHEMA, template_id=25, block_length=22):
    """What became of a command that was sent again, or asked for."""

    __slots__ = ()

    cl_ord_id = Field(UINT64, at=0, id=11)  # Given by the client; unique among the session's live orders.
    order_id = Field(UINT64, at=8, id=37)  # 0 if it named none
    events = Field(UINT32, at=16, id=10026)  # how many events it caused
    kind = Field(Enumeration(OutcomeKind, UINT8), at=20, id=10027)
    reason = Field(Optional(UINT8, null=255), at=21, id=103)  # A RejectReason; null unless rejected.

    def __init__(
        self, *, cl_ord_id: int, order_id: int, events: int, kind: OutcomeKind, reason: int | None = None
    ) -> None:
        self._build(cl_ord_id, order_id, events, kind, reason)


class OpenSession(Message, schema=SCHEMA, template_id=30, block_length=33):
    """A logon that succeeded."""

    __slots__ = ()

    session = Field(UINT32, at=0, id=10002)  # Never reused; 0 is the sequencer itself.
    # Grows by one at each restart (of the order) or logon (of a session).
    session_epoch = Field(UINT32, at=4, id=10003)
    # Drawn at random by a running client, to tell it from others with the same session.
    instance = Field(UINT64, at=8, id=10036)
    # Of a venue's list of users; empty for who has the venue's own key.
    user = Field(Text(16, "ascii"), at=16, id=553, since=1)
    roles = Field(Flags(Roles, UINT8), at=32, id=10038, since=1)  # in this logon; all of them where the field is absent

    def __init__(
        self, *, session: int, session_epoch: int, instance: int, user: str = "", roles: Roles = Roles(0)
    ) -> None:
        self._build(session, session_epoch, instance, user, roles)


class CloseSession(Message, schema=SCHEMA, template_id=31, block_length=9):
    """CloseSession."""

    __slots__ = ()

    session = Field(UINT32, at=0, id=10002)  # Never reused; 0 is the sequencer itself.
    # Grows by one at each restart (of the order) or logon (of a session).
    session_epoch = Field(UINT32, at=4, id=10003)
    end = Field(Enumeration(SessionEnd, UINT8), at=8, id=10028)

    def __init__(self, *, session: int, session_epoch: int, end: SessionEnd) -> None:
        self._build(session, session_epoch, end)


class OpenEpoch(Message, schema=SCHEMA, template_id=32, block_length=21):
    """The node has started: what follows is of a new epoch."""

    __slots__ = ()

    epoch = Field(UINT32, at=0, id=10006)  # Grows by one at each restart (of the order) or logon (of a session).
    logic_version = Field(UINT32, at=4, id=10029)  # the rules that the engine follows from here
    durability = Field(Enumeration(Durability, UINT8), at=8, id=10009)
    first_session = Field(UINT32, at=9, id=10034)  # no id below is given in this epoch
    # a session that nobody is attached to for so long is over; 0 for never
    session_expiry = Field(INT64, at=13, id=10035)

    def __init__(
        self, *, epoch: int, logic_version: int, durability: Durability, first_session: int, session_expiry: int
    ) -> None:
        self._build(epoch, logic_version, durability, first_session, session_expiry)


class Tick(Message, schema=SCHEMA, template_id=33, block_length=0):
    """Time passes without orders."""

    __slots__ = ()

    def __init__(self) -> None:
        self._build()


class Logoff(Message, schema=SCHEMA, template_id=34, block_length=0):
    """FIX 5. A client's last command."""

    __slots__ = ()

    def __init__(self) -> None:
        self._build()


class QueryOutcome(Message, schema=SCHEMA, template_id=35, block_length=8):
    """What became of a command of this session? It has number 0 itself. What is not executed by then never will be."""

    __slots__ = ()

    number = Field(UINT64, at=0, id=34)  # of the command that is asked for

    def __init__(self, *, number: int) -> None:
        self._build(number)


class Accepted(Message, schema=SCHEMA, template_id=40, block_length=43):
    """The order is live, or about to be filled."""

    __slots__ = ()

    order_id = Field(UINT64, at=0, id=37)  # Given by the engine: the n-th accepted order is n.
    cl_ord_id = Field(UINT64, at=8, id=11)  # Given by the client; unique among the session's live orders.
    price = Field(Optional(INT64, null=-9223372036854775808), at=16, id=44)  # Null for none: a market order's.
    order_qty = Field(INT64, at=24, id=38)  # In lots of the instrument.
    instrument = Field(UINT32, at=32, id=48)
    account = Field(UINT32, at=36, id=1)  # The client's own; the engine gives it back.
    side = Field(Enumeration(Side, UINT8), at=40, id=54)
    ord_type = Field(Enumeration(OrdType, UINT8), at=41, id=40)
    time_in_force = Field(Enumeration(TimeInForce, UINT8), at=42, id=59)

    def __init__(
        self,
        *,
        order_id: int,
        cl_ord_id: int,
        price: int | None = None,
        order_qty: int,
        instrument: int,
        account: int,
        side: Side,
        ord_type: OrdType,
        time_in_force: TimeInForce,
    ) -> None:
        self._build(order_id, cl_ord_id, price, order_qty, instrument, account, side, ord_type, time_in_force)


class Rejected(Message, schema=SCHEMA, template_id=41, block_length=11):
    """Rejected."""

    __slots__ = ()

    cl_ord_id = Field(UINT64, at=0, id=11)  # of the order that the command named, 0 if none
    ref_template = Field(UINT16, at=8, id=372)  # of the command
    reason = Field(Enumeration(RejectReason, UINT8), at=10, id=103)

    def __init__(self, *, cl_ord_id: int, ref_template: int, reason: RejectReason) -> None:
        self._build(cl_ord_id, ref_template, reason)


class Filled(Message, schema=SCHEMA, template_id=42, block_length=54):
    """Filled."""

    __slots__ = ()

    order_id = Field(UINT64, at=0, id=37)  # Given by the engine: the n-th accepted order is n.
    cl_ord_id = Field(UINT64, at=8, id=11)  # Given by the client; unique among the session's live orders.
    last_px = Field(INT64, at=16, id=31)  # In ticks of the instrument.
    last_qty = Field(INT64, at=24, id=32)  # In lots of the instrument.
    leaves_qty = Field(INT64, at=32, id=151)  # In lots of the instrument.
    instrument = Field(UINT32, at=40, id=48)
    side = Field(Enumeration(Side, UINT8), at=44, id=54)
    liquidity = Field(Enumeration(Liquidity, UINT8), at=45, id=851)
    trade_id = Field(UINT64, at=46, id=1003, since=2)  # the same for both parties

    def __init__(
        self,
        *,
        order_id: int,
        cl_ord_id: int,
        last_px: int,
        last_qty: int,
        leaves_qty: int,
        instrument: int,
        side: Side,
        liquidity: Liquidity,
        trade_id: int,
    ) -> None:
        self._build(order_id, cl_ord_id, last_px, last_qty, leaves_qty, instrument, side, liquidity, trade_id)


class Reduced(Message, schema=SCHEMA, template_id=43, block_length=37):
    """Reduced."""

    __slots__ = ()

    order_id = Field(UINT64, at=0, id=37)  # Given by the engine: the n-th accepted order is n.
    cl_ord_id = Field(UINT64, at=8, id=11)  # Given by the client; unique among the session's live orders.
    reduce_qty = Field(INT64, at=16, id=10017)  # In lots of the instrument.
    leaves_qty = Field(INT64, at=24, id=151)  # In lots of the instrument.
    instrument = Field(UINT32, at=32, id=48)
    reason = Field(Enumeration(CancelReason, UINT8), at=36, id=10030, since=2)  # Requested where the field is absent

    def __init__(
        self, *, order_id: int, cl_ord_id: int, reduce_qty: int, leaves_qty: int, instrument: int, reason: CancelReason
    ) -> None:
        self._build(order_id, cl_ord_id, reduce_qty, leaves_qty, instrument, reason)


class Cancelled(Message, schema=SCHEMA, template_id=44, block_length=29):
    """Cancelled."""

    __slots__ = ()

    order_id = Field(UINT64, at=0, id=37)  # Given by the engine: the n-th accepted order is n.
    cl_ord_id = Field(UINT64, at=8, id=11)  # Given by the client; unique among the session's live orders.
    cxl_qty = Field(INT64, at=16, id=84)  # what was left of it
    instrument = Field(UINT32, at=24, id=48)
    reason = Field(Enumeration(CancelReason, UINT8), at=28, id=10030)

    def __init__(self, *, order_id: int, cl_ord_id: int, cxl_qty: int, instrument: int, reason: CancelReason) -> None:
        self._build(order_id, cl_ord_id, cxl_qty, instrument, reason)


class Replaced(Message, schema=SCHEMA, template_id=45, block_length=53):
    """Replaced."""

    __slots__ = ()

    order_id = Field(UINT64, at=0, id=37)  # unchanged
    cl_ord_id = Field(UINT64, at=8, id=11)  # Given by the client; unique among the session's live orders.
    orig_cl_ord_id = Field(UINT64, at=16, id=41)  # Given by the client; unique among the session's live orders.
    price = Field(INT64, at=24, id=44)  # In ticks of the instrument.
    order_qty = Field(INT64, at=32, id=38)  # In lots of the instrument.
    leaves_qty = Field(INT64, at=40, id=151)  # In lots of the instrument.
    instrument = Field(UINT32, at=48, id=48)
    priority_kept = Field(Enumeration(Boolean, UINT8), at=52, id=10031)

    def __init__(
        self,
        *,
        order_id: int,
        cl_ord_id: int,
        orig_cl_ord_id: int,
        price: int,
        order_qty: int,
        leaves_qty: int,
        instrument: int,
        priority_kept: Boolean,
    ) -> None:
        self._build(order_id, cl_ord_id, orig_cl_ord_id, price, order_qty, leaves_qty, instrument, priority_kept)


class MassCancelled(Message, schema=SCHEMA, template_id=46, block_length=5):
    """FIX r. After the cancels themselves."""

    __slots__ = ()

    affected = Field(UINT32, at=0, id=533)  # how many orders so far
    # Completed where the field is absent
    response = Field(Enumeration(MassCancelResponse, UINT8), at=4, id=1375, since=2)

    def __init__(self, *, affected: int, response: MassCancelResponse) -> None:
        self._build(affected, response)


class SessionOpened(Message, schema=SCHEMA, template_id=47, block_length=20):
    """SessionOpened."""

    __slots__ = ()

    next_number = Field(UINT64, at=0, id=10032)  # that the session must send next
    session = Field(UINT32, at=8, id=10002)  # Never reused; 0 is the sequencer itself.
    # Grows by one at each restart (of the order) or logon (of a session).
    session_epoch = Field(UINT32, at=12, id=10003)
    window = Field(UINT32, at=16, id=10033)  # how many commands may be unanswered

    def __init__(self, *, next_number: int, session: int, session_epoch: int, window: int) -> None:
        self._build(next_number, session, session_epoch, window)


class SessionClosed(Message, schema=SCHEMA, template_id=48, block_length=9):
    """SessionClosed."""

    __slots__ = ()

    session = Field(UINT32, at=0, id=10002)  # Never reused; 0 is the sequencer itself.
    # Grows by one at each restart (of the order) or logon (of a session).
    session_epoch = Field(UINT32, at=4, id=10003)
    end = Field(Enumeration(SessionEnd, UINT8), at=8, id=10028)

    def __init__(self, *, session: int, session_epoch: int, end: SessionEnd) -> None:
        self._build(session, session_epoch, end)


class InstrumentDefined(Message, schema=SCHEMA, template_id=49, block_length=38):
    """InstrumentDefined."""

    __slots__ = ()

    instrument = Field(UINT32, at=0, id=48)
    symbol = Field(Text(16, "ascii"), at=4, id=55)
    tick_size = Field(Nested(Decimal), at=20, id=969)
    lot_size = Field(Nested(Decimal), at=29, id=561)

    def __init__(self, *, instrument: int, symbol: str, tick_size: Decimal, lot_size: Decimal) -> None:
        self._build(instrument, symbol, tick_size, lot_size)


class AcceptedExtended(Message, schema=SCHEMA, template_id=50, block_length=81):
    """As Accepted, of a NewOrderExtended."""

    __slots__ = ()

    order_id = Field(UINT64, at=0, id=37)  # Given by the engine: the n-th accepted order is n.
    cl_ord_id = Field(UINT64, at=8, id=11)  # Given by the client; unique among the session's live orders.
    price = Field(Optional(INT64, null=-9223372036854775808), at=16, id=44)  # Null for none: a market order's.
    stop_px = Field(Optional(INT64, null=-9223372036854775808), at=24, id=99)  # Null for none: a market order's.
    order_qty = Field(INT64, at=32, id=38)  # In lots of the instrument.
    display_qty = Field(Optional(INT64, null=-9223372036854775808), at=40, id=1138)  # Null for none.
    min_qty = Field(Optional(INT64, null=-9223372036854775808), at=48, id=110)  # Null for none.
    expire_time = Field(Optional(INT64, null=-9223372036854775808), at=56, id=126)  # As TimeNs; null for none.
    instrument = Field(UINT32, at=64, id=48)
    account = Field(UINT32, at=68, id=1)  # The client's own; the engine gives it back.
    self_trade_group = Field(UINT32, at=72, id=2362)  # Orders of one group do not trade with each other; 0 for none.
    side = Field(Enumeration(Side, UINT8), at=76, id=54)
    ord_type = Field(Enumeration(OrdType, UINT8), at=77, id=40)
    time_in_force = Field(Enumeration(TimeInForce, UINT8), at=78, id=59)
    instructions = Field(Flags(ExecInst, UINT8), at=79, id=18)
    self_trade_prevention = Field(Enumeration(SelfTradePrevention, UINT8), at=80, id=2964)

    def __init__(
        self,
        *,
        order_id: int,
        cl_ord_id: int,
        price: int | None = None,
        stop_px: int | None = None,
        order_qty: int,
        display_qty: int | None = None,
        min_qty: int | None = None,
        expire_time: int | None = None,
        instrument: int,
        account: int,
        self_trade_group: int,
        side: Side,
        ord_type: OrdType,
        time_in_force: TimeInForce,
        instructions: ExecInst,
        self_trade_prevention: SelfTradePrevention,
    ) -> None:
        self._build(
            order_id,
            cl_ord_id,
            price,
            stop_px,
            order_qty,
            display_qty,
            min_qty,
            expire_time,
            instrument,
            account,
            self_trade_group,
            side,
            ord_type,
            time_in_force,
            instructions,
            self_trade_prevention,
        )


class Triggered(Message, schema=SCHEMA, template_id=51, block_length=20):
    """The stop price of a waiting order has traded; it trades next."""

    __slots__ = ()

    order_id = Field(UINT64, at=0, id=37)  # Given by the engine: the n-th accepted order is n.
    cl_ord_id = Field(UINT64, at=8, id=11)  # Given by the client; unique among the session's live orders.
    instrument = Field(UINT32, at=16, id=48)

    def __init__(self, *, order_id: int, cl_ord_id: int, instrument: int) -> None:
        self._build(order_id, cl_ord_id, instrument)


class Refreshed(Message, schema=SCHEMA, template_id=52, block_length=36):
    """An iceberg shows its next part, at the end of its queue."""

    __slots__ = ()

    order_id = Field(UINT64, at=0, id=37)  # Given by the engine: the n-th accepted order is n.
    cl_ord_id = Field(UINT64, at=8, id=11)  # Given by the client; unique among the session's live orders.
    display_qty = Field(INT64, at=16, id=1138)  # shown now
    leaves_qty = Field(INT64, at=24, id=151)  # In lots of the instrument.
    instrument = Field(UINT32, at=32, id=48)

    def __init__(self, *, order_id: int, cl_ord_id: int, display_qty: int, leaves_qty: int, instrument: int) -> None:
        self._build(order_id, cl_ord_id, display_qty, leaves_qty, instrument)


class PhaseChanged(Message, schema=SCHEMA, template_id=53, block_length=5):
    """PhaseChanged."""

    __slots__ = ()

    instrument = Field(UINT32, at=0, id=48)
    phase = Field(Enumeration(TradingPhase, UINT8), at=4, id=625)

    def __init__(self, *, instrument: int, phase: TradingPhase) -> None:
        self._build(instrument, phase)


class Uncrossed(Message, schema=SCHEMA, template_id=54, block_length=20):
    """An auction has ended; its fills follow."""

    __slots__ = ()

    instrument = Field(UINT32, at=0, id=48)
    price = Field(INT64, at=4, id=31)  # of all of them
    volume = Field(INT64, at=12, id=32)  # In lots of the instrument.

    def __init__(self, *, instrument: int, price: int, volume: int) -> None:
        self._build(instrument, price, volume)


class Administered(Message, schema=SCHEMA, template_id=55, block_length=6):
    """A command that sets something was carried out."""

    __slots__ = ()

    ref_template = Field(UINT16, at=0, id=372)  # of the command
    id = Field(UINT32, at=2, id=10046)  # the instrument, session or account that it named

    def __init__(self, *, ref_template: int, id: int) -> None:
        self._build(ref_template, id)


class TradeBusted(Message, schema=SCHEMA, template_id=56, block_length=45):
    """A trade is void; orders stay as they are."""

    __slots__ = ()

    trade_id = Field(UINT64, at=0, id=1003)  # Given by the engine: the n-th trade is n.
    order_id = Field(UINT64, at=8, id=37)  # Given by the engine: the n-th accepted order is n.
    cl_ord_id = Field(UINT64, at=16, id=11)  # Given by the client; unique among the session's live orders.
    last_px = Field(INT64, at=24, id=31)  # In ticks of the instrument.
    last_qty = Field(INT64, at=32, id=32)  # In lots of the instrument.
    instrument = Field(UINT32, at=40, id=48)
    side = Field(Enumeration(Side, UINT8), at=44, id=54)  # of the order

    def __init__(
        self, *, trade_id: int, order_id: int, cl_ord_id: int, last_px: int, last_qty: int, instrument: int, side: Side
    ) -> None:
        self._build(trade_id, order_id, cl_ord_id, last_px, last_qty, instrument, side)


class DefineInstrument(Message, schema=SCHEMA, template_id=60, block_length=38):
    """DefineInstrument."""

    __slots__ = ()

    instrument = Field(UINT32, at=0, id=48)
    symbol = Field(Text(16, "ascii"), at=4, id=55)
    tick_size = Field(Nested(Decimal), at=20, id=969)  # the price of one tick
    lot_size = Field(Nested(Decimal), at=29, id=561)  # the quantity of one lot

    def __init__(self, *, instrument: int, symbol: str, tick_size: Decimal, lot_size: Decimal) -> None:
        self._build(instrument, symbol, tick_size, lot_size)


class SetInstrumentRules(Message, schema=SCHEMA, template_id=61, block_length=52):
    """Replaces all rules of an instrument; what is null is not looked at."""

    __slots__ = ()

    instrument = Field(UINT32, at=0, id=48)
    band_low = Field(Optional(INT64, null=-9223372036854775808), at=4, id=1148)  # lowest price of an order
    band_high = Field(Optional(INT64, null=-9223372036854775808), at=12, id=1149)  # highest price of an order
    # how far from the last price an order may trade
    collar = Field(Optional(INT64, null=-9223372036854775808), at=20, id=10042)
    reference_price = Field(Optional(INT64, null=-9223372036854775808), at=28, id=1150)  # until there is a last price
    max_order_qty = Field(Optional(INT64, null=-9223372036854775808), at=36, id=1140)  # Null for none.
    # Ticks times lots; null for none.
    max_order_value = Field(Optional(INT64, null=-9223372036854775808), at=44, id=10043)

    def __init__(
        self,
        *,
        instrument: int,
        band_low: int | None = None,
        band_high: int | None = None,
        collar: int | None = None,
        reference_price: int | None = None,
        max_order_qty: int | None = None,
        max_order_value: int | None = None,
    ) -> None:
        self._build(instrument, band_low, band_high, collar, reference_price, max_order_qty, max_order_value)


class SetPhase(Message, schema=SCHEMA, template_id=62, block_length=5):
    """SetPhase."""

    __slots__ = ()

    instrument = Field(Optional(UINT32, null=4294967295), at=0, id=48)  # null for all
    phase = Field(Enumeration(TradingPhase, UINT8), at=4, id=625)

    def __init__(self, *, instrument: int | None = None, phase: TradingPhase) -> None:
        self._build(instrument, phase)


class SchedulePhase(Message, schema=SCHEMA, template_id=63, block_length=21):
    """Sets a phase when its time has come."""

    __slots__ = ()

    instrument = Field(UINT32, at=0, id=48)
    time = Field(INT64, at=4, id=60)  # of the first time
    interval = Field(INT64, at=12, id=10044)  # between two times; 0 for once
    phase = Field(Enumeration(TradingPhase, UINT8), at=20, id=625)

    def __init__(self, *, instrument: int, time: int, interval: int, phase: TradingPhase) -> None:
        self._build(instrument, time, interval, phase)


class ClearSchedule(Message, schema=SCHEMA, template_id=64, block_length=4):
    """No phase of the instrument is scheduled any more."""

    __slots__ = ()

    instrument = Field(UINT32, at=0, id=48)

    def __init__(self, *, instrument: int) -> None:
        self._build(instrument)


class BustTrade(Message, schema=SCHEMA, template_id=65, block_length=8):
    """Voids a trade."""

    __slots__ = ()

    trade_id = Field(UINT64, at=0, id=1003)  # Given by the engine: the n-th trade is n.

    def __init__(self, *, trade_id: int) -> None:
        self._build(trade_id)


class SetLimits(Message, schema=SCHEMA, template_id=66, block_length=46):
    """Replaces all limits of a session or an account; what is null is not looked at."""

    __slots__ = ()

    scope = Field(Enumeration(RiskScope, UINT8), at=0, id=10045)
    id = Field(UINT32, at=1, id=10046)  # of the session or the account
    max_order_qty = Field(Optional(INT64, null=-9223372036854775808), at=5, id=1140)  # Null for none.
    # Ticks times lots; null for none.
    max_order_value = Field(Optional(INT64, null=-9223372036854775808), at=13, id=10043)
    # long or short, in each instrument
    max_position = Field(Optional(INT64, null=-9223372036854775808), at=21, id=10047)
    rate_interval = Field(INT64, at=29, id=10048)  # 0 for no limit of the rate
    max_messages = Field(Optional(UINT32, null=4294967295), at=37, id=10049)  # in an interval
    max_open_orders = Field(Optional(UINT32, null=4294967295), at=41, id=10050)  # Null for none.
    cancel_on = Field(Flags(CancelOn, UINT8), at=45, id=10040)

    def __init__(
        self,
        *,
        scope: RiskScope,
        id: int,
        max_order_qty: int | None = None,
        max_order_value: int | None = None,
        max_position: int | None = None,
        rate_interval: int,
        max_messages: int | None = None,
        max_open_orders: int | None = None,
        cancel_on: CancelOn,
    ) -> None:
        self._build(
            scope,
            id,
            max_order_qty,
            max_order_value,
            max_position,
            rate_interval,
            max_messages,
            max_open_orders,
            cancel_on,
        )


class SetPosition(Message, schema=SCHEMA, template_id=67, block_length=17):
    """Where the position of a session or an account stands."""

    __slots__ = ()

    scope = Field(Enumeration(RiskScope, UINT8), at=0, id=10045)
    id = Field(UINT32, at=1, id=10046)  # of the session or the account
    instrument = Field(UINT32, at=5, id=48)
    position = Field(INT64, at=9, id=10051)  # Bought less sold, in lots of the instrument.

    def __init__(self, *, scope: RiskScope, id: int, instrument: int, position: int) -> None:
        self._build(scope, id, instrument, position)


class SetKillSwitch(Message, schema=SCHEMA, template_id=68, block_length=6):
    """Engaged: all its orders are cancelled, and no new one is taken."""

    __slots__ = ()

    scope = Field(Enumeration(RiskScope, UINT8), at=0, id=10045)
    id = Field(UINT32, at=1, id=10046)  # of the session or the account
    engaged = Field(Enumeration(Boolean, UINT8), at=5, id=10052)

    def __init__(self, *, scope: RiskScope, id: int, engaged: Boolean) -> None:
        self._build(scope, id, engaged)


class SetHalt(Message, schema=SCHEMA, template_id=69, block_length=5):
    """Halts an instrument whatever its phase, or ends that: it goes on in the phase that it has."""

    __slots__ = ()

    instrument = Field(Optional(UINT32, null=4294967295), at=0, id=48)  # null for all
    on = Field(Enumeration(Boolean, UINT8), at=4, id=10041)

    def __init__(self, *, instrument: int | None = None, on: Boolean) -> None:
        self._build(instrument, on)


class EventRecord(Message, schema=SCHEMA, template_id=70, block_length=64):
    """In front of the events of one block, or of a piece of them on the wire."""

    __slots__ = ()

    index = Field(UINT64, at=0, id=10010)  # of the block
    first_seq = Field(UINT64, at=8, id=10012)  # Position of a command in the one order; the first is 1.
    next_seq = Field(UINT64, at=16, id=10070)  # the first of the next record
    time = Field(INT64, at=24, id=60)  # of the block
    state_hash = Field(UINT64, at=32, id=10071)  # after the block
    epoch = Field(UINT32, at=40, id=10006)  # of the order
    rows = Field(UINT32, at=44, id=10072)  # events here
    rows_left = Field(UINT32, at=48, id=10073)  # events of the same block that follow in another piece
    row_bytes = Field(UINT32, at=52, id=10074)  # of one event
    terms = Field(UINT32, at=56, id=10075)  # instruments here, behind the events
    crc = Field(UINT32, at=60, id=10004)  # of this header up to here, then of what follows

    def __init__(
        self,
        *,
        index: int,
        first_seq: int,
        next_seq: int,
        time: int,
        state_hash: int,
        epoch: int,
        rows: int,
        rows_left: int,
        row_bytes: int,
        terms: int,
        crc: int,
    ) -> None:
        self._build(index, first_seq, next_seq, time, state_hash, epoch, rows, rows_left, row_bytes, terms, crc)


class FollowRequest(Message, schema=SCHEMA, template_id=71, block_length=89):
    """What to send: the answer to a Challenge of the replay service."""

    __slots__ = ()

    correlation_id = Field(UINT64, at=0, id=10018)  # Chosen by a client, given back in the answer.
    from_seq = Field(UINT64, at=8, id=10076)  # Position of a command in the one order; the first is 1.
    from_index = Field(UINT32, at=16, id=10077)  # place among the events of that seq
    epoch = Field(UINT32, at=20, id=10006)  # in which the seq before was seen; 0 if unknown
    proof = Field(Bytes(32), at=24, id=10023)  # HMAC-SHA-256 of the nonce and this message with a proof of zeros
    content = Field(Enumeration(FollowContent, UINT8), at=56, id=10078)
    # Of a venue's list of users; empty for who has the venue's own key.
    user = Field(Text(16, "ascii"), at=57, id=553, since=1)
    cluster = Field(Bytes(16), at=73, id=10081, since=1)  # whose order was followed before; zeros if none was

    def __init__(
        self,
        *,
        correlation_id: int,
        from_seq: int,
        from_index: int,
        epoch: int,
        proof: bytes,
        content: FollowContent,
        user: str = "",
        cluster: bytes,
    ) -> None:
        self._build(correlation_id, from_seq, from_index, epoch, proof, content, user, cluster)


class FollowPosition(Message, schema=SCHEMA, template_id=72, block_length=40):
    """To a follower, at its start and every second: where it stands."""

    __slots__ = ()

    next_seq = Field(UINT64, at=0, id=10070)  # of what is sent next
    end_seq = Field(UINT64, at=8, id=10079)  # of the last that there is
    time = Field(INT64, at=16, id=60)  # of the sender
    cluster = Field(Bytes(16), at=24, id=10081, since=1)  # whose order this is

    def __init__(self, *, next_seq: int, end_seq: int, time: int, cluster: bytes) -> None:
        self._build(next_seq, end_seq, time, cluster)


class FollowEnded(Message, schema=SCHEMA, template_id=73, block_length=17):
    """Nothing more comes over this connection."""

    __slots__ = ()

    correlation_id = Field(UINT64, at=0, id=10018)  # Chosen by a client, given back in the answer.
    seq = Field(UINT64, at=8, id=10005)  # where to go on; 0 if there is no such place
    reason = Field(Enumeration(FollowEnd, UINT8), at=16, id=10080)

    def __init__(self, *, correlation_id: int, seq: int, reason: FollowEnd) -> None:
        self._build(correlation_id, seq, reason)


class MarketPacket(Message, schema=SCHEMA, template_id=80, block_length=24):
    """In front of public messages with running numbers; none: a heartbeat."""

    __slots__ = ()

    feed = Field(UINT64, at=0, id=10091)  # Of a journal's public stream: the first bytes of its cluster id.
    first_number = Field(UINT64, at=8, id=10092)  # of the first message here, or else of the next that there will be
    instruments = Field(UINT32, at=16, id=10093)  # listed before the first message here
    count = Field(UINT16, at=20, id=10014)  # how many messages
    body_length = Field(UINT16, at=22, id=9)  # of all messages together

    def __init__(self, *, feed: int, first_number: int, instruments: int, count: int, body_length: int) -> None:
        self._build(feed, first_number, instruments, count, body_length)


class SnapshotPacket(Message, schema=SCHEMA, template_id=81, block_length=36):
    """In front of the public messages that make one instrument of nothing, or of a piece of them."""

    __slots__ = ()

    feed = Field(UINT64, at=0, id=10091)  # Of a journal's public stream: the first bytes of its cluster id.
    next_number = Field(UINT64, at=8, id=10094)  # the first that the snapshot does not hold
    instruments = Field(UINT32, at=16, id=10093)  # listed by then
    instrument = Field(UINT32, at=20, id=48)
    piece = Field(UINT32, at=24, id=10095)  # from 0
    pieces = Field(UINT32, at=28, id=10096)
    count = Field(UINT16, at=32, id=10014)  # how many messages
    body_length = Field(UINT16, at=34, id=9)  # of all messages together

    def __init__(
        self,
        *,
        feed: int,
        next_number: int,
        instruments: int,
        instrument: int,
        piece: int,
        pieces: int,
        count: int,
        body_length: int,
    ) -> None:
        self._build(feed, next_number, instruments, instrument, piece, pieces, count, body_length)


class MarketRequest(Message, schema=SCHEMA, template_id=82, block_length=31):
    """From a receiver: what it has missed."""

    __slots__ = ()

    correlation_id = Field(UINT64, at=0, id=10018)  # Chosen by a client, given back in the answer.
    from_number = Field(UINT64, at=8, id=10097)  # Position of a public message; the first is 1.
    count = Field(UINT32, at=16, id=10098)  # how many messages
    instrument = Field(Optional(UINT32, null=4294967295), at=20, id=48)  # of a snapshot; null for all
    response_stream = Field(INT32, at=24, id=10019)
    protocol_version = Field(UINT16, at=28, id=10020)
    kind = Field(Enumeration(MarketRequestKind, UINT8), at=30, id=10099)
    response_channel = VarText(UINT16, "utf-8", id=10021)

    def __init__(
        self,
        *,
        correlation_id: int,
        from_number: int,
        count: int,
        instrument: int | None = None,
        response_stream: int,
        protocol_version: int,
        kind: MarketRequestKind,
        response_channel: str,
    ) -> None:
        self._build(
            correlation_id, from_number, count, instrument, response_stream, protocol_version, kind, response_channel
        )


class MarketRequestEnded(Message, schema=SCHEMA, template_id=83, block_length=17):
    """To a receiver: nothing more comes for that request."""

    __slots__ = ()

    correlation_id = Field(UINT64, at=0, id=10018)  # Chosen by a client, given back in the answer.
    number = Field(UINT64, at=8, id=10092)  # the first that was not sent
    reason = Field(Enumeration(MarketRequestEnd, UINT8), at=16, id=10100)

    def __init__(self, *, correlation_id: int, number: int, reason: MarketRequestEnd) -> None:
        self._build(correlation_id, number, reason)


class InstrumentListed(Message, schema=SCHEMA, template_id=90, block_length=59):
    """A book that is empty so far."""

    __slots__ = ()

    seq = Field(UINT64, at=0, id=10005)  # Position of a command in the one order; the first is 1.
    time = Field(INT64, at=8, id=60)  # Nanoseconds since 1970-01-01T00:00:00Z.
    index = Field(UINT32, at=16, id=10007)
    instrument = Field(UINT32, at=20, id=48)
    flags = Field(Flags(MarketFlags, UINT8), at=24, id=10090)
    symbol = Field(Text(16, "ascii"), at=25, id=55)
    tick_size = Field(Nested(Decimal), at=41, id=969)  # the price of one tick
    lot_size = Field(Nested(Decimal), at=50, id=561)  # the quantity of one lot

    def __init__(
        self,
        *,
        seq: int,
        time: int,
        index: int,
        instrument: int,
        flags: MarketFlags,
        symbol: str,
        tick_size: Decimal,
        lot_size: Decimal,
    ) -> None:
        self._build(seq, time, index, instrument, flags, symbol, tick_size, lot_size)


class OrderAdded(Message, schema=SCHEMA, template_id=91, block_length=50):
    """Level 3: last in the queue of its price."""

    __slots__ = ()

    seq = Field(UINT64, at=0, id=10005)  # Position of a command in the one order; the first is 1.
    time = Field(INT64, at=8, id=60)  # Nanoseconds since 1970-01-01T00:00:00Z.
    index = Field(UINT32, at=16, id=10007)
    instrument = Field(UINT32, at=20, id=48)
    flags = Field(Flags(MarketFlags, UINT8), at=24, id=10090)
    order_id = Field(UINT64, at=25, id=37)  # Given by the engine: the n-th accepted order is n.
    price = Field(INT64, at=33, id=44)  # In ticks of the instrument.
    shown_qty = Field(INT64, at=41, id=1138)  # In lots of the instrument.
    side = Field(Enumeration(Side, UINT8), at=49, id=54)

    def __init__(
        self,
        *,
        seq: int,
        time: int,
        index: int,
        instrument: int,
        flags: MarketFlags,
        order_id: int,
        price: int,
        shown_qty: int,
        side: Side,
    ) -> None:
        self._build(seq, time, index, instrument, flags, order_id, price, shown_qty, side)


class OrderExecuted(Message, schema=SCHEMA, template_id=92, block_length=57):
    """Level 3: a resting order has traded."""

    __slots__ = ()

    seq = Field(UINT64, at=0, id=10005)  # Position of a command in the one order; the first is 1.
    time = Field(INT64, at=8, id=60)  # Nanoseconds since 1970-01-01T00:00:00Z.
    index = Field(UINT32, at=16, id=10007)
    instrument = Field(UINT32, at=20, id=48)
    flags = Field(Flags(MarketFlags, UINT8), at=24, id=10090)
    order_id = Field(UINT64, at=25, id=37)  # Given by the engine: the n-th accepted order is n.
    trade_id = Field(UINT64, at=33, id=1003)  # Given by the engine: the n-th trade is n.
    last_qty = Field(INT64, at=41, id=32)  # In lots of the instrument.
    shown_qty = Field(INT64, at=49, id=1138)  # left to see; at 0 it is out of the book

    def __init__(
        self,
        *,
        seq: int,
        time: int,
        index: int,
        instrument: int,
        flags: MarketFlags,
        order_id: int,
        trade_id: int,
        last_qty: int,
        shown_qty: int,
    ) -> None:
        self._build(seq, time, index, instrument, flags, order_id, trade_id, last_qty, shown_qty)


class OrderReduced(Message, schema=SCHEMA, template_id=93, block_length=41):
    """Level 3: less of it is shown; it keeps its place."""

    __slots__ = ()

    seq = Field(UINT64, at=0, id=10005)  # Position of a command in the one order; the first is 1.
    time = Field(INT64, at=8, id=60)  # Nanoseconds since 1970-01-01T00:00:00Z.
    index = Field(UINT32, at=16, id=10007)
    instrument = Field(UINT32, at=20, id=48)
    flags = Field(Flags(MarketFlags, UINT8), at=24, id=10090)
    order_id = Field(UINT64, at=25, id=37)  # Given by the engine: the n-th accepted order is n.
    shown_qty = Field(INT64, at=33, id=1138)  # from now on

    def __init__(
        self, *, seq: int, time: int, index: int, instrument: int, flags: MarketFlags, order_id: int, shown_qty: int
    ) -> None:
        self._build(seq, time, index, instrument, flags, order_id, shown_qty)


class OrderReplaced(Message, schema=SCHEMA, template_id=94, block_length=50):
    """Level 3: other terms; at another price, or with its place lost, it is last in the queue."""

    __slots__ = ()

    seq = Field(UINT64, at=0, id=10005)  # Position of a command in the one order; the first is 1.
    time = Field(INT64, at=8, id=60)  # Nanoseconds since 1970-01-01T00:00:00Z.
    index = Field(UINT32, at=16, id=10007)
    instrument = Field(UINT32, at=20, id=48)
    flags = Field(Flags(MarketFlags, UINT8), at=24, id=10090)
    order_id = Field(UINT64, at=25, id=37)  # Given by the engine: the n-th accepted order is n.
    price = Field(INT64, at=33, id=44)  # In ticks of the instrument.
    shown_qty = Field(INT64, at=41, id=1138)  # from now on
    priority_kept = Field(Enumeration(Boolean, UINT8), at=49, id=10032)

    def __init__(
        self,
        *,
        seq: int,
        time: int,
        index: int,
        instrument: int,
        flags: MarketFlags,
        order_id: int,
        price: int,
        shown_qty: int,
        priority_kept: Boolean,
    ) -> None:
        self._build(seq, time, index, instrument, flags, order_id, price, shown_qty, priority_kept)


class OrderRefreshed(Message, schema=SCHEMA, template_id=95, block_length=51):
    """Level 3: an iceberg shows its next slice, last in the queue, or after an auction at its place."""

    __slots__ = ()

    seq = Field(UINT64, at=0, id=10005)  # Position of a command in the one order; the first is 1.
    time = Field(INT64, at=8, id=60)  # Nanoseconds since 1970-01-01T00:00:00Z.
    index = Field(UINT32, at=16, id=10007)
    instrument = Field(UINT32, at=20, id=48)
    flags = Field(Flags(MarketFlags, UINT8), at=24, id=10090)
    order_id = Field(UINT64, at=25, id=37)  # Given by the engine: the n-th accepted order is n.
    price = Field(INT64, at=33, id=44)  # In ticks of the instrument.
    shown_qty = Field(INT64, at=41, id=1138)  # from now on
    side = Field(Enumeration(Side, UINT8), at=49, id=54)
    priority_kept = Field(Enumeration(Boolean, UINT8), at=50, id=10032)

    def __init__(
        self,
        *,
        seq: int,
        time: int,
        index: int,
        instrument: int,
        flags: MarketFlags,
        order_id: int,
        price: int,
        shown_qty: int,
        side: Side,
        priority_kept: Boolean,
    ) -> None:
        self._build(seq, time, index, instrument, flags, order_id, price, shown_qty, side, priority_kept)


class OrderDeleted(Message, schema=SCHEMA, template_id=96, block_length=33):
    """Level 3: out of the book."""

    __slots__ = ()

    seq = Field(UINT64, at=0, id=10005)  # Position of a command in the one order; the first is 1.
    time = Field(INT64, at=8, id=60)  # Nanoseconds since 1970-01-01T00:00:00Z.
    index = Field(UINT32, at=16, id=10007)
    instrument = Field(UINT32, at=20, id=48)
    flags = Field(Flags(MarketFlags, UINT8), at=24, id=10090)
    order_id = Field(UINT64, at=25, id=37)  # Given by the engine: the n-th accepted order is n.

    def __init__(self, *, seq: int, time: int, index: int, instrument: int, flags: MarketFlags, order_id: int) -> None:
        self._build(seq, time, index, instrument, flags, order_id)


class LevelChanged(Message, schema=SCHEMA, template_id=97, block_length=46):
    """Level 2: what is shown at a price once the command is done; orders 0: nothing."""

    __slots__ = ()

    seq = Field(UINT64, at=0, id=10005)  # Position of a command in the one order; the first is 1.
    time = Field(INT64, at=8, id=60)  # Nanoseconds since 1970-01-01T00:00:00Z.
    index = Field(UINT32, at=16, id=10007)
    instrument = Field(UINT32, at=20, id=48)
    flags = Field(Flags(MarketFlags, UINT8), at=24, id=10090)
    price = Field(INT64, at=25, id=44)  # In ticks of the instrument.
    quantity = Field(INT64, at=33, id=53)  # In lots of the instrument.
    orders = Field(UINT32, at=41, id=346)
    side = Field(Enumeration(Side, UINT8), at=45, id=54)

    def __init__(
        self,
        *,
        seq: int,
        time: int,
        index: int,
        instrument: int,
        flags: MarketFlags,
        price: int,
        quantity: int,
        orders: int,
        side: Side,
    ) -> None:
        self._build(seq, time, index, instrument, flags, price, quantity, orders, side)


class Traded(Message, schema=SCHEMA, template_id=98, block_length=50):
    """Two orders have traded."""

    __slots__ = ()

    seq = Field(UINT64, at=0, id=10005)  # Position of a command in the one order; the first is 1.
    time = Field(INT64, at=8, id=60)  # Nanoseconds since 1970-01-01T00:00:00Z.
    index = Field(UINT32, at=16, id=10007)
    instrument = Field(UINT32, at=20, id=48)
    flags = Field(Flags(MarketFlags, UINT8), at=24, id=10090)
    trade_id = Field(UINT64, at=25, id=1003)  # Given by the engine: the n-th trade is n.
    price = Field(INT64, at=33, id=31)  # In ticks of the instrument.
    quantity = Field(INT64, at=41, id=32)  # In lots of the instrument.
    aggressor = Field(Enumeration(OptionalSide, UINT8), at=49, id=2446)  # who came in; Both in an auction

    def __init__(
        self,
        *,
        seq: int,
        time: int,
        index: int,
        instrument: int,
        flags: MarketFlags,
        trade_id: int,
        price: int,
        quantity: int,
        aggressor: OptionalSide,
    ) -> None:
        self._build(seq, time, index, instrument, flags, trade_id, price, quantity, aggressor)


class TradeBroken(Message, schema=SCHEMA, template_id=99, block_length=49):
    """A trade is void; books stay."""

    __slots__ = ()

    seq = Field(UINT64, at=0, id=10005)  # Position of a command in the one order; the first is 1.
    time = Field(INT64, at=8, id=60)  # Nanoseconds since 1970-01-01T00:00:00Z.
    index = Field(UINT32, at=16, id=10007)
    instrument = Field(UINT32, at=20, id=48)
    flags = Field(Flags(MarketFlags, UINT8), at=24, id=10090)
    trade_id = Field(UINT64, at=25, id=1003)  # Given by the engine: the n-th trade is n.
    price = Field(INT64, at=33, id=31)  # In ticks of the instrument.
    quantity = Field(INT64, at=41, id=32)  # In lots of the instrument.

    def __init__(
        self,
        *,
        seq: int,
        time: int,
        index: int,
        instrument: int,
        flags: MarketFlags,
        trade_id: int,
        price: int,
        quantity: int,
    ) -> None:
        self._build(seq, time, index, instrument, flags, trade_id, price, quantity)


class MarketPhase(Message, schema=SCHEMA, template_id=100, block_length=26):
    """The instrument is in this phase from now on."""

    __slots__ = ()

    seq = Field(UINT64, at=0, id=10005)  # Position of a command in the one order; the first is 1.
    time = Field(INT64, at=8, id=60)  # Nanoseconds since 1970-01-01T00:00:00Z.
    index = Field(UINT32, at=16, id=10007)
    instrument = Field(UINT32, at=20, id=48)
    flags = Field(Flags(MarketFlags, UINT8), at=24, id=10090)
    phase = Field(Enumeration(TradingPhase, UINT8), at=25, id=625)

    def __init__(
        self, *, seq: int, time: int, index: int, instrument: int, flags: MarketFlags, phase: TradingPhase
    ) -> None:
        self._build(seq, time, index, instrument, flags, phase)


class AuctionResult(Message, schema=SCHEMA, template_id=101, block_length=41):
    """A crossed book was uncrossed; the trades follow."""

    __slots__ = ()

    seq = Field(UINT64, at=0, id=10005)  # Position of a command in the one order; the first is 1.
    time = Field(INT64, at=8, id=60)  # Nanoseconds since 1970-01-01T00:00:00Z.
    index = Field(UINT32, at=16, id=10007)
    instrument = Field(UINT32, at=20, id=48)
    flags = Field(Flags(MarketFlags, UINT8), at=24, id=10090)
    price = Field(INT64, at=25, id=31)  # In ticks of the instrument.
    volume = Field(INT64, at=33, id=10101)  # In lots of the instrument.

    def __init__(
        self, *, seq: int, time: int, index: int, instrument: int, flags: MarketFlags, price: int, volume: int
    ) -> None:
        self._build(seq, time, index, instrument, flags, price, volume)


class Indicative(Message, schema=SCHEMA, template_id=102, block_length=49):
    """What an auction would give at the end of this block; a null price: nothing."""

    __slots__ = ()

    seq = Field(UINT64, at=0, id=10005)  # Position of a command in the one order; the first is 1.
    time = Field(INT64, at=8, id=60)  # Nanoseconds since 1970-01-01T00:00:00Z.
    index = Field(UINT32, at=16, id=10007)
    instrument = Field(UINT32, at=20, id=48)
    flags = Field(Flags(MarketFlags, UINT8), at=24, id=10090)
    price = Field(Optional(INT64, null=-9223372036854775808), at=25, id=44)  # Null for none: a market order's.
    volume = Field(INT64, at=33, id=10101)  # In lots of the instrument.
    surplus = Field(INT64, at=41, id=10102)  # to buy, or negative to sell

    def __init__(
        self,
        *,
        seq: int,
        time: int,
        index: int,
        instrument: int,
        flags: MarketFlags,
        price: int | None = None,
        volume: int,
        surplus: int,
    ) -> None:
        self._build(seq, time, index, instrument, flags, price, volume, surplus)


class Statistics(Message, schema=SCHEMA, template_id=103, block_length=73):
    """Of the day so far."""

    __slots__ = ()

    seq = Field(UINT64, at=0, id=10005)  # Position of a command in the one order; the first is 1.
    time = Field(INT64, at=8, id=60)  # Nanoseconds since 1970-01-01T00:00:00Z.
    index = Field(UINT32, at=16, id=10007)
    instrument = Field(UINT32, at=20, id=48)
    flags = Field(Flags(MarketFlags, UINT8), at=24, id=10090)
    open = Field(Optional(INT64, null=-9223372036854775808), at=25, id=1025)  # Null for none: a market order's.
    high = Field(Optional(INT64, null=-9223372036854775808), at=33, id=332)  # Null for none: a market order's.
    low = Field(Optional(INT64, null=-9223372036854775808), at=41, id=333)  # Null for none: a market order's.
    last = Field(Optional(INT64, null=-9223372036854775808), at=49, id=31)  # Null for none: a market order's.
    volume = Field(INT64, at=57, id=387)  # In lots of the instrument.
    trades = Field(UINT64, at=65, id=2490)

    def __init__(
        self,
        *,
        seq: int,
        time: int,
        index: int,
        instrument: int,
        flags: MarketFlags,
        open: int | None = None,
        high: int | None = None,
        low: int | None = None,
        last: int | None = None,
        volume: int,
        trades: int,
    ) -> None:
        self._build(seq, time, index, instrument, flags, open, high, low, last, volume, trades)


TEMPLATES: Mapping[int, type[Message]] = {
    Command.TEMPLATE_ID: Command,
    Sequenced.TEMPLATE_ID: Sequenced,
    Event.TEMPLATE_ID: Event,
    BlockHeader.TEMPLATE_ID: BlockHeader,
    NewOrder.TEMPLATE_ID: NewOrder,
    CancelOrder.TEMPLATE_ID: CancelOrder,
    ReduceOrder.TEMPLATE_ID: ReduceOrder,
    ReplaceOrder.TEMPLATE_ID: ReplaceOrder,
    MassCancel.TEMPLATE_ID: MassCancel,
    NewOrderExtended.TEMPLATE_ID: NewOrderExtended,
    ConfigureSession.TEMPLATE_ID: ConfigureSession,
    DropCopy.TEMPLATE_ID: DropCopy,
    Connect.TEMPLATE_ID: Connect,
    Challenge.TEMPLATE_ID: Challenge,
    Logon.TEMPLATE_ID: Logon,
    Heartbeat.TEMPLATE_ID: Heartbeat,
    Refused.TEMPLATE_ID: Refused,
    Outcome.TEMPLATE_ID: Outcome,
    OpenSession.TEMPLATE_ID: OpenSession,
    CloseSession.TEMPLATE_ID: CloseSession,
    OpenEpoch.TEMPLATE_ID: OpenEpoch,
    Tick.TEMPLATE_ID: Tick,
    Logoff.TEMPLATE_ID: Logoff,
    QueryOutcome.TEMPLATE_ID: QueryOutcome,
    Accepted.TEMPLATE_ID: Accepted,
    Rejected.TEMPLATE_ID: Rejected,
    Filled.TEMPLATE_ID: Filled,
    Reduced.TEMPLATE_ID: Reduced,
    Cancelled.TEMPLATE_ID: Cancelled,
    Replaced.TEMPLATE_ID: Replaced,
    MassCancelled.TEMPLATE_ID: MassCancelled,
    SessionOpened.TEMPLATE_ID: SessionOpened,
    SessionClosed.TEMPLATE_ID: SessionClosed,
    InstrumentDefined.TEMPLATE_ID: InstrumentDefined,
    AcceptedExtended.TEMPLATE_ID: AcceptedExtended,
    Triggered.TEMPLATE_ID: Triggered,
    Refreshed.TEMPLATE_ID: Refreshed,
    PhaseChanged.TEMPLATE_ID: PhaseChanged,
    Uncrossed.TEMPLATE_ID: Uncrossed,
    Administered.TEMPLATE_ID: Administered,
    TradeBusted.TEMPLATE_ID: TradeBusted,
    DefineInstrument.TEMPLATE_ID: DefineInstrument,
    SetInstrumentRules.TEMPLATE_ID: SetInstrumentRules,
    SetPhase.TEMPLATE_ID: SetPhase,
    SchedulePhase.TEMPLATE_ID: SchedulePhase,
    ClearSchedule.TEMPLATE_ID: ClearSchedule,
    BustTrade.TEMPLATE_ID: BustTrade,
    SetLimits.TEMPLATE_ID: SetLimits,
    SetPosition.TEMPLATE_ID: SetPosition,
    SetKillSwitch.TEMPLATE_ID: SetKillSwitch,
    SetHalt.TEMPLATE_ID: SetHalt,
    EventRecord.TEMPLATE_ID: EventRecord,
    FollowRequest.TEMPLATE_ID: FollowRequest,
    FollowPosition.TEMPLATE_ID: FollowPosition,
    FollowEnded.TEMPLATE_ID: FollowEnded,
    MarketPacket.TEMPLATE_ID: MarketPacket,
    SnapshotPacket.TEMPLATE_ID: SnapshotPacket,
    MarketRequest.TEMPLATE_ID: MarketRequest,
    MarketRequestEnded.TEMPLATE_ID: MarketRequestEnded,
    InstrumentListed.TEMPLATE_ID: InstrumentListed,
    OrderAdded.TEMPLATE_ID: OrderAdded,
    OrderExecuted.TEMPLATE_ID: OrderExecuted,
    OrderReduced.TEMPLATE_ID: OrderReduced,
    OrderReplaced.TEMPLATE_ID: OrderReplaced,
    OrderRefreshed.TEMPLATE_ID: OrderRefreshed,
    OrderDeleted.TEMPLATE_ID: OrderDeleted,
    LevelChanged.TEMPLATE_ID: LevelChanged,
    Traded.TEMPLATE_ID: Traded,
    TradeBroken.TEMPLATE_ID: TradeBroken,
    MarketPhase.TEMPLATE_ID: MarketPhase,
    AuctionResult.TEMPLATE_ID: AuctionResult,
    Indicative.TEMPLATE_ID: Indicative,
    Statistics.TEMPLATE_ID: Statistics,
}


def decode(buffer: Buffer, offset: int = 0) -> Message:
    """The message whose header is at `offset`, read in place. Raises `CodecError`."""
    return SCHEMA.decode(buffer, offset)
