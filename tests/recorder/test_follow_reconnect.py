"""A follower elsewhere whose recorder goes away, comes back damaged, or is not the one that it was."""

import os
import time
from pathlib import Path

import numpy as np
import pytest

import seriatim
from seriatim.config import IPC
from seriatim.engine import EVENT
from seriatim.errors import Disconnected, FollowRefused
from seriatim.journal import JournalClosed
from seriatim.journal.event_log import EventLog
from seriatim.journal.event_log.layout import segments
from seriatim.journal.layout import segment_path
from seriatim.schemas import FollowEnd
from seriatim.sequencer.follow import Follow
from seriatim.sequencer.follow.journal_end import journal_end
from tests.bus.bus_help import wait_for
from tests.recorder.recorder_help import RecorderProcess, make_journal, replayed_events, take_until

POLL_MAX_S = 1.0
"""A busy machine included; what waited for a recorder took five seconds and more."""


def poll_until_lost(follow: Follow, took_s: list[float]) -> None:
    """Polls as an iteration does, and notes how long each poll took."""

    def poll() -> None:
        asked = time.monotonic()
        try:
            follow.poll()
        finally:
            took_s.append(time.monotonic() - asked)

    wait_for(poll, 30)  # never true: only what a poll raises ends it


@pytest.mark.alone
def test_a_poll_never_waits_for_a_recorder_and_gives_up_in_time(recorded: Path, tmp_path: Path, aeron_dir: str):
    with RecorderProcess(recorded / "journal", tmp_path / "log", aeron_dir) as recorder:
        recorder.wait_for("caught up")
        recorder.wait_for("found the media driver")
        with seriatim.follow(1, "events", channel=IPC, aeron_dir=aeron_dir, timeout_s=2.0, reconnect_s=3.0) as follow:
            take_until(follow, 100)
            recorder.kill()
            took_s: list[float] = []
            with pytest.raises(Disconnected, match="no recorder took this follower back"):
                poll_until_lost(follow, took_s)
            assert max(took_s) < POLL_MAX_S
            seen = follow.next_seq
            recorder.start()
            recorder.wait_for("found the media driver")
            rest = take_until(follow, journal_end(recorded / "journal"))  # who asks again is taken back
    whole = replayed_events(recorded / "journal")
    assert np.array_equal(rest, whole[whole["seq"] >= seen])


def test_a_follower_does_not_go_over_to_another_journal(recorded: Path, tmp_path: Path, aeron_dir: str):
    make_journal(tmp_path / "other", commands=30, starts=2)  # its second epoch would be taken for a rewound order
    slow = ("--follower-mib-per-s", "1")
    for content in ("order", "events"):
        log = tmp_path / f"log of {content}"
        with RecorderProcess(recorded / "journal", log, aeron_dir, *slow) as recorder:
            recorder.wait_for("found the media driver")
            with seriatim.follow(1, content, channel=IPC, aeron_dir=aeron_dir) as follow:
                take_until(follow, 100)
                recorder.kill()
                with RecorderProcess(tmp_path / "other", tmp_path / f"other {content}", aeron_dir) as other:
                    other.wait_for("found the media driver")
                    with pytest.raises(FollowRefused, match="another journal's recorder") as refused:
                        take_until(follow, 10**9)
                    assert refused.value.reason == FollowEnd.OTHER_JOURNAL
                recorder.start()
                recorder.wait_for("found the media driver")
                end = journal_end(recorded / "journal")
                assert take_until(follow, end)["seq"][-1] <= end  # the right one is back


def test_what_a_recorder_cannot_read_is_in_its_log(copied: Path, aeron_dir: str):
    log = copied / "log"
    with RecorderProcess(copied / "journal", log, aeron_dir) as recorder:
        recorder.wait_for("caught up")
        recorder.wait_for("found the media driver")
        with EventLog(log) as events:
            record = events.at(segments(log)[1])
            assert record is not None
            needle = record.events.rows[0].tobytes()
        path = segment_path(log, segments(log)[1])
        place = path.read_bytes().rindex(needle)
        fd = os.open(path, os.O_RDWR)
        os.pwrite(fd, bytes([needle[0] ^ 1]), place)
        os.close(fd)
        with (
            pytest.raises(FollowRefused, match="see its log") as refused,
            seriatim.follow(1, "events", channel=IPC, aeron_dir=aeron_dir) as follow,
        ):
            take_until(follow, 10**9)
        assert refused.value.reason == FollowEnd.FAILED
        said = recorder.wait_for("a follower was ended because log or journal cannot be read")
        assert "checksum" in said["error"]
        assert recorder.process.poll() is None
    assert EVENT.itemsize == len(needle)


def test_who_waits_beyond_the_end_is_told_where_the_end_is(recorded: Path, tmp_path: Path, aeron_dir: str):
    end = journal_end(recorded / "journal")
    with RecorderProcess(recorded / "journal", tmp_path / "log", aeron_dir) as recorder:
        recorder.wait_for("caught up")
        recorder.wait_for("found the media driver")
        for content in ("order", "events"):
            with seriatim.follow(end + 50_000, content, channel=IPC, aeron_dir=aeron_dir) as follow:
                assert follow.poll() is None
                wait_for(lambda follow=follow: follow.poll() is None and follow.end_seq == end)


def test_a_follower_that_is_closed_gives_nothing_of_what_it_has_received(
    recorded: Path, tmp_path: Path, aeron_dir: str
):
    with RecorderProcess(recorded / "journal", tmp_path / "log", aeron_dir) as recorder:
        recorder.wait_for("found the media driver")
        follow = seriatim.follow(1, channel=IPC, aeron_dir=aeron_dir)
        wait_for(follow.poll)
        follow.close()
        with pytest.raises(JournalClosed):
            follow.poll()
        follow.close()
