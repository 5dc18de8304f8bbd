"""`seriatim admin session` and `account`: their kill switches."""

import click

from seriatim.engine import RiskScope, SetKillSwitch
from seriatim.tools.admin.answer import carried_out
from seriatim.tools.admin.values import ID

KILL = """Cancels all orders of {whose}, and takes no new ones until it is released.

This does not stop the person: {otherwise}. To shut a user out, take him from the node's list of users and start the
node again.

\b
Examples:
  seriatim admin {name} kill 7
"""
OTHERWISE = {
    RiskScope.SESSION: "the same user can open another session",
    RiskScope.ACCOUNT: "orders can name another account, or none, which is account 0 and cannot be killed",
}
RELEASE = """Takes new orders of {whose} again. What was cancelled stays so.

\b
Examples:
  seriatim admin {name} release 7
"""


def kill_switch_group(scope: RiskScope, whose: str) -> click.Group:
    """`kill` and `release` for sessions, or for accounts."""
    name = scope.name.lower()
    owner = click.argument("owner", metavar=name.upper(), type=ID)
    group = click.Group(
        name, help=f"The kill switch of {whose}.", short_help=f"The kill switch of {whose}: kill, release."
    )

    @group.command(
        "kill",
        short_help="Cancels all its orders and takes no more.",
        help=KILL.format(whose=whose, name=name, otherwise=OTHERWISE[scope]),
    )
    @owner
    @carried_out
    def kill_command(owner: int) -> SetKillSwitch:
        return SetKillSwitch(scope, owner, engaged=True)

    @group.command("release", short_help="Takes its orders again.", help=RELEASE.format(whose=whose, name=name))
    @owner
    @carried_out
    def release_command(owner: int) -> SetKillSwitch:
        return SetKillSwitch(scope, owner, engaged=False)

    return group
