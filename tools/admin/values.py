"""What options and arguments of `seriatim admin` take, beyond numbers."""

import re
from datetime import UTC, datetime, time, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import click

from seriatim.engine import CancelOn, TradingPhase
from seriatim.tools.admin.words import phase_name
from seriatim.tools.parameters import Whole

ID_MAX = 2**32 - 2
"""Of instruments, sessions and accounts; the schema's null is one above."""
COUNT_MAX = 2**32 - 2
INT64_MAX = 2**63 - 1
"""Of ticks, lots, values and nanoseconds."""
DIGITS_MAX, EXPONENT_MIN, EXPONENT_MAX = 19, -128, 127
"""Of a price or a size: what the schema's decimals hold."""
SYMBOL_LETTERS_MAX = 16

ID = Whole(0, ID_MAX)
LOTS = Whole(1, INT64_MAX)
VALUE = Whole(1, INT64_MAX)
COUNT = Whole(0, COUNT_MAX)

PHASES = {phase_name(phase): phase for phase in TradingPhase}
CANCEL_ON = {event.name.lower(): event for event in CancelOn if event.name}
UNITS_NS = {"ms": 10**6, "s": 10**9, "min": 60 * 10**9, "h": 3_600 * 10**9}


class Price(click.ParamType):
    """A positive decimal: ticks, or a price where the tick size is known."""

    name = "price"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        try:
            number = Decimal(value)
        except InvalidOperation:
            self.fail(f"{value!r} is not a valid number.", param, ctx)
        if not number.is_finite() or number <= 0:
            self.fail(f"{value!r} is not a number above 0.", param, ctx)
        _, digits, exponent = number.as_tuple()
        assert isinstance(exponent, int)
        if not EXPONENT_MIN <= exponent <= EXPONENT_MAX or len(digits) > DIGITS_MAX:
            self.fail(f"{value!r} is too large, too small or has too many digits.", param, ctx)
        if int("".join(map(str, digits))) > INT64_MAX:
            self.fail(f"{value!r} is too large.", param, ctx)
        return number


class Symbol(click.ParamType):
    """What an instrument is called."""

    name = "symbol"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not re.fullmatch(f"[!-~]{{1,{SYMBOL_LETTERS_MAX}}}", value):
            self.fail(f"{value!r} is not 1 to {SYMBOL_LETTERS_MAX} letters, digits and signs of ASCII.", param, ctx)
        return value


class Phase(click.Choice):
    """A trading phase by its name."""

    def __init__(self) -> None:
        super().__init__(list(PHASES))

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> TradingPhase:
        return PHASES[super().convert(value, param, ctx)]


class Rate(click.ParamType):
    """`100/1s`: so many messages in so long, as count and nanoseconds."""

    name = "rate"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        found = re.fullmatch(r"([0-9]{1,9})/([0-9]{1,9})(ms|s|min|h)", value)
        if found is None:
            self.fail(f"{value!r} is no rate; write it as 100/1s, with ms, s, min or h.", param, ctx)
        interval_ns = int(found[2]) * UNITS_NS[found[3]]
        if interval_ns > INT64_MAX:
            self.fail(f"{value!r} is of too long a time; 2562047h is the longest.", param, ctx)
        return int(found[1]), interval_ns


class CancelOnList(click.ParamType):
    """`disconnect,logoff`, or one of them."""

    name = "list"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> CancelOn:
        events = CancelOn(0)
        for name in value.split(","):
            if name not in CANCEL_ON:
                self.fail(f"{name!r} is none of {', '.join(CANCEL_ON)}.", param, ctx)
            events |= CANCEL_ON[name]
        return events


class Zone(click.ParamType):
    """A time zone by its name."""

    name = "zone"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tzinfo:
        if value == "UTC":
            return UTC  # also where there is no data of zones
        try:
            return ZoneInfo(value)
        except (OSError, ValueError, KeyError):
            self.fail(f"this machine knows no time zone {value!r}; name one such as UTC or Europe/London.", param, ctx)


def ticks(price: Decimal, tick_size: Decimal | None, option: str) -> int:
    """A price in ticks. Raises UsageError for one that is no whole number of them."""
    number = Fraction(price) / Fraction(tick_size or 1)  # exact, where a Decimal rounds or overflows
    if number.denominator != 1:
        of_what = "ticks; give --tick-size to write prices" if tick_size is None else f"ticks of {tick_size}"
        raise click.UsageError(f"{option} {price} is no whole number of {of_what}.")
    if number > INT64_MAX:
        raise click.UsageError(f"{option} {price} is too large.")
    return int(number)


def ticks_times_lots(value: Decimal, tick_size: Decimal | None, lot_size: Decimal | None) -> int:
    """What an order may be worth, in ticks × lots; with both sizes `value` is in the instrument's currency, and rounded
    down, which allows the same orders. Raises UsageError for one size alone, and for a value that cannot be.
    """
    if tick_size is not None and lot_size is None:
        raise click.UsageError("--max-value with --tick-size needs --lot-size too: what one lot is worth.")
    number = Fraction(value) / (Fraction(tick_size or 1) * Fraction(lot_size or 1))
    if tick_size is None and number.denominator != 1:
        raise click.UsageError(
            f"--max-value {value} is no whole number of ticks × lots; give --tick-size and --lot-size to write it in "
            "the instrument's currency."
        )
    if number < 1:
        raise click.UsageError(f"--max-value {value} is less than one tick of one lot.")
    if number > INT64_MAX:
        raise click.UsageError(f"--max-value {value} is too large.")
    return int(number)


def next_time_ns(text: str, zone: tzinfo, now: datetime) -> int:
    """The time that `--at` names, in nanoseconds since 1970: a time of day is the next such after `now`.

    Raises UsageError for what is neither a time of day nor a date with one.
    """
    try:
        if "T" in text or " " in text:
            when = datetime.fromisoformat(text)
            when = when if when.tzinfo else when.replace(tzinfo=zone)
        else:
            at = time.fromisoformat(text)
            zone = at.tzinfo or zone  # its own day may have begun, or not, where the other has not
            when = datetime.combine(now.astimezone(zone).date(), at, zone)
            when = when if when > now else when + timedelta(days=1)
        time_ns = round(when.timestamp() * 1_000_000) * 1_000
    except (ValueError, OverflowError):
        raise click.UsageError(f"--at {text!r} is neither 09:00, or 09:00:30, nor 2026-01-05T09:00.") from None
    if not 0 <= time_ns <= INT64_MAX:
        raise click.UsageError(f"--at {text!r} is not between the years 1970 and 2262.")
    return time_ns
