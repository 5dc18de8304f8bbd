"""`seriatim admin show`: what operators have set, and how much of it is used."""

import json
from pathlib import Path

import click

from seriatim.sequencer.settings import VenueSettings, venue_settings
from seriatim.tools.admin.selected import Selection, selected, unknown
from seriatim.tools.admin.settings_json import as_json_object
from seriatim.tools.admin.settings_tables import settings_tables
from seriatim.tools.admin.values import ID
from seriatim.tools.figures import utc
from seriatim.tools.journal import FOLDER, FROM, KEY_FILE
from seriatim.tools.journal.inspect import journal_info
from seriatim.tools.journal.state import replayed_journal
from seriatim.tools.output import console, progress, say
from seriatim.trust import read_key


@click.command("show", short_help="What is set, read from a journal.")
@FOLDER
@click.option("--instrument", "instruments", type=ID, multiple=True, help="Only this one; may be given again.")
@click.option("--session", "sessions", type=ID, multiple=True, help="Only this one; may be given again.")
@click.option("--account", "accounts", type=ID, multiple=True, help="Only this one; may be given again.")
@KEY_FILE
@FROM
@click.option("--json", "as_json", is_flag=True, help="All of it as one line of JSON, in ticks and lots.")
def command(
    *,
    folder: Path,
    instruments: tuple[int, ...],
    sessions: tuple[int, ...],
    accounts: tuple[int, ...],
    key_file: Path | None,
    snapshot: Path | None,
    as_json: bool,
) -> None:
    """Shows what is set: instruments with their phases, rules and schedules, limits and how much of them is used, kill
    switches, positions, sessions.

    It replays the folder JOURNAL, of a node that runs or has run, and asks no node; the key proves what an operator has
    had skipped. Prices are in the instrument's currency, quantities in lots.

    --instrument, --session and --account show only what is named; --instrument also who holds it or has orders in it.

    \b
    Examples:
      seriatim admin show my-journal
      seriatim admin show my-journal --instrument 1
      seriatim admin show my-journal --session 7 --account 5
      seriatim admin show my-journal --from my-snapshot --json
    """
    selection = Selection(frozenset(instruments), frozenset(sessions), frozenset(accounts))
    settings = read_settings(folder, snapshot, read_key(key_file))
    chosen = selected(settings, selection)
    if as_json:
        print(json.dumps(as_json_object(chosen)))
        return
    say(f"{folder} after seq {settings.seq:,}" + (f", {utc(settings.time_ns)} UTC" if settings.seq else ""))
    for sentence in unknown(settings, selection):
        say(sentence)
    terms = {each.terms.id: each.terms for each in settings.engine.instruments}
    for table in settings_tables(chosen, terms, everything=selection.everything):
        console.print(table)


def read_settings(folder: Path, snapshot: Path | None, key: bytes) -> VenueSettings:
    """Replays the journal, with a bar on a terminal. Raises what `replayed_journal` does."""
    with (
        progress("replaying", journal_info(folder).last_seq) as advance_to,
        replayed_journal(folder, lambda _, seq: advance_to(seq), key, snapshot) as (replica, _),
    ):
        return venue_settings(replica)
