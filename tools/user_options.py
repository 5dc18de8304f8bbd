"""The options that say who may reach a node or a recorder."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from seriatim.tools.parameters import Named

F = TypeVar("F", bound=Callable[..., Any])
FILE = Named(exists=True, dir_okay=False)


def user_options(whom: str) -> Callable[[F], F]:
    """`--key-file` and `--users` for a command that lets in `whom`."""
    key_file = click.option(
        "--key-file",
        type=FILE,
        help=f"File with the operator's key (`seriatim keygen`): {whom} prove that they know it. Without it, IPC only.",
    )
    users = click.option(
        "--users",
        "users_file",
        type=FILE,
        help="TOML file with further users, each with a key-file and roles of trade, administer, observe.",
    )
    return lambda command: key_file(users(command))
