"""`seriatim drill marketdata`, in a bounded form, and its judge judged."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from seriatim.engine import Engine
from seriatim.marketdata import Books
from seriatim.tools.bench import engine_flow
from seriatim.tools.drill.book_judge import BookJudge, Moment, digest_of_books, digest_of_engine
from seriatim.tools.drill.marketdata import CHANNELS, Options, marketdata_drill
from seriatim.tools.main import cli
from tests.bus.bus_help import free_udp_port

OPERATIONS = 6_000


@pytest.mark.parametrize("channel", CHANNELS)
def test_behind_a_network_that_loses_every_book_is_the_engines(channel: str, tmp_path: Path):
    options = Options(channel, loss=0.05, seed=7, rate=5_000, port=free_udp_port() & ~1)
    verdict = marketdata_drill(options, engine_flow.load(OPERATIONS, lambda _: None), engine_flow.TERMS, tmp_path)
    assert verdict["passed"], verdict
    assert verdict["gaps"] > 0
    assert verdict["requests"] > 10
    assert verdict["given_up"] == 0
    assert verdict["books_compared"] == verdict["books_equal"] > 100
    assert verdict["receiver_at_snapshots"] == verdict["receiver_same_as_snapshot"] > 3


def test_snapshots_alone_make_the_book_again_after_each_loss(tmp_path: Path):
    options = Options("ipc", loss=0.02, seed=7, rate=5_000, asks=False, port=free_udp_port() & ~1)
    verdict = marketdata_drill(options, engine_flow.load(OPERATIONS, lambda _: None), engine_flow.TERMS, tmp_path)
    assert verdict["passed"], verdict
    assert verdict["requests"] == 0
    assert verdict["given_up"] > 0


def test_the_judge_finds_a_book_that_differs_and_one_of_another_moment():
    commands = engine_flow.load(2_000, lambda _: None)
    seqs = np.arange(10, 10 + len(commands), dtype=np.uint64)
    commands["session"] = 1
    engine = Engine()
    engine.execute_bytes(1, engine_flow.TERMS.encode())
    engine.apply_array(commands[:1_000])
    right = Moment(1, 1_009, digest_of_engine(engine, engine_flow.TERMS.instrument))
    engine.apply_array(commands[1_000:1_200])
    late = Moment(2, 1_009, digest_of_engine(engine, engine_flow.TERMS.instrument))
    empty = Moment(3, 1_500, digest_of_books(Books(), engine_flow.TERMS.instrument))
    verdict = BookJudge(1, engine_flow.TERMS, commands, seqs).judge([empty, late, right])
    assert (verdict.compared, verdict.equal, verdict.differing) == (3, 1, [1_009, 1_500])


def test_the_command_says_how_it_went(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    port = free_udp_port() & ~1
    arguments = ["drill", "marketdata", "--channel", "udp", "--operations", "2000", "--port", str(port), "--json"]
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["passed"]
