"""`seriatim admin halt`: trading stops at once, and goes on."""

import click

from seriatim.engine import SetHalt
from seriatim.tools.admin.answer import carried_out
from seriatim.tools.admin.values import ID
from seriatim.tools.admin.whom import one_or_all


@click.command("halt", short_help="Stops trading at once, or goes on.")
@click.argument("instrument", type=ID, required=False)
@click.option("--all", "all_instruments", is_flag=True, help="Every instrument.")
@click.option("--resume", is_flag=True, help="The halt ends.")
@carried_out
def command(instrument: int | None, all_instruments: bool, resume: bool) -> SetHalt:
    """Stops trading in an INSTRUMENT, or with --all in every one: its phase is halt. Orders stay, and can be cancelled.

    Only --resume ends it. Phases that are set or scheduled meanwhile come under the halt, and the instrument goes on in
    the last of them. To reopen with an auction, set that phase first, then --resume.

    A node with --logic-version 3 or lower refuses this: there, set the phase halt.

    \b
    Examples:
      seriatim admin halt 1
      seriatim admin halt --all
      seriatim admin instrument phase 1 opening-auction
      seriatim admin halt 1 --resume
    """
    return SetHalt(one_or_all(instrument, all_instruments), on=not resume)
