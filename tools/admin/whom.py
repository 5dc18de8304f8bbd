"""Whom a command of `seriatim admin` is about."""

from typing import Any

import click

from seriatim.tools.admin.values import ID

INSTRUMENT = click.argument("instrument", type=ID)


def one_or_all(instrument: int | None, all_instruments: bool) -> int | None:
    """The instrument, or None for all. Raises UsageError unless it is said which of them."""
    if all_instruments is (instrument is not None):
        raise click.UsageError("name an INSTRUMENT, or say --all.")
    return instrument


def some_or_none(none: bool, *values: Any) -> None:
    """Raises UsageError unless there is a value or `--none`: a command without options would take all limits away."""
    if none is any(value is not None for value in values):
        raise click.UsageError("say what to set, or --none; all that is left out is taken away.")
