"""Publishers whose disk is full or was taken away."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from seriatim.journal import EventLogDamaged, JournalFull
from seriatim.journal.event_log import EventLogWriter
from seriatim.marketdata import Publisher, PublisherConfig, Receiver
from seriatim.sequencer.recorder import keeper
from tests.bus.bus_help import wait_for
from tests.recorder.recorder_help import make_journal


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A little trading."""
    folder = tmp_path_factory.mktemp("troubles") / "journal"
    make_journal(folder, 500)
    return folder


@contextmanager
def published(journal: Path, log: Path, aeron_dir: str) -> Iterator[tuple[Publisher, Receiver]]:
    """A publisher and a receiver in this thread; the receiver is current."""
    config = PublisherConfig(journal=journal, log=log, aeron_dir=aeron_dir, snapshot_interval_s=0.1)
    with Publisher(config) as publisher, Receiver(aeron_dir=aeron_dir) as receiver:
        publisher.catch_up()
        wait_for(lambda: [publisher.turn(), receiver.poll(), receiver.is_current][-1])
        yield publisher, receiver


def full(_writer: EventLogWriter) -> None:
    """In place of a commit."""
    raise JournalFull("no room")


def test_books_are_not_current_while_a_full_disk_stops_publication(
    journal: Path, tmp_path: Path, aeron_dir: str, monkeypatch: pytest.MonkeyPatch
):
    with published(journal, tmp_path / "public", aeron_dir) as (publisher, receiver):

        def is_current_after(wait_s: float) -> bool:
            until = time.monotonic() + wait_s
            while time.monotonic() < until:
                publisher.turn()
                receiver.poll()
            return receiver.is_current

        monkeypatch.setattr(keeper, "FULL_RETRY_S", 0.01)
        with monkeypatch.context() as disk:
            disk.setattr(EventLogWriter, "commit", full)
            assert is_current_after(2.5), "what comes is published still"
            disk.setattr(EventLogWriter, "wants_commit", True)
            assert not is_current_after(2.5)
        assert is_current_after(0.5)


def test_a_log_that_is_taken_from_a_publisher_names_the_publisher(journal: Path, tmp_path: Path, aeron_dir: str):
    with published(journal, tmp_path / "public", aeron_dir) as (publisher, _):
        (tmp_path / "public").rename(tmp_path / "away")
        with pytest.raises(EventLogDamaged, match=r"while the publisher wrote to it.*start the publisher again"):
            wait_for(publisher.turn)
        (tmp_path / "away").rename(tmp_path / "public")
