"""The matching engine: price-time priority for any number of instruments, deterministic, native, without the bus.

`Engine` is the native one, `reference.ReferenceEngine` the same in plain Python, which judges it.
"""

from seriatim.engine.commands import (
    ALL_INSTRUMENTS,
    COMMAND,
    NO_PRICE,
    CancelOrder,
    Command,
    CommandKind,
    Instrument,
    MassCancel,
    NewOrder,
    ReduceOrder,
    ReplaceOrder,
    command_row,
)
from seriatim.engine.engine import LEVEL, LOGIC_VERSION, ORDERS_MAX, Engine
from seriatim.engine.errors import ArrayError, EngineError, EngineFault, FieldOutOfRangeError
from seriatim.engine.events import (
    EVENT,
    Accepted,
    Cancelled,
    Event,
    EventKind,
    Filled,
    InstrumentDefined,
    MassCancelled,
    Party,
    Reduced,
    Rejected,
    Replaced,
    events_of,
)
from seriatim.engine.queue import QUEUED, QueuePosition
from seriatim.schemas import CancelReason, Liquidity, OptionalSide, OrdType, RejectReason, Side, TimeInForce

__all__ = [
    "ALL_INSTRUMENTS",
    "COMMAND",
    "EVENT",
    "LEVEL",
    "LOGIC_VERSION",
    "NO_PRICE",
    "ORDERS_MAX",
    "QUEUED",
    "Accepted",
    "ArrayError",
    "CancelOrder",
    "CancelReason",
    "Cancelled",
    "Command",
    "CommandKind",
    "Engine",
    "EngineError",
    "EngineFault",
    "Event",
    "EventKind",
    "FieldOutOfRangeError",
    "Filled",
    "Instrument",
    "InstrumentDefined",
    "Liquidity",
    "MassCancel",
    "MassCancelled",
    "NewOrder",
    "OptionalSide",
    "OrdType",
    "Party",
    "QueuePosition",
    "ReduceOrder",
    "Reduced",
    "RejectReason",
    "Rejected",
    "ReplaceOrder",
    "Replaced",
    "Side",
    "TimeInForce",
    "command_row",
    "events_of",
]
