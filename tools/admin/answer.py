"""How a command of `seriatim admin` is carried out: logged on, sent, answered, told."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from enum import Enum
from functools import wraps
from pathlib import Path
from typing import Any

import click
import numpy as np

from seriatim.admin import administer, command_name
from seriatim.config import IPC, ClientConfig, default_aeron_dir
from seriatim.engine import Command, EventKind, Instrument, events_of
from seriatim.engine.reasons import REJECT_TEXTS
from seriatim.errors import CommandRejected, NoAnswer, OutcomeUnknown
from seriatim.schemas import RejectReason
from seriatim.tools.admin.shared_session import operators_client
from seriatim.tools.admin.standing import Standing, standing
from seriatim.tools.admin.words import caution, told
from seriatim.tools.output import errors, say
from seriatim.tools.parameters import Number
from seriatim.tools.signals import Terminated
from seriatim.tools.user_options import client_options
from seriatim.trust import read_key

LEFT_OPEN = (
    "it may have been carried out or not. See whether the node runs, and what it did last with `seriatim journal "
    "dump`, before you try again"
)

OPTIONS = (
    click.option(
        "--aeron-dir",
        metavar="DIR",
        default=default_aeron_dir,
        show_default="AERON_DIR, or else one in memory for each user",
        help="Folder of the media driver that the node uses.",
    ),
    click.option(
        "--ingress",
        metavar="CHANNEL",
        default=IPC,
        show_default=True,
        help="Aeron channel on which the node takes commands.",
    ),
    client_options,
    click.option(
        "--timeout",
        "timeout_s",
        type=Number(0.1, 3_600),
        default=5.0,
        show_default=True,
        metavar="SECONDS",
        help="How long to wait for the node.",
    ),
    click.option("--json", "as_json", is_flag=True, help="What came of it as one line of JSON."),
)


def carried_out(make: Callable[..., Command]) -> Callable[..., None]:
    """Makes a click command of a function that gives the engine's: with the options to reach a node, it sends the
    command, waits, and prints what came of it. Raises CommandRejected, and what a client raises.
    """

    @wraps(make)
    def run(
        *,
        aeron_dir: str,
        ingress: str,
        key_file: Path | None,
        user: str,
        timeout_s: float,
        as_json: bool,
        **options: Any,
    ) -> None:
        command = make(**options)
        key = read_key(key_file)
        config = ClientConfig(
            aeron_dir=aeron_dir, ingress=ingress, key=key, user=user, timeout_s=timeout_s, reconnect_s=timeout_s
        )
        carry_out(config, command, as_json)

    for option in reversed(OPTIONS):
        run = option(run)
    return run


def carry_out(config: ClientConfig, command: Command, as_json: bool) -> None:
    """Sends the command in the session that commands share, and prints what came of it."""
    try:
        with operators_client(config) as client, breaking_off_is_told():
            rows = administer(client, command)
    except OutcomeUnknown as error:
        raise NoAnswer(f"no answer in {config.timeout_s:g} s: {LEFT_OPEN}") from error
    except CommandRejected as error:
        if as_json:
            reason = RejectReason(error.reason).name if error.reason in REJECT_TEXTS else str(error.reason)
            print(json.dumps({"command": command_name(command), "done": False, "reason": reason, "text": str(error)}))
        raise
    with breaking_off_is_told():
        session = standing(config, command)
    tell(command, rows, session, as_json)


@contextmanager
def breaking_off_is_told() -> Iterator[None]:
    """Whoever breaks off what is inside, by Ctrl-C or a signal, is told that the command may be carried out already."""
    try:
        yield
    except (KeyboardInterrupt, Terminated):
        errors.print(f"[bold red]seriatim:[/] broken off: {LEFT_OPEN}", highlight=False, soft_wrap=True)
        raise


def tell(command: Command, rows: np.ndarray, session: Standing | None, as_json: bool) -> None:
    """Prints what came of a command, and how the session stands that it named: a line of JSON, or sentences."""

    def terms(_: int) -> Instrument:
        assert isinstance(command, Instrument)
        return command

    events = events_of(rows[~np.isin(rows["kind"], (EventKind.OUTCOME, EventKind.SESSION_CLOSED))], terms)
    sentences = [*told(command, events), *caution(command, session)]
    if not as_json:
        for sentence in sentences:
            say(sentence)
        return
    seq, time_ns = int(rows[0]["seq"]), int(rows[0]["time_ns"])
    names = [{"event": type(event).__name__, **asdict(event)} for event in events]
    done = {"command": command_name(command), "done": True, "seq": seq, "time_ns": time_ns}
    result = {**done, "events": names, "text": sentences}
    print(json.dumps(plain(result if session is None else {**result, "session_state": session})))


def plain(value: Any) -> Any:
    """As JSON has it: enums by name, decimals as text."""
    match value:
        case dict():
            return {name: plain(held) for name, held in value.items()}
        case list():
            return [plain(held) for held in value]
        case Enum():
            return value.name
        case bool() | int() | str() | None:
            return value
        case _:
            return str(value)
