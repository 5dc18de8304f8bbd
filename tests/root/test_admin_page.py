"""What docs/ADMIN.md shows works as it stands there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from seriatim.tools.admin import command

PAGE = (Path(__file__).parents[2] / "docs/ADMIN.md").read_text()
LINES = re.findall(r"^\| `seriatim admin (.*?)` \|", PAGE, re.MULTILINE)


def test_the_python_example_prints_what_the_page_says(tmp_path: Path):
    program, output = re.findall(r"```(?:python|text)\n(.*?)```", PAGE, re.DOTALL)[:2]
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


@pytest.mark.parametrize("line", LINES)
def test_every_command_line_of_the_page_is_one(line: str):
    found: click.Command = command
    words = line.split()
    while isinstance(found, click.Group):
        found = found.commands[words.pop(0)]
    found.make_context("seriatim admin", words)


def test_every_group_is_on_the_page():
    assert {line.split()[0] for line in LINES} == set(command.commands)
