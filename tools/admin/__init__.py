"""`seriatim admin`: what an operator tells a running node."""

import click

from seriatim.engine import RiskScope
from seriatim.tools.admin import halt, instrument, limits, show, trade
from seriatim.tools.admin.kill_switch import kill_switch_group


@click.group("admin")
def command() -> None:
    """Tells a running node what an operator wants: instruments, phases, limits, halts, kill switches.

    Each command logs on, sends one command into the order, waits for the answer and prints it. It needs the venue's key
    or that of a user with the role `administer`; on a node without keys nothing. What the venue rejects is said with
    its reason, and exit code 1. `show` alone reads the journal instead, and says what is set.

    Limits and kill switches stop a session or an account, not the person: docs/ADMIN.md says how to shut a user out.

    \b
    Examples:
      seriatim admin instrument define 1 OAK --tick-size 0.01 --lot-size 1
      seriatim admin limits set session 7 --max-quantity 1000 --rate 100/1s
      seriatim admin halt --all
      seriatim admin session kill 7 --user control --key-file control.key
      seriatim admin show my-journal
    """


command.add_command(instrument.command)
command.add_command(limits.command)
command.add_command(kill_switch_group(RiskScope.SESSION, "a session"))
command.add_command(kill_switch_group(RiskScope.ACCOUNT, "an account"))
command.add_command(halt.command)
command.add_command(trade.command)
command.add_command(show.command)
