"""What people read: tables of at most 80 columns in a file and on a terminal, in words and not in keys."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console
from written_journal import Written

from seriatim.tools.bench import engine_curves, engine_flow
from seriatim.tools.bench.journal import commits_table, read_sizes, reads_table
from seriatim.tools.demo import RATED
from seriatim.tools.demo.session import TradingSession
from seriatim.tools.demo.stats import percentiles_us
from seriatim.tools.demo.table import render
from seriatim.tools.figures import FIGURES, figure_rows, size
from seriatim.tools.main import cli

COLUMNS = 80
RAW_KEY = re.compile(r"^ *[a-z]+[_.][a-z0-9_.]+\b(?!lmdb)")
"""A first cell such as `replay.seq` or `state_hash`."""


def readable(text: str) -> None:
    """No line is too wide, nothing is cut, nothing is a key."""
    lines = text.splitlines()
    assert len(lines) > 2, text
    assert max(map(len, lines)) <= COLUMNS, text
    assert not [line for line in lines if RAW_KEY.search(line)], text
    assert not re.search(r"\w…", text), text


@pytest.fixture
def quick_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine's benchmark with a small curve."""
    monkeypatch.setattr(engine_flow.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(engine_curves, "RESTING", (10, 1_000_000))
    monkeypatch.setattr(engine_curves, "INSTRUMENTS", (1, 10_000))
    monkeypatch.setattr(engine_curves, "CANCEL_HEAVY", (10_000,))
    monkeypatch.setattr(engine_curves, "OPERATIONS", 20_000)


@pytest.mark.usefixtures("quick_engine")
@pytest.mark.parametrize(
    "words",
    [
        "flow synthetic --operations 1000",
        "bench engine --operations 20000 --seconds 2",
        "bench path --seconds 0.5 --durability relaxed --folder {folder}",
        "bench path --seconds 0.5 --resting 2000 --folder {folder}",
        "bench aeron --seconds 0.8",
        "bench journal sustained {folder} --seconds 0.1 --segment-mib 16 --spares 0,1,2,1",
        "bench journal read {folder} --mib 1",
    ],
)
def test_what_a_measurement_prints_fits_80_columns(words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", str(COLUMNS))
    arguments = [word.format(folder=tmp_path) for word in words.split()]
    result = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    readable(result.stdout)


@pytest.mark.parametrize("name", ["info", "state", "verify"])
def test_what_is_said_of_a_journal_fits_80_columns(name: str, written: Written):
    readable("\n".join(run_in_a_pipe("journal", name, written.folder.name, folder=written.folder.parent)))


def test_the_reading_benchmark_says_first_what_it_writes_where_and_leaves_what_it_finds(tmp_path: Path):
    mine = tmp_path / "bench-read"  # whatever the benchmark calls its own folder
    mine.mkdir()
    lines = run_in_a_pipe("bench", "journal", "read", str(tmp_path), "--mib", "1", folder=tmp_path)
    assert lines[0] == "Journals of 1, 1, 1, 1 MiB are written and read, one by one:"
    assert list(tmp_path.iterdir()) == [mine]


def test_the_reading_benchmark_reads_no_more_than_it_is_told():
    assert {size_bytes for _, size_bytes in read_sizes(1)} == {1 << 20}
    assert [size_bytes >> 20 for _, size_bytes in read_sizes(1_024)] == [2, 256, 1_024, 1_024]


def test_a_size_is_told_in_a_unit_that_fits_it():
    assert [size(bytes_) for bytes_ in (0, 1_968, 5 << 20, 3 << 40)] == ["0 B", "1.9 KiB", "5.0 MiB", "3.0 TiB"]


def test_the_hash_of_the_last_header_can_be_copied_in_one_piece(written: Written):
    lines = run_in_a_pipe("journal", "state", written.folder.name, folder=written.folder.parent)
    assert f"header hash: {written.state['header_hash']}" in lines


def test_a_problem_that_is_wrapped_reads_from_the_left(written: Written, tmp_path: Path):
    damaged = tmp_path / "damaged"
    shutil.copytree(written.folder, damaged)
    for segment in damaged.glob("0*.lmdb"):
        segment.unlink()
    done = CliRunner().invoke(cli, ["journal", "verify", str(damaged)])
    assert done.exit_code == 1
    said = done.stdout[done.stdout.index("problems: ") :].splitlines()
    assert len(said) > 2
    assert not [line for line in said if line.startswith(" ")]
    assert max(map(len, said)) <= COLUMNS


def test_the_demo_in_a_pipe_says_at_once_what_it_does_and_fits_80_columns(tmp_path: Path):
    lines = run_in_a_pipe("demo", "--seconds", "6", "--rate", "1000", "--sessions", "2", folder=tmp_path)
    assert lines[0] == "Starting a node with a journal, and 2 traders …"
    assert lines[1].split()[:2] == ["s", "left"]
    assert re.fullmatch(r"( +[\d,]+){6}", lines[2])
    assert any(line.split()[:2] == ["journal,", "used"] for line in lines)
    readable("\n".join(line.replace(" …", "") for line in lines))


def run_in_a_pipe(*arguments: str, folder: Path) -> list[str]:
    """The lines that a command prints into a file of no known width."""
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    command = [sys.executable, "-m", "seriatim", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False, env=environment, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_demos_live_view_fits_a_terminal_of_80_columns_and_24_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    console = Console(width=COLUMNS)
    with TradingSession(
        tmp_path / "journal", tmp_path / "stats", durability="fsync", sessions=2, rate=1_000
    ) as session:
        book, used = session.follow(), session.journal_bytes()
        rates: dict[str, float] = dict.fromkeys(RATED, 12_345_678.0)
        console.print(render(session.stats, rates, session.counters(), book=book, journal_bytes=used, left_s=12))
        assert percentiles_us(session.stats)
        made_ahead = sum(path.stat().st_size for path in session.journal.iterdir())
        assert 0 < used < made_ahead / 10
        session.end()
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= COLUMNS
    assert len(lines) < 24
    assert "book of OAK" in lines[0]


def test_the_journals_tables_fit_80_columns_on_a_slow_disk_and_on_a_fast_one(capsys: pytest.CaptureFixture[str]):
    slow_us = dict.fromkeys(("p50", "p99", "p999", "max"), 9_876_543.2)
    commit = {"messages": 8_192, "journal_us": slow_us, "plain_lmdb_us": slow_us, "ratio_p50": 1.234}
    mb_per_second = dict.fromkeys(("mb_per_second", "with_frame_table_mb_per_second", "crc_only_mb_per_second"), 98_765)
    read = {"messages_per_block": 8_192, "blocks": 98_765, "blocks_per_second": 987_654, **mb_per_second}
    Console(width=COLUMNS).print(commits_table([commit]), reads_table([{**read, "messages_per_second": 98_765_432}]))
    text = capsys.readouterr().out
    readable(text)
    assert text.count("9,876,543") == 8
    assert "98,765,432" in text


def test_every_figure_has_words_that_are_no_key():
    assert not [figure.words for figure in FIGURES.values() if re.search(r"[_.][a-z]", figure.words)]


def test_a_nested_figure_is_named_in_words_with_its_unit():
    rows = list(figure_rows({"replay": {"seq": 1_234}, "latency_us": {"p999": 5.5}, "journal_bytes": 3 << 19}))
    assert rows == [
        ("replay: last seq", "1,234", ""),
        ("order to last event, p99.9", "5.5", "µs"),
        ("journal, used (without what is made ahead)", "1.5 MiB", ""),
    ]
