"""Receivers whose media driver is killed, or which are stopped until it has let them go: they go on where they were."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from seriatim.aeron import CncFile
from seriatim.errors import Disconnected, NoAnswer
from seriatim.marketdata import Receiver, UpdateKind
from seriatim.schemas import Side
from seriatim.tools.drill.book_judge import digest_of_engine
from tests.bus.bus_help import wait_for
from tests.marketdata.market_help import INSTRUMENT, Market, market

HEARTBEAT_TYPE_ID = 11
"""Of the counters by which Aeron's driver sees that a client lives."""


class Listener:
    """A receiver, and the numbers of all that it was told."""

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver
        self._numbers: list[np.ndarray] = []

    def poll(self) -> bool:
        """Whether it is current."""
        updates = self.receiver.poll()
        self._numbers.append(updates["number"][updates["kind"] != UpdateKind.SNAPSHOT])
        return self.receiver.is_current

    def hears_all(self, venue: Market) -> None:
        """Waits until it is where the publisher is; nothing was left out or told twice."""
        number = venue.next_number()
        wait_for(lambda: self.poll() and self.receiver.standing.next_number == number)
        told = np.concatenate(self._numbers)
        assert (np.diff(told) == 1).all()
        assert self.receiver.standing.counts["skipped"] == 0
        venue.judge(self.receiver)


def test_a_driver_that_is_killed_and_started_again_costs_a_receiver_nothing(tmp_path: Path):
    with market(tmp_path, None) as venue, Receiver(aeron_dir=venue.venue.aeron_dir) as receiver:
        listener = Listener(receiver)
        wait_for(listener.poll)
        for seed in range(2):
            venue.trade(1_500, seed)
            listener.hears_all(venue)
            venue.venue.kill()  # the driver is in the same process
            wait_for(lambda: not listener.poll())
            assert len(receiver.orders(INSTRUMENT, Side.BUY))
            venue.venue.start()
            venue.trade(1_500, seed + 10)
            listener.hears_all(venue)


def test_a_receiver_waits_for_a_driver_that_does_not_come_back_and_says_so(tmp_path: Path):
    with market(tmp_path, None) as venue, Receiver(aeron_dir=venue.venue.aeron_dir) as receiver:
        venue.trade(100)
        venue.judge(receiver)
        venue.venue.kill()
        wait_for(lambda: receiver.poll() is not None and not receiver.is_current)
        with pytest.raises(NoAnswer, match=r"no media driver runs|no market data came"):
            receiver.wait_until_current(8.0)


def test_a_receiver_that_was_stopped_until_its_driver_let_it_go_goes_on(tmp_path: Path, aeron_dir: str):
    command = [sys.executable, "-m", "tests.marketdata.receiver_process", aeron_dir]
    pipe = subprocess.PIPE
    with (
        market(tmp_path, aeron_dir) as venue,
        subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, start_new_session=True) as process,
    ):
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "current\n"
            venue.trade(1_000)
            before = clients(aeron_dir)
            process.send_signal(signal.SIGSTOP)
            venue.trade(2_000, seed=2)
            wait_for(lambda: clients(aeron_dir) < before)
            number = venue.next_number()
            process.send_signal(signal.SIGCONT)
            said, _ = process.communicate(f"{number}\n", timeout=30)
        finally:
            process.kill()
    assert "receiver found the media driver again" in said
    had = json.loads(said.splitlines()[-1])
    assert had["digest"] == digest_of_engine(venue.engine, INSTRUMENT).hex()
    assert (had["next_number"], had["skipped"], had["in_order"]) == (number, 0, True)


def clients(aeron_dir: str) -> int:
    """How many the driver knows."""
    with CncFile(aeron_dir) as file:
        return len(file.counters.find(HEARTBEAT_TYPE_ID))


def test_a_receiver_that_was_closed_says_so_and_its_books_can_be_read(tmp_path: Path, aeron_dir: str):
    with market(tmp_path, aeron_dir) as venue:
        receiver = Receiver(aeron_dir=aeron_dir)
        venue.trade(500)
        venue.judge(receiver)
        receiver.close()
        receiver.close()
        assert not receiver.is_current
        assert len(receiver.levels(INSTRUMENT, Side.BUY))
        with pytest.raises(Disconnected, match="this receiver is closed"):
            receiver.poll()
