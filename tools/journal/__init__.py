"""`seriatim journal`: what a journal holds, and what a replay of it gives."""

import json
import sys
from pathlib import Path

import click

from seriatim.errors import ConfigError
from seriatim.journal import verify
from seriatim.sequencer.overrides import skip_poison
from seriatim.tools.journal.decode import command_decoder
from seriatim.tools.journal.inspect import LINE_HEADER, dump_messages, journal_info, message_line, show_info
from seriatim.tools.journal.snapshot import write_snapshot
from seriatim.tools.journal.state import journal_state
from seriatim.tools.output import console, emit, progress
from seriatim.tools.parameters import Named, Whole
from seriatim.trust import read_key

KEY_FILE = click.option(
    "--key-file",
    type=Named(exists=True, dir_okay=False),
    help="File with the venue's key, as for `seriatim node`; without it, the empty key.",
)
FOLDER = click.argument("folder", metavar="JOURNAL", type=Named())
FROM = click.option(
    "--from",
    "snapshot",
    type=Named(exists=True, dir_okay=False),
    help="File with a snapshot of this journal to begin from, instead of the journal's first message.",
)
DUMPED_BY_DEFAULT = 50
"""Messages that a dump for people shows unless it is told how many."""


@click.group("journal")
def command() -> None:
    """Reads a journal: what is in it, message by message, and what a replay of it gives.

    A journal can be read while a node writes it; what is read ends at the commit position.

    \b
    Examples:
      seriatim journal info my-journal
      seriatim journal dump my-journal --count 5
      seriatim journal state my-journal --json
    """


@command.command("state", short_help="Replays it and prints hashes and speed.")
@FOLDER
@KEY_FILE
@FROM
@click.option("--json", "as_json", is_flag=True, help="The state as one line of JSON.")
def state_command(folder: Path, key_file: Path | None, snapshot: Path | None, as_json: bool) -> None:
    """Replays the folder JOURNAL into a fresh engine, or one from a snapshot, and prints where that ends.

    Every block's checksum and the chain of block headers are checked on the way. The two hashes are those that the node
    printed when it stopped, in any run and on any machine. Commands that an operator has had skipped stay skipped; the
    key proves who the operator was.

    \b
    Examples:
      seriatim journal state my-journal
      seriatim journal state my-journal --json
      seriatim journal state my-journal --from my-snapshot
    """
    key = read_key(key_file)
    info = journal_info(folder)
    with progress("replaying", info.last_seq) as advance_to:
        state = journal_state(folder, lambda _, seq: advance_to(seq), key, snapshot)
    emit(state, as_json, f"{folder}, replayed" if snapshot is None else f"{folder}, replayed from {snapshot}")


@command.command("snapshot", short_help="Writes what it has come to as a file.")
@FOLDER
@click.argument("path", metavar="FILE", type=Named(dir_okay=False))
@click.option("--at", "at_seq", type=Whole(1), help="The message after whose block to stop, instead of the last one.")
@KEY_FILE
@click.option("--json", "as_json", is_flag=True, help="What was written as one line of JSON.")
def snapshot_command(folder: Path, path: Path, at_seq: int | None, key_file: Path | None, as_json: bool) -> None:
    """Replays the folder JOURNAL and writes sessions, books, limits and all else that it has come to to FILE.

    `journal state --from FILE` goes on from there and comes to the same hashes. FILE is there as a whole or not at all;
    one of that name is replaced. It fits this journal alone.

    \b
    Examples:
      seriatim journal snapshot my-journal my-snapshot
      seriatim journal snapshot my-journal my-snapshot --at 1000
    """
    key = read_key(key_file)
    with progress("replaying", at_seq or journal_info(folder).last_seq) as advance_to:
        written = write_snapshot(folder, path, at_seq, key, lambda _, seq: advance_to(seq))
    emit(written, as_json, f"{path}, a snapshot of {folder}")


@command.command("info", short_help="What it holds, without reading messages.")
@FOLDER
@click.option("--json", "as_json", is_flag=True, help="All of it as one line of JSON.")
def info_command(folder: Path, as_json: bool) -> None:
    """Says what the folder JOURNAL holds: identity, commit position, schema versions, segments. Reads no message.

    \b
    Examples:
      seriatim journal info my-journal
      seriatim journal info my-journal --json
    """
    info = journal_info(folder)
    if as_json:
        print(json.dumps(info.as_dict()))
    else:
        console.print(show_info(info))


