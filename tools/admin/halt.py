"""`seriatim admin halt`: trading stops at once, and goes on."""

import click

from seriatim.engine import SetPhase, TradingPhase
from seriatim.tools.admin.answer import carried_out
from seriatim.tools.admin.values import ID
from seriatim.tools.admin.whom import one_or_all


@click.command("halt", short_help="Stops trading at once, or goes on.")
@click.argument("instrument", type=ID, required=False)
@click.option("--all", "all_instruments", is_flag=True, help="Every instrument.")
@click.option("--resume", is_flag=True, help="Trading goes on: the phase is continuous, whatever it was before.")
@carried_out
def command(instrument: int | None, all_instruments: bool, resume: bool) -> SetPhase:
    """Stops trading in an INSTRUMENT, or with --all in every one: its phase is halt. Orders stay, and can be cancelled.

    A scheduled phase ends a halt when its time comes: clear the schedule first.

    --resume puts it into continuous, whatever phase it was in before the halt, with --all also instruments that were
    closed; a crossed book is uncrossed at once. For another phase, an auction first, use `instrument phase`.

    \b
    Examples:
      seriatim admin halt 1
      seriatim admin halt --all
      seriatim admin instrument schedule 1 --clear
      seriatim admin halt 1 --resume
    """
    phase = TradingPhase.CONTINUOUS if resume else TradingPhase.HALT
    return SetPhase(phase, one_or_all(instrument, all_instruments))
