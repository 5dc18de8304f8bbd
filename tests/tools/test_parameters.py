"""What every command takes: numbers that are numbers, and names that are not empty."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from seriatim.tools.main import cli, main
from seriatim.tools.parameters import Named, Number, Whole, Wholes


def parameters(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Parameter]]:
    """Every parameter of every command, with the command's name."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            yield from parameters(child, (*path, name))
    for parameter in command.params:
        yield " ".join(path), parameter


EVERY = [(f"{name} {parameter.opts[0]}", parameter) for name, parameter in parameters(cli)]
NUMBERS = {name: parameter for name, parameter in EVERY if isinstance(parameter.type, click.types.FloatParamType)}
WHOLE = {name: parameter for name, parameter in EVERY if isinstance(parameter.type, click.types.IntParamType)}
PATHS = {name: parameter for name, parameter in EVERY if isinstance(parameter.type, click.Path)}


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "NaN", "1e999", "x"])
def test_no_number_is_nan_or_infinite(name: str, text: str):
    with pytest.raises(click.BadParameter, match=r"not a valid number|not in the range"):
        NUMBERS[name].type.convert(text, NUMBERS[name], None)


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_no_whole_number_is_said_in_words(name: str):
    with pytest.raises(click.BadParameter, match=r"^'abc' is not a valid integer\.$"):
        WHOLE[name].type.convert("abc", WHOLE[name], None)


@pytest.mark.parametrize("text", ["x", "", "1,,2", "0,5", "-1", "1.5"])
def test_of_several_whole_numbers_each_is_looked_at(text: str):
    assert Wholes(0, 4).convert("0,1,4,1", None, None) == [0, 1, 4, 1]
    with pytest.raises(click.BadParameter, match=r"not a valid integer|not in the range"):
        Wholes(0, 4).convert(text, None, None)


@pytest.mark.parametrize("name", PATHS)
def test_no_file_or_folder_has_an_empty_name(name: str):
    with pytest.raises(click.BadParameter, match="the name is empty"):
        PATHS[name].type.convert("", PATHS[name], None)


def test_every_kind_of_parameter_was_looked_at():
    assert min(len(NUMBERS), len(WHOLE), len(PATHS)) > 5
    assert Named().convert("a/b", None, None) == Path("a/b")
    assert (Number(0, 1)("0.5"), Whole(0)("5")) == (0.5, 5)


def said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    monkeypatch.setattr(sys, "argv", ["seriatim", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code in (1, 2)
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err


def test_a_benchmark_that_does_not_fit_on_the_disk_is_not_begun(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    assert "not for a journal of" in said(
        monkeypatch, capsys, "bench", "journal", "read", str(tmp_path), "--mib", "1048576"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [("node", "j"), ("recorder", "j", "l"), ("driver",)])
def test_a_parent_without_with_parent_is_refused(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    monkeypatch.chdir(tmp_path)
    error = said(monkeypatch, capsys, *command, "--parent-pid", "1")
    assert "--parent-pid says who the parent of --with-parent is" in error
    assert list(tmp_path.iterdir()) == []


def test_a_driver_ends_with_its_parent(tmp_path: Path):
    """The parent has ended before the driver can ask: it ends at once, in order, and its folder goes."""
    aeron_dir = tmp_path / "driver"
    command = [sys.executable, "-m", "seriatim", "driver", "--aeron-dir", str(aeron_dir), "--json"]
    done = subprocess.run(
        [*command, "--with-parent", "--parent-pid", "1"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "driver started" in done.stderr
    assert "driver stopped" in done.stderr
    assert not aeron_dir.exists()
