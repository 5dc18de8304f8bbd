"""What a machine can keep of how this repository reads."""

import ast
import importlib
import re
from pathlib import Path

import click
import pytest
from repository import LOCKS, ROOT, text, tracked, written

from seriatim.schemas import TEMPLATES, generate
from seriatim.tools.main import COMMANDS

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 70
LONG_FILES: dict[str, str] = {}
"""Exceptions, each with its reason."""
LONG_FUNCTIONS = {
    "engine/src/event_row.rs::tell": "one arm for each kind of event, side by side",
}
"""The same."""

CARGO_INDEX = "registry+https://github.com/rust-lang/crates.io-index"
"""How cargo names its public index in every lock file; not where a crate comes from."""
REGISTRY_HOSTS = re.compile(
    r"\b(pypi\.org|pythonhosted\.org|static\.crates\.io|index\.crates\.io|repo1?\.maven\.(org|apache\.org)|registry\.npmjs\.org)\b"
)
MACHINE_PATHS = re.compile(r"(?<![\w.}$-])/(home|root|Users|work|opt|mnt|srv)/\w")
THIS_FILE = "tests/tidy/test_tidy.py"


def texts() -> list[str]:
    """Every tracked file that is text and not this one, which names what it looks for."""
    return [name for name in tracked() if name != THIS_FILE and b"\0" not in (ROOT / name).read_bytes()]


def functions(path: str) -> dict[str, int]:
    """Lines of each function of a Python file, decorators not counted."""
    nodes = [
        node for node in ast.walk(ast.parse(text(path))) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return {node.name: (node.end_lineno or node.lineno) - node.lineno + 1 for node in nodes}


def rust_functions(path: str) -> dict[str, int]:
    """Lines of each function of a Rust file: from `fn` to the brace that closes at its indentation."""
    lengths: dict[str, int] = {}
    lines = text(path).splitlines()
    for place, line in enumerate(lines):
        if start := re.match(r"(\s*)(?:pub(?:\([a-z]+\))? )?(?:const )?(?:unsafe )?(?:extern \"C\" )?fn (\w+)", line):
            ends = (end for end in range(place, len(lines)) if lines[end].rstrip() == start[1] + "}")
            lengths[start[2]] = 1 if line.rstrip().endswith((";", "}")) else next(ends, place) - place + 1
    return lengths


def test_no_file_is_longer_than_400_lines():
    lengths = {name: len(text(name).splitlines()) for name in written(".py", ".rs", ".h", ".pyi")}
    assert {name for name, length in lengths.items() if length > FILE_LINES_MAX} == set(LONG_FILES)


def test_no_function_is_longer_than_70_lines():
    lengths = {f"{path}::{name}": length for path in written(".py") for name, length in functions(path).items()}
    lengths |= {f"{path}::{name}": length for path in written(".rs") for name, length in rust_functions(path).items()}
    assert len(lengths) > 1000
    assert {name for name, length in lengths.items() if length > FUNCTION_LINES_MAX} == set(LONG_FUNCTIONS)


def test_generated_python_is_fresh():
    assert generate.stale(generate.python_from_ir(generate.IR.read_bytes())) == []


def test_generated_rust_has_the_ids_and_lengths_of_the_schema():
    """What can be told without Java; tests/schemas runs sbe-tool and compares every byte."""
    wanted = {(message.__name__.lower(), template, message.BLOCK_LENGTH) for template, message in TEMPLATES.items()}
    assert {
        found for path in (ROOT / "schemas/rust/src").glob("*_codec.rs") if (found := rust_template(path))
    } == wanted


def rust_template(path: Path) -> tuple[str, int, int] | None:
    """Name in lower case, template id and block length of a codec; None for a composite."""
    source = path.read_text()
    template = re.search(r"pub const SBE_TEMPLATE_ID: u16 = (\d+);", source)
    length = re.search(r"pub const SBE_BLOCK_LENGTH: u16 = (\d+);", source)
    if template is None or length is None:
        return None
    return path.stem.removesuffix("_codec").replace("_", ""), int(template[1]), int(length[1])


@pytest.mark.parametrize("path", written(".py"))
def test_every_python_module_has_a_docstring(path: str):
    empty_marker = path.startswith("tests/") and path.endswith("/__init__.py") and not text(path)
    assert empty_marker or ast.get_docstring(ast.parse(text(path)))


@pytest.mark.parametrize("path", texts())
def test_no_file_names_a_machine_or_a_registry(path: str):
    assert not MACHINE_PATHS.findall(text(path))
    assert not REGISTRY_HOSTS.findall(text(path))


@pytest.mark.parametrize("path", LOCKS)
def test_lock_files_hold_no_download_addresses(path: str):
    assert "://" not in text(path).replace(CARGO_INDEX, "")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_module_and_help_with_examples(name: str):
    command = importlib.import_module(f"seriatim.tools.{name}").command
    for leaf in leaves(command):
        assert leaf.help, leaf.name
        assert re.search(r"Examples?:", leaf.help), f"{leaf.name} shows no example"
        options = [option for option in leaf.params if isinstance(option, click.Option)]
        assert all(option.help for option in options), f"an option of {leaf.name} has no help"
        assert any("--json" in option.opts for option in options), f"{leaf.name} has no --json"


def leaves(command: click.Command) -> list[click.Command]:
    """The command, or the commands of a group."""
    if isinstance(command, click.Group):
        return [leaf for child in command.commands.values() for leaf in leaves(child)]
    return [command]
