"""The example runs on a real hour, and what it shows of its queues is price-time priority."""

import itertools
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples.queue_backtest import LOTS, Backtest, backtest

ROOT = Path(__file__).resolve().parents[2]
FILE = Path(os.environ.get("SERIATIM_DATA", ROOT.parent / "shared/data/aapl-2012-06-21-message-50.csv.gz"))

needs_file = pytest.mark.skipif(
    not FILE.is_file(), reason=f"LOBSTER's sample is not at {FILE}; name it in SERIATIM_DATA to run this"
)


@pytest.fixture(scope="module")
def hour() -> Backtest:
    return backtest(FILE)


@needs_file
def test_bids_are_filled_and_none_for_more_than_it_asked(hour):
    summary = hour.summary()
    assert summary["bids"] > summary["bids_filled"] > 50
    assert all(0 <= bid.filled <= LOTS for bid in hour.bids)


@needs_file
def test_nobody_who_comes_later_stands_ahead(hour):
    for bid in hour.bids:
        for before, after in itertools.pairwise(bid.seen):
            assert after.orders_ahead <= before.orders_ahead
            assert after.quantity_ahead <= before.quantity_ahead


@needs_file
def test_a_bid_is_filled_only_from_the_front(hour):
    partly = [position for bid in hour.bids for position in bid.seen if position.leaves < LOTS]
    assert partly
    assert all(position.orders_ahead == 0 for position in partly)


@needs_file
def test_the_same_hour_gives_the_same_outcome(hour):
    assert backtest(FILE).engine.outcome_hash == hour.engine.outcome_hash


def test_without_a_file_it_says_what_it_needs():
    command = [sys.executable, "-m", "tests.examples.queue_backtest"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert done.stderr.startswith("usage: ")
    assert len(done.stderr.splitlines()) == 1
