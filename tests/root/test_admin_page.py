"""What docs/ADMIN.md shows works as it stands there."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from seriatim.tools.admin import command
from seriatim.tools.main import cli
from seriatim.tools.venue import Venue

PAGE = (Path(__file__).parents[2] / "docs/ADMIN.md").read_text()
LINES = re.findall(r"^\| `seriatim admin (.*?)` \|", PAGE, re.MULTILINE)


def test_the_python_example_prints_what_the_page_says(tmp_path: Path):
    section = PAGE[PAGE.index("## From Python") :]
    program, output = re.findall(r"```(?:python|text)\n(.*?)```", section, re.DOTALL)[:2]
    own_driver = {**os.environ, "AERON_DIR": f"/dev/shm/seriatim-admin-page-{os.getpid()}"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=own_driver,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stdout.splitlines() if "[info" not in line] == output.splitlines()


def test_what_is_set_is_shown_as_on_the_page(tmp_path: Path):
    section = PAGE[PAGE.index("## What is set") :]
    commands, output = re.findall(r"```(?:sh|text)\n(.*?)```", section, re.DOTALL)[:2]
    with Venue(tmp_path / "my-journal", options=("--segment-mib", "2")) as venue:
        for line in commands.splitlines():
            printed(line, venue)

        def shown() -> list[str]:
            return table_lines(printed(f"seriatim admin show {venue.journal}", venue))

        # Until the node has noticed that the commands' client is gone.
        deadline_s = time.monotonic() + 60
        while shown() != table_lines(output) and time.monotonic() < deadline_s:
            time.sleep(0.1)
        assert shown() == table_lines(output)


def printed(line: str, venue: Venue) -> str:
    """By a command of the page."""
    environment = {"COLUMNS": "80", "AERON_DIR": venue.aeron_dir}
    done = CliRunner().invoke(cli, line.split()[1:], env=environment, catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def table_lines(text: str) -> list[str]:
    """Without the first, which says how far the order has come, and blanks at the ends."""
    return [line.rstrip() for line in text.rstrip().splitlines()[1:]]


@pytest.mark.parametrize("line", LINES)
def test_every_command_line_of_the_page_is_one(line: str):
    found: click.Command = command
    words = line.split()
    while isinstance(found, click.Group):
        found = found.commands[words.pop(0)]
    found.make_context("seriatim admin", words)


def test_every_group_is_on_the_page():
    assert {line.split()[0] for line in LINES} == set(command.commands)
