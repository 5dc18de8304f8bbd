"""What the README shows works as it stands there."""

import os
import re
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from seriatim.tools.main import cli

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
TEXTS = [README, *(path.read_text() for path in sorted((ROOT / "docs").glob("*.md")))]
NAMED_COMMAND = r"seriatim ((?:node|driver|demo|(?:flow|journal|bench) [a-z]+|admin [a-z]+(?: [a-z]+)?))"


def test_the_python_example_prints_what_the_readme_says_however_often_it_runs(tmp_path: Path):
    section = README[README.index("## From Python") :]
    program, output = re.findall(r"```(?:python|text)\n(.*?)```", section, re.DOTALL)[:2]
    command = [sys.executable, "-c", program]
    own_driver = {**os.environ, "AERON_DIR": f"/dev/shm/seriatim-readme-{os.getpid()}"}
    for _ in range(3):
        done = subprocess.run(
            command, cwd=tmp_path, env=own_driver, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        printed = [line for line in done.stdout.splitlines() if "[info" not in line]
        assert printed == output.splitlines()


def test_every_command_that_a_document_names_exists():
    found = (words for text in TEXTS for words in re.findall(NAMED_COMMAND, text))
    named = {tuple(words.split()) for words in found}
    assert ("journal", "state") in named
    for words in sorted(named):
        result = CliRunner().invoke(cli, [*words, "--help"])
        assert result.exit_code == 0, f"seriatim {' '.join(words)}: {result.output}"


def test_every_make_target_that_a_document_names_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {target for text in TEXTS for target in re.findall(r"`make ([a-z]+)", text)}
    assert {"demo", "test"} <= named <= targets


def test_every_link_of_a_document_leads_somewhere():
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text()):
            assert (path.parent / link).exists(), f"{path.name} links to {link}"