@command.command("dump", short_help="Its messages, one a line.")
@FOLDER
@click.option("--from-seq", type=Whole(1), default=1, show_default=True, help="The first message to show.")
@click.option("--count", type=Whole(0), help=f"How many at most. Without it {DUMPED_BY_DEFAULT}, or with --json all.")
@click.option("--raw", is_flag=True, help="Show the bytes of each message in hexadecimal instead of its fields.")
@click.option("--json", "as_json", is_flag=True, help="One object a line.")
def dump_command(folder: Path, from_seq: int, count: int | None, raw: bool, as_json: bool) -> None:  # fmt: skip
    """Prints the messages of the folder JOURNAL in their order, one a line, with all fields of each command.

    The fields are those of the schema that the journal carries, so that a journal of any version can be read. A message
    that is not there is an error, with exit code 1.

    \b
    Examples:
      seriatim journal dump my-journal
      seriatim journal dump my-journal --from-seq 1000 --count 5
      seriatim journal dump my-journal --json | grep NewOrder
    """
    decode = None if raw else command_decoder(folder)
    shown = DUMPED_BY_DEFAULT if count is None and not as_json else count
    message = None
    for message in dump_messages(folder, from_seq=from_seq, count=shown, decode=decode):
        if not as_json and message.seq == from_seq:
            print(LINE_HEADER)
        print(json.dumps(message.as_dict()) if as_json else message_line(message))
    if message is None:
        check_is_there(folder, from_seq)
    elif count is None and not as_json:
        say_where_it_stopped(folder, message.seq)


def check_is_there(folder: Path, seq: int) -> None:
    """Raises ConfigError for a message that the journal does not hold; one that holds none says so."""
    last_seq = journal_info(folder).last_seq
    if seq > max(last_seq, 1):
        raise ConfigError(f"there is no seq {seq} in {folder}: its order ends with seq {last_seq}")
    if not last_seq:
        click.echo(f"there is no message in {folder} yet", err=True)


def say_where_it_stopped(folder: Path, seq: int) -> None:
    """That there are more messages than were shown, and how to see them, beside what is piped on."""
    last_seq = journal_info(folder).last_seq
    if seq < last_seq:
        how = f"go on with --from-seq {seq + 1}, or ask for more with --count"
        click.echo(f"stopped after {DUMPED_BY_DEFAULT} messages, at seq {seq} of {last_seq}: {how}", err=True)


@command.command("verify", short_help="Whether it is whole.")
@FOLDER
@click.option("--json", "as_json", is_flag=True, help="The report as one line of JSON.")
def verify_command(folder: Path, as_json: bool) -> None:
    """Walks every page, block and frame of the folder JOURNAL in a process of its own, and says what is wrong.

    Ends with exit code 1 if anything is. A journal that a node writes to may be verified.

    \b
    Examples:
      seriatim journal verify my-journal
      seriatim journal verify my-journal --json
    """
    report = verify(folder)
    result = {
        "whole": report.whole,
        "segments": len(report.segments),
        "blocks": sum(segment.blocks for segment in report.segments),
        "last_good_index": report.last_good_index,
        "problems": report.problems,
    }
    emit(result, as_json, f"{folder}")
    if not report.whole:
        sys.exit(1)


@command.command("skip", short_help="Lets a venue go on without a poison command.")
@click.argument("seq", type=Whole(1))
@FOLDER
@KEY_FILE
@click.option("--json", "as_json", is_flag=True, help="What was done as one line of JSON.")
def skip_command(seq: int, folder: Path, key_file: Path | None, as_json: bool) -> None:
    """Writes into the folder JOURNAL that the command SEQ is rejected instead of executed.

    For a node that has stopped with PoisonMessage: the engine failed on SEQ, and would fail again at each start. The
    journal is replayed first: a command that can be executed cannot be skipped, for somebody may have been told of it.
    The command's client gets a reject with the reason `skipped`. The override is proved with the venue's key, which the
    node and `journal state` check. Report the fault before you skip it.

    \b
    Examples:
      seriatim journal skip 4711 my-journal
      seriatim journal skip 4711 my-journal --key-file venue.key
    """
    skip_poison(folder, seq, read_key(key_file))
    emit({"skipped": seq, "journal": str(folder)}, as_json, "seriatim journal skip")
