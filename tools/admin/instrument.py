"""`seriatim admin instrument`: what is traded, by which rules, and when."""

from datetime import UTC, datetime, tzinfo
from decimal import Decimal

import click

from seriatim.engine import (
    ClearSchedule,
    Instrument,
    SchedulePhase,
    SetInstrumentRules,
    SetPhase,
    TradingPhase,
)
from seriatim.tools.admin.answer import carried_out
from seriatim.tools.admin.values import ID, LOTS, Phase, Price, Symbol, Zone, next_time_ns, ticks, ticks_times_lots
from seriatim.tools.admin.whom import INSTRUMENT, one_or_all, some_or_none
from seriatim.tools.admin.words import HOUR_NS

DAY_NS, WEEK_NS = 24 * HOUR_NS, 168 * HOUR_NS


@click.group("instrument", short_help="Instruments: define, rules, phase, schedule.")
def command() -> None:
    """Instruments: what is traded, by which rules, and when.

    \b
    Examples:
      seriatim admin instrument define 1 OAK --tick-size 0.01 --lot-size 1
      seriatim admin instrument rules 1 --band 9000 11000 --collar 250
      seriatim admin instrument phase 1 opening-auction
    """


@command.command("define", short_help="Opens an instrument for trading.")
@INSTRUMENT
@click.argument("symbol", type=Symbol())
@click.option("--tick-size", type=Price(), required=True, help="What one tick of a price is worth.")
@click.option("--lot-size", type=Price(), required=True, help="What one lot of a quantity is worth.")
@carried_out
def define_command(instrument: int, symbol: str, tick_size: Decimal, lot_size: Decimal) -> Instrument:
    """Opens an instrument: INSTRUMENT is its number, SYMBOL its name of up to 16 letters. It begins as continuous.

    The same terms again change nothing; other terms for the same number are rejected.

    \b
    Examples:
      seriatim admin instrument define 1 OAK --tick-size 0.01 --lot-size 1
    """
    return Instrument(instrument, symbol, tick_size, lot_size)


@command.command("rules", short_help="Price band, collar and maxima of its orders.")
@INSTRUMENT
@click.option("--band", type=(Price(), Price()), metavar="LOW HIGH", help="No order may have a price outside.")
@click.option("--collar", type=Price(), help="No order trades further than this from the last price.")
@click.option("--reference-price", type=Price(), help="What the collar is around until there is a last price.")
@click.option("--max-quantity", type=LOTS, help="Of one order, in lots.")
@click.option("--max-value", type=Price(), help="Of one order: its price in ticks times its lots.")
@click.option("--tick-size", type=Price(), help="The instrument's: prices are then in its currency.")
@click.option("--lot-size", type=Price(), help="The instrument's: with --tick-size --max-value is in its currency.")
@click.option("--none", "none", is_flag=True, help="No rules at all.")
@carried_out
def rules_command(
    *,
    instrument: int,
    band: tuple[Decimal, Decimal] | None,
    collar: Decimal | None,
    reference_price: Decimal | None,
    max_quantity: int | None,
    max_value: Decimal | None,
    tick_size: Decimal | None,
    lot_size: Decimal | None,
    none: bool,
) -> SetInstrumentRules:
    """Replaces all rules of an INSTRUMENT: what is left out is not looked at any more.

    Prices are in ticks, whole numbers, unless --tick-size says what one tick is worth. --max-value needs --lot-size
    then, and is rounded down to whole ticks × lots; quantities are lots with it too. What was set is told in ticks.

    \b
    Examples:
      seriatim admin instrument rules 1 --band 9000 11000 --collar 250
      seriatim admin instrument rules 1 --tick-size 0.01 --band 90.00 110.00 \\
          --collar 2.50 --reference-price 100 --max-quantity 10000
      seriatim admin instrument rules 1 --tick-size 0.01 --lot-size 100 \\
          --max-value 250000
      seriatim admin instrument rules 1 --none
    """
    some_or_none(none, band, collar, reference_price, max_quantity, max_value)
    if lot_size is not None and tick_size is None:
        raise click.UsageError("--lot-size goes with --tick-size: without it a value is in ticks × lots.")

    def as_ticks(option: str, price: Decimal | None) -> int | None:
        return None if price is None else ticks(price, tick_size, option)

    low, high = band or (None, None)
    return SetInstrumentRules(
        instrument=instrument,
        band_low=as_ticks("--band", low),
        band_high=as_ticks("--band", high),
        collar=as_ticks("--collar", collar),
        reference_price=as_ticks("--reference-price", reference_price),
        order_quantity_max=max_quantity,
        order_value_max=None if max_value is None else ticks_times_lots(max_value, tick_size, lot_size),
    )


