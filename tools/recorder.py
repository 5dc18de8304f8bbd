"""`seriatim recorder`: the event log of a journal, until it is told to stop."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from seriatim.config import IPC, RecorderConfig, default_aeron_dir
from seriatim.sequencer.follow.journal_end import journal_end
from seriatim.sequencer.recorder import Recorder
from seriatim.tools.logs import set_up_logs
from seriatim.tools.output import emit, progress
from seriatim.tools.parameters import Named, Whole
from seriatim.tools.parent import parent_options, parent_watch
from seriatim.tools.signals import stop_signals
from seriatim.tools.user_options import user_options
from seriatim.trust import read_key
from seriatim.users import read_users


@click.command("recorder")
@click.argument("journal", type=Named(file_okay=False))
@click.argument("log", type=Named(file_okay=False))
@click.option(
    "--aeron-dir",
    metavar="DIR",
    default=default_aeron_dir,
    show_default="AERON_DIR, or else one in memory for each user",
    help="Folder of the media driver that the node uses; it may come and go.",
)
@click.option(
    "--serve",
    multiple=True,
    default=[IPC],
    show_default=True,
    metavar="CHANNEL",
    help="Aeron channel on which followers ask; may be given several times.",
)
@user_options("followers")
@click.option(
    "--listen-beyond-loopback",
    is_flag=True,
    help="Allow channels that others than this machine can reach. Aeron's UDP is not encrypted.",
)
@click.option(
    "--follower-mib-per-s",
    type=Whole(1),
    default=64,
    show_default=True,
    help="What one follower is sent at most.",
)
@click.option("--segment-mib", type=Whole(1, 65_536), default=256, show_default=True, help="Size of a log segment.")
@click.option("--once", is_flag=True, help="End when everything that is in the journal is recorded.")
@parent_options
@click.option("--json", "as_json", is_flag=True, help="Logs and the final state as JSON, one object a line.")
def command(
    journal: Path,
    log: Path,
    *,
    aeron_dir: str,
    serve: tuple[str, ...],
    key_file: Path | None,
    users_file: Path | None,
    listen_beyond_loopback: bool,
    follower_mib_per_s: int,
    segment_mib: int,
    once: bool,
    with_parent: bool,
    parent_pid: int | None,
    as_json: bool,
) -> None:
    """Follows the folder JOURNAL with a second engine and writes the event log in the folder LOG, made if need be.

    What is damaged in LOG is rebuilt from the journal. While a node runs, its state hash is compared with the second
    engine's all the time; should they differ, this ends with an error.

    \b
    Examples:
      seriatim recorder my-journal my-log
      seriatim recorder my-journal my-log --once --json
      seriatim recorder my-journal my-log --key-file venue.key \\
          --serve 'aeron:udp?endpoint=127.0.0.1:9302'
    """
    parent_has_ended = parent_watch(with_parent, parent_pid)
    set_up_logs(as_json)
    config = RecorderConfig(
        journal=journal,
        log=log,
        aeron_dir=aeron_dir,
        serve=() if once else serve,
        key=read_key(key_file),
        users=read_users(users_file),
        listen_beyond_loopback=listen_beyond_loopback,
        follower_bytes_per_s=follower_mib_per_s << 20,
        segment_bytes=segment_mib << 20,
    )
    with stop_signals() as stopped:
        result = record(config, once, lambda: stopped.is_set() or parent_has_ended())
    emit(result, as_json, "what was recorded")


def record(config: RecorderConfig, once: bool, ended: Callable[[], bool]) -> dict[str, Any]:
    """Runs a recorder until `ended()`, or until it has caught up; gives what it did."""
    end_seq = journal_end(config.journal)
    with ExitStack() as stack:
        with progress("catching up", end_seq) as advance_to:
            recorder = stack.enter_context(Recorder(config, on_progress=advance_to))
            begun = time.monotonic()
            recorder.catch_up(ended)
            elapsed_s = time.monotonic() - begun
        caught_up = {
            "commands": recorder.recorded,
            "events": recorder.events,
            "elapsed_s": elapsed_s,
            "commands_per_second": recorder.recorded / elapsed_s,
        }
        if not once:
            recorder.run(ended)
    return {**recorder.state.as_dict(), "hashes_agreed": recorder.watch.agreed, "catching_up": caught_up}
