"""`seriatim keygen`: a key for logons."""

from pathlib import Path

import click

from seriatim.tools.output import emit
from seriatim.tools.parameters import Named
from seriatim.trust import write_key


@click.command("keygen")
@click.argument("file", type=Named(dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def command(file: Path, *, as_json: bool) -> None:
    """Makes FILE with a new random key, which only you can read.

    Nodes and recorders take it with --key-file, Python clients as `ClientConfig(key=…)`. Bring it to other machines
    in a way that you trust. The proof in a logon does not tell it, and no journal holds it.

    \b
    Examples:
      seriatim keygen venue.key
      seriatim node my-journal --key-file venue.key \\
          --ingress 'aeron:udp?endpoint=127.0.0.1:9301'
    """
    write_key(file)
    emit({"key_file": str(file)}, as_json)
