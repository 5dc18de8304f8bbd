"""`seriatim admin halt`: trading stops at once, and goes on."""

import click

from seriatim.engine import EndHalt, SetPhase, TradingPhase
from seriatim.tools.admin.answer import carried_out
from seriatim.tools.admin.values import ID
from seriatim.tools.admin.whom import one_or_all


@click.command("halt", short_help="Stops trading at once, or goes on.")
@click.argument("instrument", type=ID, required=False)
@click.option("--all", "all_instruments", is_flag=True, help="Every instrument.")
@click.option("--resume", is_flag=True, help="The halt ends.")
@carried_out
def command(instrument: int | None, all_instruments: bool, resume: bool) -> SetPhase | EndHalt:
    """Stops trading in an INSTRUMENT, or with --all in every one: its phase is halt. Orders stay, and can be cancelled.

    Phases that are set or scheduled meanwhile come under the halt; only --resume ends it, in the phase that the
    instrument would be in without it. To reopen with an auction, set that phase first, then --resume.

    \b
    Examples:
      seriatim admin halt 1
      seriatim admin halt --all
      seriatim admin instrument phase 1 opening-auction
      seriatim admin halt 1 --resume
    """
    whose = one_or_all(instrument, all_instruments)
    return EndHalt(whose) if resume else SetPhase(TradingPhase.HALT, whose)
