"""`seriatim node`: one node, until it is told to stop."""

from pathlib import Path

import click

from seriatim.config import DURABILITIES, IPC, NodeConfig, default_aeron_dir
from seriatim.limits import ORDERS_MAX
from seriatim.sequencer.node import Node
from seriatim.tools.logs import set_up_logs
from seriatim.tools.output import emit, progress
from seriatim.tools.parameters import Named, Whole
from seriatim.tools.parent import parent_options, parent_watch
from seriatim.tools.signals import stop_signals
from seriatim.tools.user_options import user_options
from seriatim.trust import read_key
from seriatim.users import read_users

POLL_S = 0.25
"""How often a node looks whether it should end."""


@click.command("node")
@click.argument("journal", type=Named(file_okay=False))
@click.option(
    "--durability",
    type=click.Choice(list(DURABILITIES)),
    default="fsync",
    show_default=True,
    help="fsync: events are told once on disk. relaxed: at once; a crash may lose the tail.",
)
@click.option(
    "--ingress",
    multiple=True,
    default=[IPC],
    show_default=True,
    metavar="CHANNEL",
    help="Aeron channel on which commands are taken; may be given several times.",
)
@click.option(
    "--aeron-dir",
    metavar="DIR",
    default=default_aeron_dir,
    show_default="AERON_DIR, or else one in memory for each user",
    help="Folder of the media driver; clients name the same one.",
)
@click.option(
    "--outside-driver",
    is_flag=True,
    help="Use the driver that runs there already (`seriatim driver`) instead of starting one.",
)
@user_options("clients")
@click.option(
    "--listen-beyond-loopback",
    is_flag=True,
    help="Allow channels that others than this machine can reach. Aeron's UDP is not encrypted.",
)
@click.option("--low-latency", is_flag=True, help="Spin when idle: the lowest latency, for one core or more.")
@click.option(
    "--room-orders",
    type=Whole(0, ORDERS_MAX),
    default=1 << 16,
    show_default=True,
    metavar="ORDERS",
    help="Memory for so many live orders is taken at the start; what more need is taken as they come.",
)
@click.option(
    "--segment-mib",
    type=Whole(2, 65_536),
    default=256,
    show_default=True,
    help="Size of a journal segment; a journal takes three from the start on.",
)
@click.option(
    "--session-expiry",
    "session_expiry_s",
    type=Whole(min=0),
    default=7 * 24 * 3_600,
    show_default=True,
    metavar="SECONDS",
    help="A session without orders that nobody was logged on to for so long is over; 0 for never.",
)
@click.option(
    "--logic-version",
    type=Whole(1),
    show_default="the newest",
    help="The rules that the engine follows from this start on; never older than those of the journal.",
)
@parent_options
@click.option("--json", "as_json", is_flag=True, help="Logs and the final state as JSON, one object a line.")
def command(
    journal: Path,
    *,
    durability: str,
    ingress: tuple[str, ...],
    aeron_dir: str,
    outside_driver: bool,
    key_file: Path | None,
    users_file: Path | None,
    listen_beyond_loopback: bool,
    low_latency: bool,
    room_orders: int,
    segment_mib: int,
    session_expiry_s: int,
    logic_version: int | None,
    with_parent: bool,
    parent_pid: int | None,
    as_json: bool,
) -> None:
    """Runs a node on the folder JOURNAL, which is made if it is not there.

    It recovers the order from the journal, takes commands until SIGINT or SIGTERM, finishes what it has taken in, and
    prints where the order stands.

    \b
    Examples:
      seriatim node my-journal
      seriatim node my-journal --durability relaxed --low-latency
      seriatim node my-journal --outside-driver --aeron-dir /dev/shm/venue
      seriatim node my-journal --key-file venue.key --ingress aeron:ipc \\
          --ingress 'aeron:udp?endpoint=127.0.0.1:9301'
    """
    parent_has_ended = parent_watch(with_parent, parent_pid)
    set_up_logs(as_json)
    config = NodeConfig(
        journal=journal,
        durability=durability,
        ingress=ingress,
        aeron_dir=aeron_dir,
        own_driver=not outside_driver,
        key=read_key(key_file),
        users=read_users(users_file),
        listen_beyond_loopback=listen_beyond_loopback,
        low_latency=low_latency,
        room_orders=room_orders,
        segment_bytes=segment_mib << 20,
        session_expiry_ns=session_expiry_s * 1_000_000_000,
        logic_version=logic_version,
    )
    with stop_signals() as stopped, progress("recovering", None) as advance_to:
        node = Node(config, on_replay=lambda _, seq: advance_to(seq))
        node.start()
        while not stopped.is_set() and not node.wait(POLL_S) and not parent_has_ended():
            pass
        state = node.stop()
    emit(state.as_dict(), as_json, "where the order stands")