@command.command("phase", short_help="Sets the trading phase now.")
@click.argument("words", nargs=-1, required=True, metavar="[INSTRUMENT] PHASE")
@click.option("--all", "all_instruments", is_flag=True, help="Of every instrument.")
@carried_out
def phase_command(words: tuple[str, ...], all_instruments: bool) -> SetPhase:
    """Sets the trading PHASE of an INSTRUMENT, or with --all of every one.

    \b
      closed           orders are only cancelled; Day orders go
      pre-open         orders are collected
      opening-auction  orders are collected; they trade when it ends
      continuous       orders trade as they come
      halt             orders are only cancelled; a break until the next phase
      closing-auction  as opening-auction

    The auctions end when another phase is set: what can trade does, at one price; not if that phase is halt.

    \b
    Examples:
      seriatim admin instrument phase 1 opening-auction
      seriatim admin instrument phase --all continuous
    """
    *named, phase = words
    if len(named) > 1:
        raise click.UsageError("name one INSTRUMENT and one PHASE.")
    instrument = ID(named[0]) if named else None
    return SetPhase(Phase()(phase), one_or_all(instrument, all_instruments))


@command.command("schedule", short_help="Sets the trading phase later, or every day.")
@INSTRUMENT
@click.option("--at", metavar="TIME", help="09:00 for the next such time, or 2026-01-05T09:00.")
@click.option("--phase", type=Phase(), help="The phase that it will be in then.")
@click.option("--daily", is_flag=True, help="And every 24 hours from then on.")
@click.option("--weekly", is_flag=True, help="And every 7 × 24 hours from then on.")
@click.option("--zone", type=Zone(), default="UTC", show_default=True, help="Whose time that is.")
@click.option("--clear", is_flag=True, help="Forget all that is scheduled for the instrument.")
@carried_out
def schedule_command(
    *,
    instrument: int,
    at: str | None,
    phase: TradingPhase | None,
    daily: bool,
    weekly: bool,
    zone: tzinfo,
    clear: bool,
) -> SchedulePhase | ClearSchedule:
    """Has the node set the phase of an INSTRUMENT when its time comes, once, daily or weekly. Up to 64 each instrument.

    A day is 24 hours: where clocks change, schedule anew. For weekdays alone use --weekly for each of them.

    \b
    Examples:
      seriatim admin instrument schedule 1 --at 09:00 --phase opening-auction \\
          --daily
      seriatim admin instrument schedule 1 --at 2030-01-07T17:30 --weekly \\
          --phase closed --zone Europe/London
      seriatim admin instrument schedule 1 --clear
    """
    if clear:
        if at or phase or daily or weekly:
            raise click.UsageError("--clear goes alone: first clear, then schedule anew.")
        return ClearSchedule(instrument)
    if at is None or phase is None:
        raise click.UsageError("say --at which time and to which --phase, or --clear.")
    if daily and weekly:
        raise click.UsageError("say --daily or --weekly, not both.")
    interval_ns = DAY_NS if daily else WEEK_NS if weekly else 0
    return SchedulePhase(instrument, phase, next_time_ns(at, zone, datetime.now(UTC)), interval_ns)
