"""The `seriatim` command."""

import sys
from importlib import import_module

import click
from rich.markup import escape

from seriatim.tools.output import errors
from seriatim.tools.signals import INTERRUPTED, Terminated, leaving_at_once, terminating_cleanly

COMMANDS = {
    "node": "Runs a node on a journal.",
    "driver": "Runs an Aeron media driver on its own.",
    "keygen": "Makes a key that clients must prove they know.",
    "recorder": "Writes the event log of a journal, and serves followers.",
    "admin": "Tells a running node: instruments, phases, limits, halts.",
    "marketdata": "Publishes market data of a journal, and serves who missed some.",
    "demo": "A node, traders, a live table, and the proof.",
    "flow": "Sends order flow through a node of its own.",
    "journal": "Reads a journal: info, dump, state, snapshot, verify, skip.",
    "bench": "Measures this machine.",
    "sim": "Crashes, cuts and rot under a virtual clock, judged.",
    "drill": "Kills nodes, cuts power and loses packets, and judges what is left.",
}
"""Each is the `command` of the module of `seriatim.tools` that has its name, which is loaded when it is asked for. What
the list of them says stands here, so that it needs none of them."""


class Commands(click.Group):
    """Loads a command's module when it is needed: a node does not load what benchmarks use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        with leaving_at_once():
            return import_module(f"seriatim.tools.{cmd_name}").command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="seriatim")
def cli() -> None:
    """A messaging bus with a sequencer: orders in over Aeron, one durable order, executions out.

    \b
    Try it:
      seriatim demo                       a node, traders, a live table, the proof
      seriatim node my-journal            a node on this machine
      seriatim flow lobster FILE          a real hour of trading through a node
      seriatim journal state my-journal   replay a journal and print its hashes
      seriatim bench path                 how fast it is here
      seriatim sim --seeds 100            crashes, cuts and rot, judged
    """


def main() -> None:
    """The entry point: what goes wrong is a sentence and exit code 1, Ctrl-C is 130, SIGTERM 143."""
    try:
        with terminating_cleanly():
            cli(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except Terminated as end:
        sys.exit(end.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        sys.exit(141)
    except Exception as error:
        if not known(error):
            raise
        errors.print("[bold red]seriatim:[/]", escape(str(error)), highlight=False, soft_wrap=True)
        sys.exit(1)


def known(error: Exception) -> bool:
    """Whether an error is one of ours, whose message is all that a person needs."""
    return isinstance(error, OSError) or any(kind.__module__.startswith("seriatim.") for kind in type(error).__mro__)
