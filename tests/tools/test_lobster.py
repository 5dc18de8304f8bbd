"""`seriatim flow lobster` on files that are not what they should be: one sentence with file, line and field."""

import gzip
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from seriatim.engine import CommandKind
from seriatim.errors import ConfigError
from seriatim.tools.flow import lobster

GOOD = "34200.004241176,1,16113575,18,5853300,1\n"


def refusal(path: Path) -> str:
    """What reading says of a file that it does not take; a warning would be an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ConfigError) as raised:
            lobster.read(path)
    return str(raised.value)


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("34200.1,1,7,10,-100,1", "price: '-100'"),
        ("34200.1,1,7,10,0,1", "price: '0'"),
        ("34200.1,1,7,-10,100,1", "size: '-10'"),
        ("34200.1,1,7,0,100,1", "size: '0'"),
        ("34200.1,1,7,nan,100,1", "size: 'nan'"),
        ("34200.1,1,7,10,inf,1", "price: 'inf'"),
        ("34200.1,1,7,10,9223372036854775808,1", "price: '9223372036854775808'"),
        ("34200.1,1,7,1" + "0" * 5_000 + ",100,1", "size: '1000"),
        ("34200.1,1,7,1e3,100,1", "size: '1e3'"),
        ("34200.1,1,281474976710656,10,100,1", "order id: '281474976710656'"),
        ("34200.1,1,0,10,100,1", "order id: '0'"),
        ("34200.1,1,7,10,100,0", "direction is 1 or -1, not 0"),
        ("34200.1,1,7,10,100,buy", "direction is 1 or -1, not buy"),
        ("34200.1,1,7,10,100,7", "direction is 1 or -1, not 7"),
        ("34200.1,1,7,10,100,-7", "direction is 1 or -1, not '-7'"),
        ("34200.004241175,1,7,10,100,1", "time: '34200.004241175' is before 34200.004241176"),
        ("34200.004241175,7,7,10,100,1", "time: '34200.004241175' is before 34200.004241176"),
        ("34200.1,0,7,10,100,1", "type: '0'"),
        ("34200.1,8,7,10,100,1", "type: '8'"),
        ("34200.1,nan,7,10,100,1", "type: 'nan'"),
        ("nan,1,7,10,100,1", "time: 'nan'"),
        ("-1,1,7,10,100,1", "time: '-1'"),
        ("noon,1,7,10,100,1", "time: 'noon'"),
        ("34200.1,1,7,10,100", "columns: 5"),
        ("34200.1,1,7,10,100,1,2", "columns: 7"),
        ("34200.1,1,7,10,\x00\xff,1", "price: "),
    ],
)
def test_a_value_that_makes_no_sense_is_named_by_file_line_and_field(tmp_path: Path, line: str, field: str):
    path = tmp_path / "orders.csv"
    path.write_text(f"{GOOD}\n{line}\n{GOOD}", encoding="latin-1")
    said = refusal(path)
    assert said.startswith(f"{path} is not a LOBSTER message file: line 3, {field}")
    assert len(said) < len(str(path)) + 160


def test_rows_that_are_skipped_are_counted_and_not_judged(tmp_path: Path):
    path = tmp_path / "orders.csv"
    path.write_text(GOOD + "34201,5,0,0,0,0\n34202,7,0,0,-1,-1\n34203,6,-1,0,0,1\n34204,3,16113575,18,5853300,1\n")
    flow = lobster.read(path)
    assert flow.rows == 5
    assert flow.commands["kind"].tolist() == [CommandKind.NEW_ORDER, CommandKind.CANCEL_ORDER]
    assert flow.commands["price"][0] == 5_853_300


def test_a_gzipped_file_gives_what_the_plain_one_gives(tmp_path: Path):
    plain, packed = tmp_path / "orders.csv", tmp_path / "orders.csv.gz"
    plain.write_text(GOOD)
    packed.write_bytes(gzip.compress(GOOD.encode()))
    assert lobster.read(plain).commands.tolist() == lobster.read(packed).commands.tolist()


@pytest.mark.parametrize("content", [b"no gzip at all", gzip.compress(GOOD.encode() * 99)[:-20], b"\x1f\x8b\x08" * 9])
def test_a_file_that_is_not_gzip_or_is_cut_short_is_named(tmp_path: Path, content: bytes):
    path = tmp_path / "orders.csv.gz"
    path.write_bytes(content)
    assert refusal(path).startswith(f"{path} is not a whole gzip file: ")


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_an_empty_file_is_named(tmp_path: Path, content: str):
    path = tmp_path / "orders.csv"
    path.write_text(content)
    assert refusal(path) == f"{path} is not a LOBSTER message file: it has no lines"


def test_the_command_says_it_in_one_line(tmp_path: Path):
    path = tmp_path / "orders.csv"
    path.write_text("34200.1,1,7,10,-100,1\n")
    command = [sys.executable, "-m", "seriatim", "flow", "lobster", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    why = "line 1, price: '-100' is not a whole number from 1 to 2^63 - 1"
    assert done.stderr == f"seriatim: {path} is not a LOBSTER message file: {why}\n"
