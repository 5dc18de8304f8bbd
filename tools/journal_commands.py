"""`seriatim journal`: what a journal says, and where its replay ends. None of it writes, and a node may be at work meanwhile."""

import json
from itertools import islice
from pathlib import Path
from typing import Any

import click

from seriatim.journal import JournalReader
from seriatim.journal.meta import Meta
from seriatim.schemas import CodecError, Command
from seriatim.schemas.dynamic import load
from seriatim.sequencer.recovery import replay
from seriatim.sequencer.replica import Replica
from seriatim.tools.journal import Decoder, dump_messages, journal_info, show_info, show_messages
from seriatim.tools.output import console, emit, progress

ROWS_PER_TABLE = 1_000

folder = click.argument("journal", type=click.Path(path_type=Path, exists=True, file_okay=False))
json_option = click.option("--json", "as_json", is_flag=True, help="One object a line, for machines.")


@click.group("journal")
def command() -> None:
    """Looks into a journal. Nothing here writes; a node may be at work on it."""


@command.command("state")
@folder
@json_option
def state_command(journal: Path, as_json: bool) -> None:
    """Replays JOURNAL from its start and prints where the order stands, hashes included.

    They are the hashes that the node printed when it stopped, on any machine.

    \b
    Examples:
      seriatim journal state my-journal
      seriatim journal state my-journal --json
    """
    total = journal_info(journal).last_seq
    with Replica() as replica, JournalReader(journal) as reader, progress("replaying", total) as advance_to:
        replayed = replay((block.data for block in reader), replica, lambda _, seq: advance_to(seq))
        state = replica.state.as_dict()
    speed = {"bytes": replayed.bytes, "messages_per_second": round(replayed.messages_per_second)}
    emit({**state, **speed}, as_json, f"{journal}, replayed")


@command.command("info")
@folder
@json_option
def info_command(journal: Path, as_json: bool) -> None:
    """Says what is in JOURNAL without replaying it: segments, positions, sizes, who may write.

    \b
    Examples:
      seriatim journal info my-journal
      seriatim journal info my-journal --json
    """
    info = journal_info(journal)
    if as_json:
        print(json.dumps(info.as_dict()))
    else:
        console.print(show_info(info))


@command.command("dump")
@folder
@click.option("--from-seq", type=click.IntRange(1), default=1, show_default=True, help="The first message to show.")
@click.option("--count", type=click.IntRange(1), help="How many to show; without it, all.")
@json_option
def dump_command(journal: Path, from_seq: int, count: int | None, as_json: bool) -> None:
    """Shows the messages of JOURNAL, decoded by the schema that the journal carries.

    \b
    Examples:
      seriatim journal dump my-journal --count 20
      seriatim journal dump my-journal --from-seq 1000 --json
    """
    messages = dump_messages(journal, from_seq=from_seq, count=count, decode=decoder(journal))
    if as_json:
        for message in messages:
            print(json.dumps(message.as_dict()))
        return
    while rows := list(islice(messages, ROWS_PER_TABLE)):
        console.print(show_messages(rows))


def decoder(journal: Path) -> Decoder:
    """Reads a command frame by the newest schema in the journal; bytes that are no message of it are shown as they are."""
    with Meta(journal) as meta:
        schemas = meta.schemas()
    schema = load(schemas[max(schemas)])

    def decode(frame: memoryview) -> dict[str, Any]:
        header = Command.wrap(frame)
        body = bytes(frame[header.encoded_length :])
        about = {"session": header.session, "session_epoch": header.session_epoch, "number": header.number}
        try:
            message = schema.decode(body)
        except CodecError as error:
            return {**about, "message": None, "error": str(error), "bytes": body.hex()}
        return {**about, "message": type(message).__name__, **{f"{name}": value for name, value in message.as_json().items()}}

    return decode
