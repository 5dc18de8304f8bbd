"""A venue's settings for machines: numbers as the bus has them, prices in ticks, quantities in lots."""

from dataclasses import asdict
from typing import Any

from seriatim.engine.settings import InstrumentSettings, OwnerSettings
from seriatim.schemas.plain import plain
from seriatim.sequencer.settings import VenueSettings


def as_json_object(settings: VenueSettings) -> dict[str, Any]:
    """Everything, in values that JSON has: enums by name, choices as lists of names, sizes as text."""
    engine = settings.engine
    return plain(
        {
            "seq": settings.seq,
            "time_ns": settings.time_ns,
            "logic_version": engine.logic_version,
            "orders_max": engine.orders_max,
            "instruments": [_instrument(each) for each in engine.instruments],
            "limits": [_owner(each) for each in engine.owners],
            "sessions": [asdict(each) for each in settings.sessions],
        }
    )


def _instrument(settings: InstrumentSettings) -> dict[str, Any]:
    rules = asdict(settings.rules)
    del rules["instrument"]
    return {
        **asdict(settings.terms),
        "tick_size": str(settings.terms.tick_size),
        "lot_size": str(settings.terms.lot_size),
        "phase": settings.phase,
        "under_halt": settings.under_halt,
        "last_price": settings.last_price,
        "rules": rules,
        "schedule": [asdict(each) for each in settings.schedule],
    }


def _owner(settings: OwnerSettings) -> dict[str, Any]:
    """What limits it under the names of `SetLimits`, then what it uses."""
    return {
        **asdict(settings.limits),
        "killed": settings.killed,
        "own_cancel_on": settings.own_cancel_on,
        "open_orders": settings.open_orders,
        "messages": settings.messages,
        "window_start_ns": settings.window_start_ns,
        "holdings": [asdict(each) for each in settings.holdings],
    }
