"""Random sessions, drawn so that things meet: few prices, few accounts, few instruments, few ids.

One vocabulary for both who draw: Hypothesis, which shrinks what it finds, and the soak, which draws by the million.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from enum import Enum
from typing import Any, Protocol

from seriatim.engine import (
    BustTrade,
    CancelOrder,
    ClearSchedule,
    Command,
    ConfigureSession,
    DropCopy,
    Event,
    Instrument,
    MassCancel,
    NewOrder,
    ReduceOrder,
    ReplaceOrder,
    SchedulePhase,
    SetHalt,
    SetInstrumentRules,
    SetKillSwitch,
    SetLimits,
    SetPhase,
    SetPosition,
    command_body,
)
from seriatim.schemas import SessionEnd

SECOND = 1_000_000_000
MILLISECOND = 1_000_000
HUGE = [0, -1, 10**12, 10**12 + 1, 2**63 - 1, -(2**63) + 1]


class Chooser(Protocol):
    """Who draws."""

    def among(self, values: Sequence[Any]) -> Any:
        """One of them, the first being the simplest."""
        ...

    def number(self, least: int, most: int) -> int:
        """A whole number in this range."""
        ...


@dataclass(frozen=True)
class Step:
    """What one frame holds: a command, typed or as bytes, the end of a session, or a tick (None)."""

    what: Command | bytes | SessionEnd | None
    session: int = 7
    after_ns: int = 0
    """How long after the last one."""
    due_in_ns: int | None = None
    """When, from then on, its order expires or its phase is set; None if it says so itself."""
    times: int = 1
    """How often: orders and instruments get ids of their own."""


def perform(engine: Any, step: Step, now_ns: int) -> list[Event]:
    """Has an engine do it."""
    match step.what:
        case None:
            return engine.tick(now_ns)
        case SessionEnd():
            return engine.session_closed(step.session, step.what)
        case bytes():
            return engine.execute_bytes(step.session, step.what, now_ns)
    command = step.what
    if step.due_in_ns is not None:
        field = "time_ns" if isinstance(command, SchedulePhase) else "expire_time_ns"
        command = replace(command, **{field: now_ns + step.due_in_ns})
    events = []
    for turn in range(step.times):
        events += engine.apply(step.session, numbered(command, turn), now_ns)
    return events


def numbered(command: Any, turn: int) -> Any:
    """The command as it is said for the n-th time in one step."""
    if turn and isinstance(command, NewOrder):
        return replace(command, cl_ord_id=(command.cl_ord_id + 100 + turn) % 2**64)
    return replace(command, id=command.id + turn) if turn and isinstance(command, Instrument) else command


def rarely(c: Chooser, usual: Sequence[Any], hostile: Sequence[Any]) -> Any:
    """Values that make sense nearly always."""
    return c.among(hostile) if c.number(0, 79) == 79 else c.among(usual)


def price(c: Chooser) -> int:
    return rarely(c, [100, 99, 101, 98, 102, 97, 103], HUGE)


def quantity(c: Chooser) -> int:
    return rarely(c, [1, 2, 3, 5, 8], [*HUGE, 1000, 1001])


def maybe(c: Chooser, draw: Callable[[Chooser], int], odds: int) -> int | None:
    """A value once in so many times, and none otherwise."""
    return draw(c) if c.number(0, odds - 1) == odds - 1 else None


def name(c: Chooser) -> int:
    return rarely(c, [1, 2, 3, 4, 5, 6, 7, 8, 101, 400], [0, 2**64 - 1])


def instrument(c: Chooser) -> int:
    return rarely(c, [1, 1, 1, 2], [0, 3, 77, 2**32 - 1])


def every(c: Chooser) -> int | None:
    """An instrument, or all."""
    return None if c.number(0, 2) == 2 else instrument(c)


def scope(c: Chooser) -> dict[str, int]:
    kind = rarely(c, [1, 2], [0, 3, 255])
    return {"scope": kind, "id": rarely(c, [7, 8, 9] if kind == 1 else [5, 6], [0, 2**32 - 1])}


def plain_order(c: Chooser) -> NewOrder:
    return NewOrder(
        name(c),
        instrument(c),
        rarely(c, [1, 2], [0, 3, 255]),
        quantity(c),
        price(c),
        rarely(c, [2], [0, 1, 3, 4, 5]),
        rarely(c, [1, 1, 1, 0, 3, 4], [2, 5, 6, 255]),
        c.among([0, 0, 5, 6]),
    )


def rich_order(c: Chooser) -> NewOrder:
    """With attributes that may or may not fit each other."""
    order = replace(
        plain_order(c),
        time_in_force=rarely(c, [1, 1, 0, 6, 6, 3, 4], [2, 5, 255]),
        self_trade_group=c.among([0, 0, 0, 3]),
        self_trade_prevention=rarely(c, [0, 1, 2, 3, 4, 4], [5, 255]),
        display_quantity=maybe(c, lambda c: rarely(c, [1, 2], HUGE), 4),
        minimum_quantity=maybe(c, lambda c: rarely(c, [1, 3], HUGE), 15),
        post_only=c.number(0, 9) == 9,
    )
    if order.display_quantity:
        order = replace(order, quantity=rarely(c, [5, 8, 13], HUGE), time_in_force=c.among([1, 0, 6]))
    return order


def market_order(c: Chooser) -> NewOrder:
    return replace(rich_order(c), ord_type=1, price=None, display_quantity=None, post_only=False)


def stop_order(c: Chooser) -> NewOrder:
    order = replace(rich_order(c), stop_price=price(c), minimum_quantity=None, post_only=False)
    if c.number(0, 1):
        return replace(order, ord_type=4)
    return replace(order, ord_type=3, price=None, display_quantity=None)


def rules(c: Chooser) -> SetInstrumentRules:
    """Mostly wide ones, so that orders still meet."""
    return SetInstrumentRules(
        instrument=instrument(c),
        band_low=maybe(c, lambda c: rarely(c, [97, 98], HUGE), 4),
        band_high=maybe(c, lambda c: rarely(c, [103, 102], HUGE), 4),
        collar=maybe(c, lambda c: rarely(c, [3, 2, 4, 1], HUGE), 3),
        reference_price=maybe(c, price, 2),
        order_quantity_max=maybe(c, lambda c: rarely(c, [13, 7], HUGE), 5),
        order_value_max=maybe(c, lambda c: rarely(c, [2_000, 800], HUGE), 5),
    )


def limits(c: Chooser) -> SetLimits:
    """The same."""
    rated = c.number(0, 4) == 4
    return SetLimits(
        **scope(c),
        order_quantity_max=maybe(c, lambda c: rarely(c, [13, 7], HUGE), 5),
        order_value_max=maybe(c, lambda c: rarely(c, [2_000, 800], HUGE), 5),
        position_max=maybe(c, lambda c: rarely(c, [40, 20, 10], HUGE), 3),
        rate_interval_ns=rarely(c, [MILLISECOND, SECOND], HUGE) if rated else 0,
        messages_max=rarely(c, [5, 10, 20], [None, 0]) if rated else None,
        open_orders_max=maybe(c, lambda c: c.among([8, 4, 0]), 4),
        cancel_on=0 if c.number(0, 2) else rarely(c, [1, 2, 3], [4, 255]),
    )


def position(c: Chooser) -> SetPosition:
    return SetPosition(**scope(c), instrument=instrument(c), position=rarely(c, [0, 3, -3], [10**15 + 1, *HUGE]))


def definition(c: Chooser) -> Instrument:
    return Instrument(c.among([3, 1, 2, 0]), "OAK", Decimal(c.among(["0.01", "1"])), Decimal(1))


def phase(c: Chooser) -> int:
    return rarely(c, [4, 4, 4, 4, 4, 4, 4, 4, 3, 3, 6, 2, 1, 5], [0, 7, 255])


def replacement(c: Chooser) -> ReplaceOrder:
    """Mostly under the same name."""
    old = name(c)
    return ReplaceOrder(name(c) if c.number(0, 3) == 3 else old, old, price(c), rarely(c, [5, 1, 2, 3, 8, 13], HUGE))


ORDERS: list[tuple[int, Callable[[Chooser], Command]]] = [
    (25, plain_order),
    (30, rich_order),
    (8, market_order),
    (16, stop_order),
    (10, lambda c: CancelOrder(name(c))),
    (8, lambda c: ReduceOrder(name(c), rarely(c, [1, 2, 3], HUGE))),
    (24, replacement),
    (1, lambda c: MassCancel(every(c), rarely(c, [0, 1, 2], [3]), maybe(c, lambda c: c.among([5, 0]), 3))),
]
CONTROLS: list[tuple[int, Callable[[Chooser], Command]]] = [
    (16, lambda c: SetPhase(phase(c), every(c))),
    (4, lambda c: SchedulePhase(instrument(c), phase(c), c.among(HUGE), rarely(c, [0, SECOND], [1, *HUGE]))),
    (9, lambda c: SetHalt(every(c), c.among([False, False, True]))),
    (1, lambda c: ClearSchedule(instrument(c))),
    (4, rules),
    (5, limits),
    (3, position),
    (5, lambda c: SetKillSwitch(**scope(c), engaged=c.number(0, 9) == 9)),
    (3, lambda c: ConfigureSession(rarely(c, [0, 1, 2, 3], [4, 255]))),
    (3, lambda c: BustTrade(rarely(c, list(range(1, 12)), [0, 2**64 - 1]))),
    (1, lambda _: DropCopy(8)),
    (1, definition),
]
ORDER_MAKERS = [make for weight, make in ORDERS for _ in range(weight)]
CONTROL_MAKERS = [make for weight, make in CONTROLS for _ in range(weight)]
MOODS = [30, 8, 3]
"""One command in so many is an operator's."""


