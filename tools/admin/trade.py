"""`seriatim admin trade`: trades that should not have been."""

import click

from seriatim.engine import BustTrade
from seriatim.tools.admin.answer import carried_out
from seriatim.tools.parameters import Whole


@click.group("trade", short_help="Trades: bust.")
def command() -> None:
    """Trades that should not have been."""


@command.command("bust", short_help="Voids a trade.")
@click.argument("trade_id", type=Whole(0, 2**64 - 1))
@carried_out
def bust_command(trade_id: int) -> BustTrade:
    """Voids the trade TRADE_ID, which both parties' fills name. Both are told, and their positions are put back.

    Orders and the last price stay as they are. The venue remembers the last 65,536 trades.

    \b
    Examples:
      seriatim admin trade bust 4711
    """
    return BustTrade(trade_id)
