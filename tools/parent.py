"""Commands that end with the process that started them, however it ended."""

import ctypes
import os
import signal
from collections.abc import Callable
from typing import Any

import click

from seriatim.tools.parameters import Whole

PR_SET_PDEATHSIG = 1
"""Of prctl(2)."""


def die_with_parent(parent_pid: int) -> None:
    """This process is killed when that one, whose main thread has started it, ends: for what has nothing to tidy up."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_pid:  # it ended before we could ask
        os.kill(os.getpid(), signal.SIGKILL)


def parent_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options `--with-parent` and `--parent-pid` of a command."""
    which = click.option(
        "--parent-pid",
        type=Whole(1),
        metavar="PID",
        help="With --with-parent: who that is, for it may end before this process can ask.",
    )
    whether = click.option(
        "--with-parent", is_flag=True, help="End when the process that started this one has ended, however it did."
    )
    return whether(which(command))


def parent_watch(with_parent: bool, parent_pid: int | None) -> Callable[[], bool]:
    """Gives what says whether the parent has ended; to be made first of all, for it may end at any time."""
    if parent_pid is not None and not with_parent:
        raise click.UsageError("--parent-pid says who the parent of --with-parent is; without that it means nothing")
    if not with_parent:
        return lambda: False
    parent = parent_pid or os.getppid()
    return lambda: os.getppid() != parent