def command(c: Chooser, mood: int) -> Command:
    return c.among(CONTROL_MAKERS if c.number(1, mood) == mood else ORDER_MAKERS)(c)


def step(c: Chooser, mood: int) -> Step:
    """Anything at all."""
    session, after = c.among([7, 8, 7, 8, 9]), c.among([0, 0, 0, 0, 1, 2, 5, MILLISECOND, SECOND])
    kind = c.number(0, 99)
    if kind >= 94:
        return Step(None, after_ns=after)
    if kind == 93:
        return Step(SessionEnd(c.among(list(map(int, SessionEnd)))), session)
    if kind == 92:
        return Step(spoiled(c, mood), session, after)
    made = command(c, mood)
    due = None
    if isinstance(made, SchedulePhase) or (isinstance(made, NewOrder) and made.time_in_force == 6):
        due = rarely(c, [1, 2, 5, 10, MILLISECOND, SECOND], [0, -1])
    return Step(made, session, after, due, times(c, made))


def times(c: Chooser, made: Command) -> int:
    """Once, nearly always; or so often that work comes in pieces."""
    crowds = [20, 255, 256, 257, 300, 520]
    if isinstance(made, NewOrder) and c.number(0, 299) == 299:
        return c.among(crowds)
    return c.among(crowds) if isinstance(made, Instrument) and c.number(0, 29) == 29 else 1


def spoiled(c: Chooser, mood: int) -> bytes:
    """The bytes of a command, of which one is another, or some are missing."""
    try:
        body = bytearray(command_body(command(c, mood)))
    except ValueError:
        return b""
    body[c.number(0, len(body) - 1)] = c.number(0, 255)
    return bytes(body[: len(body) - c.among([0, 0, 0, 1, 4, 8])])


def source(value: Any) -> str:
    """Python source of a step, from which `eval` makes it again."""
    if isinstance(value, Enum):
        kept = isinstance(value, SessionEnd)
        return f"SessionEnd({int(value.value)})" if kept else str(int(value.value))
    if is_dataclass(value):
        inside = ", ".join(f"{field.name}={source(getattr(value, field.name))}" for field in fields(value))
        return f"{type(value).__name__}({inside})"
    return repr(value)
