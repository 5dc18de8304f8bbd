"""The `seriatim` command."""

import sys
from importlib import import_module

import click
from rich.markup import escape

from seriatim.tools.output import errors
from seriatim.tools.signals import INTERRUPTED, Terminated, leaving_at_once, terminating_cleanly

COMMANDS = {
    "node": "seriatim.tools.node",
    "driver": "seriatim.tools.driver",
    "keygen": "seriatim.tools.keygen",
    "recorder": "seriatim.tools.recorder",
    "admin": "seriatim.tools.admin",
    "marketdata": "seriatim.tools.marketdata",
    "demo": "seriatim.tools.demo",
    "flow": "seriatim.tools.flow",
    "journal": "seriatim.tools.journal",
    "bench": "seriatim.tools.bench",
    "sim": "seriatim.tools.sim",
    "drill": "seriatim.tools.drill",
}
"""Each module is loaded when its command is asked for, and names it `command`."""


class Commands(click.Group):
    """Loads a command's module when it is needed: a node does not load what benchmarks use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        with leaving_at_once():
            return import_module(module).command


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
