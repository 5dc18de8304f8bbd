"""`seriatim driver`: an Aeron media driver on its own, so that gateways and a restarted node find it still there."""

import click
import structlog

from seriatim.config import default_aeron_dir
from seriatim.drivers import start_driver
from seriatim.limits import CLIENT_LIVENESS_NS
from seriatim.tools.logs import set_up_logs
from seriatim.tools.parameters import Number
from seriatim.tools.parent import parent_options, parent_watch
from seriatim.tools.signals import stop_signals

POLL_S = 0.25
"""How often a driver looks whether it should end."""

log = structlog.get_logger("seriatim.driver")


@click.command("driver")
@click.option(
    "--aeron-dir",
    metavar="DIR",
    default=default_aeron_dir,
    show_default="AERON_DIR, or else one in memory for each user",
    help="Folder of the driver; nodes and clients name the same one.",
)
@click.option("--low-latency", is_flag=True, help="Spin when idle: takes a whole core.")
@click.option(
    "--liveness-s",
    type=Number(1.0, 9.0),
    default=CLIENT_LIVENESS_NS / 1e9,
    show_default=True,
    help="A node or client that gave no sign of life for so long is gone: how soon a crash is noticed.",
)
@parent_options
@click.option("--json", "as_json", is_flag=True, help="Logs as JSON, one object a line.")
def command(
    *,
    aeron_dir: str,
    low_latency: bool,
    liveness_s: float,
    with_parent: bool,
    parent_pid: int | None,
    as_json: bool,
) -> None:
    """Runs an Aeron media driver until SIGINT or SIGTERM.

    A node starts a driver of its own, which ends with it. One that runs here outlives nodes, so that clients and
    gateways need not connect to a new one when a node is restarted.

    \b
    Examples: a node that can be restarted under its clients
      seriatim driver --aeron-dir /dev/shm/venue
      seriatim node my-journal --aeron-dir /dev/shm/venue --outside-driver
    """
    parent_has_ended = parent_watch(with_parent, parent_pid)
    set_up_logs(as_json)
    with stop_signals() as stopped, start_driver(aeron_dir, low_latency, liveness_s):
        log.info("driver started", aeron_dir=aeron_dir)
        while not stopped.wait(POLL_S) and not parent_has_ended():
            pass
    log.info("driver stopped", aeron_dir=aeron_dir)
