"""`seriatim admin limits`: what a session or an account may do."""

import click

from seriatim.engine import CancelOn, RiskScope, SetLimits, SetPosition
from seriatim.tools.admin.answer import carried_out
from seriatim.tools.admin.values import COUNT, ID, LOTS, VALUE, CancelOnList, Rate
from seriatim.tools.admin.whom import some_or_none
from seriatim.tools.parameters import Whole

SCOPES = {scope.name.lower(): scope for scope in RiskScope}
SCOPE = click.argument("scope", metavar="session|account", type=click.Choice(list(SCOPES)))
OWNER = click.argument("owner", metavar="ID", type=ID)
POSITION_MAX = 10**15


@click.group("limits", short_help="Of sessions and accounts: set, position.")
def command() -> None:
    """Limits of sessions and accounts, looked at before an order reaches the book.

    There are none of a user, who can open another session, and accounts are what orders say. Account 0, that of orders
    that name none, cannot be limited.
    """


@command.command("set", short_help="Replaces all limits of a session or an account.")
@SCOPE
@OWNER
@click.option("--max-quantity", type=LOTS, help="Of one order, in lots.")
@click.option("--max-value", type=VALUE, help="Of one order: its price in ticks times its lots.")
@click.option("--max-position", type=LOTS, help="Long or short in each instrument, with open orders filled, in lots.")
@click.option("--max-open-orders", type=COUNT, help="That rest in books or wait for their stop price.")
@click.option("--rate", type=Rate(), metavar="N/TIME", help="New and replaced orders in a time, such as 100/1s.")
@click.option("--cancel-on", type=CancelOnList(), metavar="WHEN", help="disconnect, logoff or both; sessions only.")
@click.option("--none", "none", is_flag=True, help="No limits at all.")
@carried_out
def set_command(
    *,
    scope: str,
    owner: int,
    max_quantity: int | None,
    max_value: int | None,
    max_position: int | None,
    max_open_orders: int | None,
    rate: tuple[int, int] | None,
    cancel_on: CancelOn | None,
    none: bool,
) -> SetLimits:
    """Replaces all limits of a session or an account: what is left out is not limited any more.

    An order must keep the limits of its session and of its account. --cancel-on says when all orders of the session are
    cancelled; a client can ask for that itself too.

    \b
    Examples:
      seriatim admin limits set session 7 --max-quantity 1000 --rate 100/1s \\
          --cancel-on disconnect,logoff
      seriatim admin limits set account 7 --max-position 5000
      seriatim admin limits set session 7 --none
    """
    some_or_none(none, max_quantity, max_value, max_position, max_open_orders, rate, cancel_on)
    messages, interval_ns = rate or (None, 0)
    return SetLimits(
        SCOPES[scope],
        owner,
        order_quantity_max=max_quantity,
        order_value_max=max_value,
        position_max=max_position,
        rate_interval_ns=interval_ns,
        messages_max=messages,
        open_orders_max=max_open_orders,
        cancel_on=CancelOn(0) if cancel_on is None else cancel_on,
    )


@command.command("position", short_help="Says where a position stands.")
@SCOPE
@OWNER
@click.option("--instrument", type=ID, required=True, help="In which instrument.")
@click.option(
    "--position",
    type=Whole(-POSITION_MAX, POSITION_MAX),
    required=True,
    help="Lots bought less lots sold; short is below 0.",
)
@carried_out
def position_command(scope: str, owner: int, instrument: int, position: int) -> SetPosition:
    """Says where the position of a session or an account stands in an instrument; trades move it from there.

    \b
    Examples:
      seriatim admin limits position account 7 --instrument 1 --position -200
    """
    return SetPosition(SCOPES[scope], owner, instrument, position)
