"""The options that say who may reach a node or a recorder, and who it is that does."""

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


def client_options(command: F) -> F:
    """`--key-file` and `--user` for a command that logs on."""
    key_file = click.option(
        "--key-file", type=FILE, help="File with the key of the user, or of the venue. Without it, the empty key."
    )
    user = click.option(
        "--user", metavar="NAME", default="", help="Whose key that is; without it the venue's own, the operator's."
    )
    return key_file(user(command))
