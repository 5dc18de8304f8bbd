"""A command that ends with the process that started it."""

import os
from collections.abc import Callable
from typing import Any

import click


def parent_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options `--with-parent` and `--parent-pid` of a command."""
    which = click.option(
        "--parent-pid",
        type=click.IntRange(1),
        metavar="PID",
        help="With --with-parent: who that is, for it may end before this process can ask.",
    )
    whether = click.option(
        "--with-parent", is_flag=True, help="End when the process that started this one has ended, however it did."
    )
    return whether(which(command))


def parent_watch(with_parent: bool, parent_pid: int | None) -> Callable[[], bool]:
    """Gives what says whether the parent has ended; to be made first of all, for it may end at any time."""
    if not with_parent:
        return lambda: False
    parent = parent_pid or os.getppid()
    return lambda: os.getppid() != parent
