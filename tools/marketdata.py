"""`seriatim marketdata`: the public stream of a journal, until it is told to stop."""

from pathlib import Path

import click

from seriatim.config import IPC, default_aeron_dir
from seriatim.marketdata import Publisher, PublisherConfig
from seriatim.sequencer.follow.journal_end import journal_end
from seriatim.tools.logs import set_up_logs
from seriatim.tools.output import emit, progress
from seriatim.tools.parameters import Named, Number, Whole
from seriatim.tools.parent import parent_options, parent_watch
from seriatim.tools.signals import stop_signals
from seriatim.trust import read_key


@click.command("marketdata")
@click.argument("journal", type=Named(file_okay=False))
@click.option(
    "--log",
    type=Named(file_okay=False),
    show_default="JOURNAL-public",
    help="Folder of the public log, from which missed messages are sent again; made if need be.",
)
@click.option(
    "--aeron-dir",
    metavar="DIR",
    default=default_aeron_dir,
    show_default="AERON_DIR, or else one in memory for each user",
    help="Folder of the media driver; it may come and go.",
)
@click.option(
    "--channel",
    "channels",
    multiple=True,
    default=[IPC],
    show_default=True,
    metavar="CHANNEL",
    help="Aeron channel to publish on; may be given several times.",
)
@click.option(
    "--requests",
    multiple=True,
    default=[IPC],
    show_default=True,
    metavar="CHANNEL",
    help="Aeron channel on which requests are taken; may be given several times.",
)
@click.option(
    "--snapshot-interval",
    type=Number(0.01, 86_400),
    default=1.0,
    show_default=True,
    metavar="SECONDS",
    help="A cycle of snapshots begins so long after the last one began.",
)
@click.option(
    "--key-file",
    type=Named(exists=True, dir_okay=False),
    help="The venue's key, by which overrides in the journal are proved. Receivers need none.",
)
@click.option(
    "--listen-beyond-loopback",
    is_flag=True,
    help="Allow channels that others than this machine can reach: whoever hears them has the data, whoever can send to "
    "a channel of requests is answered.",
)
@click.option(
    "--requester-mib-per-s",
    type=Whole(1),
    default=16,
    show_default=True,
    help="What one requester is answered with at most.",
)
@click.option(
    "--segment-mib", type=Whole(1, 65_536), default=256, show_default=True, help="Size of a segment of the public log."
)
@click.option("--low-latency", is_flag=True, help="Spin when idle: the lowest latency, for one core.")
@click.option("--once", is_flag=True, help="Make or mend the public log, publish nothing, and end.")
@parent_options
@click.option("--json", "as_json", is_flag=True, help="Logs and the final state as JSON, one object a line.")
def command(
    journal: Path,
    *,
    log: Path | None,
    aeron_dir: str,
    channels: tuple[str, ...],
    requests: tuple[str, ...],
    snapshot_interval: float,
    key_file: Path | None,
    listen_beyond_loopback: bool,
    requester_mib_per_s: int,
    segment_mib: int,
    low_latency: bool,
    once: bool,
    with_parent: bool,
    parent_pid: int | None,
    as_json: bool,
) -> None:
    """Follows the folder JOURNAL with a second engine and publishes what everybody may know of its order: orders by
    price and time, levels, trades, statistics. Nothing there tells who owns an order.

    What is published is on the node's disk, whatever its durability, and its numbers are the same after each restart.

    \b
    Examples:
      seriatim marketdata my-journal
      seriatim marketdata my-journal --listen-beyond-loopback \\
        --channel 'aeron:udp?endpoint=224.20.30.41:9303|interface=127.0.0.1'
      seriatim marketdata my-journal --json \\
        --channel 'aeron:udp?control=127.0.0.1:9303|control-mode=dynamic' \\
        --requests 'aeron:udp?endpoint=127.0.0.1:9304'
    """
    parent_has_ended = parent_watch(with_parent, parent_pid)
    set_up_logs(as_json)
    journal = journal.resolve()  # "." has no name, beside which the public log could lie
    config = PublisherConfig(
        journal=journal,
        log=log or journal.with_name(f"{journal.name}-public"),
        aeron_dir=aeron_dir,
        channels=channels,
        requests=requests,
        snapshot_interval_s=snapshot_interval,
        key=read_key(key_file),
        listen_beyond_loopback=listen_beyond_loopback,
        requester_bytes_per_s=requester_mib_per_s << 20,
        segment_bytes=segment_mib << 20,
        low_latency=low_latency,
    )
    with stop_signals() as stopped:
        end_seq = journal_end(config.journal)

        def ended() -> bool:
            return stopped.is_set() or parent_has_ended()

        with progress("catching up", end_seq) as advance_to, Publisher(config, on_progress=advance_to) as publisher:
            publisher.catch_up(ended)
            if not once:
                publisher.run(ended)
            result = {**publisher.state.as_dict(), "messages_public": publisher.next_number - 1}
    emit(result, as_json, "what was published")
