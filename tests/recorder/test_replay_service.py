"""Following over Aeron: keys, rates, slow and hostile neighbours, a recorder that comes and goes."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

import seriatim
from seriatim.aeron import Aeron, CncFile
from seriatim.config import FOLLOW_STREAM, IPC, RecorderConfig
from seriatim.engine.events import InstrumentDefined
from seriatim.errors import ConfigError, FollowRefused, NoAnswer, OrderRewound, PositionGone
from seriatim.journal.event_log import SequencedEvent
from seriatim.journal.layout import scan, segment_path
from seriatim.schemas import Connect, FollowContent, FollowEnd, FollowRequest
from seriatim.sequencer.follow.journal_end import first_after_epoch, journal_end, journal_start
from seriatim.sequencer.follow.proof import PROTOCOL_VERSION
from seriatim.sequencer.recorder.lag import RECORDER_COUNTER_TYPE_ID
from tests.bus.bus_help import free_udp_port, outside_driver, wait_for
from tests.recorder.recorder_help import RecorderProcess, make_journal, replayed_events, take_until

KEY = b"between us"


@pytest.fixture(scope="module")
def serving(recorded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The driver of a recorder that serves `recorded` over IPC to whoever asks."""
    log = tmp_path_factory.mktemp("serving") / "log"
    rate = ("--follower-mib-per-s", "500")
    with outside_driver() as folder, RecorderProcess(recorded / "journal", log, folder, *rate) as recorder:
        recorder.wait_for("caught up")
        recorder.wait_for("found the media driver")
        yield folder


def followers(aeron_dir: str) -> int:
    with CncFile(aeron_dir) as file:
        found = [counter for counter in file.counters.find(RECORDER_COUNTER_TYPE_ID) if counter.label == "followers"]
    return max(found, key=lambda counter: counter.registration_id).value


def test_events_and_order_come_whole_from_any_place(serving: str, recorded: Path):
    aeron_dir = serving
    whole, end = replayed_events(recorded / "journal"), journal_end(recorded / "journal")
    place = whole[whole["index"] == 1][100]
    seq = int(place["seq"])
    for from_seq, from_index in ((1, 0), (seq, 1)):
        with seriatim.follow(from_seq, "events", channel=IPC, aeron_dir=aeron_dir, from_index=from_index) as follow:
            rest = (whole["seq"] > from_seq) | ((whole["seq"] == from_seq) & (whole["index"] >= from_index))
            assert np.array_equal(take_until(follow, end), whole[rest])
            assert follow.end_seq == end
    with seriatim.follow(seq, channel=IPC, aeron_dir=aeron_dir) as follow:
        assert take_until(follow, end)["seq"].tolist() == list(range(seq, end + 1))
    with seriatim.follow(3, "events", channel=IPC, aeron_dir=aeron_dir) as follow:
        first = next(follow.objects())
        assert isinstance(first, SequencedEvent)
        assert isinstance(first.event, InstrumentDefined)
        assert first.event.instrument.symbol == "OAK"
    wait_for(lambda: followers(aeron_dir) == 0)


def test_typed_errors_cross_the_wire(serving: str, recorded: Path):
    aeron_dir = serving
    opened = first_after_epoch(recorded / "journal", 1)
    assert opened is not None
    contents: tuple[Literal["order", "events"], ...] = ("order", "events")
    for content in contents:
        with pytest.raises(OrderRewound) as rewound:
            seriatim.follow(opened + 5, content, channel=IPC, aeron_dir=aeron_dir, epoch=1)
        assert rewound.value.seq == opened
    with pytest.raises(FollowRefused, match="key"):
        seriatim.follow(1, channel=IPC, aeron_dir=aeron_dir, key=b"wrong")
    with pytest.raises(NoAnswer, match="no recorder"):
        seriatim.follow(
            1, channel=f"aeron:udp?endpoint=127.0.0.1:{free_udp_port()}", aeron_dir=aeron_dir, timeout_s=0.5
        )
    with pytest.raises(NoAnswer, match="no media driver"):
        seriatim.follow(1, channel=IPC, aeron_dir=str(recorded / "no-driver"), timeout_s=0.2)


def test_what_was_truncated_is_told_over_the_wire(copied: Path, aeron_dir: str):
    port = free_udp_port()
    channel, key_file = f"aeron:udp?endpoint=127.0.0.1:{port}", copied / "key"
    key_file.write_bytes(KEY)
    options = ("--serve", channel, "--key-file", str(key_file))
    with RecorderProcess(copied / "journal", copied / "log", aeron_dir, *options) as recorder:
        recorder.wait_for("caught up")
        recorder.wait_for("found the media driver")
        for first in scan(copied / "journal").segments[:-2]:
            segment_path(copied / "journal", first).unlink()
        with pytest.raises(PositionGone) as gone:
            seriatim.follow(1, channel=channel, aeron_dir=aeron_dir, key=KEY)
        assert gone.value.seq == journal_start(copied / "journal") > 1
        with seriatim.follow(1, "events", channel=channel, aeron_dir=aeron_dir, key=KEY) as follow:
            assert take_until(follow, 10)["seq"][0] == 3


def test_udp_needs_the_key(recorded: Path, tmp_path: Path, aeron_dir: str):
    channel = f"aeron:udp?endpoint=127.0.0.1:{free_udp_port()}"
    with pytest.raises(ConfigError, match="needs a key"):
        RecorderConfig(journal=recorded / "journal", log=tmp_path / "log", serve=(channel,))
    key_file = tmp_path / "key"
    key_file.write_bytes(KEY)
    options = ("--serve", channel, "--key-file", str(key_file))
    end = journal_end(recorded / "journal")
    with RecorderProcess(recorded / "journal", tmp_path / "log", aeron_dir, *options) as recorder:
        recorder.wait_for("caught up")
        recorder.wait_for("found the media driver")
        for key in (b"", KEY + b"!"):
            with pytest.raises(FollowRefused) as refused:
                seriatim.follow(1, channel=channel, aeron_dir=aeron_dir, key=key)
            assert refused.value.reason == FollowEnd.DENIED
        with seriatim.follow(1, channel=channel, aeron_dir=aeron_dir, key=KEY) as follow:
            assert take_until(follow, end)["seq"].tolist() == list(range(1, end + 1))
        with seriatim.follow(1, "events", channel=channel, aeron_dir=aeron_dir, key=KEY) as follow:
            assert np.array_equal(take_until(follow, end), replayed_events(recorded / "journal"))


def test_only_users_with_the_role_for_it_follow(copied: Path, aeron_dir: str):
    keys = {"desk": b"desk's", "control": b"control's", "": KEY}
    users = copied / "users.toml"
    for name, role in (("desk", "trade"), ("control", "observe")):
        (copied / f"{name}.key").write_bytes(keys[name])
        with users.open("a") as file:
            file.write(f'[{name}]\nkey-file = "{name}.key"\nroles = ["{role}"]\n')
    (copied / "venue.key").write_bytes(KEY)
    options = ("--key-file", str(copied / "venue.key"), "--users", str(users))
    with RecorderProcess(copied / "journal", copied / "log", aeron_dir, *options) as recorder:
        recorder.wait_for("found the media driver")
        refusals = [("desk", "desk", FollowEnd.NOT_ALLOWED), ("control", "desk", FollowEnd.DENIED)]
        for user, key, reason in (*refusals, ("nobody", "", FollowEnd.DENIED)):
            with pytest.raises(FollowRefused) as refused:
                seriatim.follow(1, user=user, key=keys[key], channel=IPC, aeron_dir=aeron_dir)
            assert refused.value.reason == reason
        for user in ("control", ""):
            with seriatim.follow(1, user=user, key=keys[user], channel=IPC, aeron_dir=aeron_dir) as follow:
                assert take_until(follow, 5)["seq"][0] == 1


def test_who_asks_without_a_proof_or_talks_nonsense_is_sent_nothing(serving: str):
    with Aeron(serving, name="stranger") as aeron:
        answers = aeron.add_subscription(IPC, 777_001)
        publication = aeron.add_exclusive_publication(IPC, FOLLOW_STREAM)
        wait_for(lambda: publication.is_connected)
        request = FollowRequest(
            correlation_id=1,
            from_seq=1,
            from_index=0,
            epoch=0,
            proof=bytes(32),
            content=FollowContent.ORDER,
            cluster=bytes(16),
        ).encode()
        connect = Connect(
            correlation_id=1, response_stream=777_001, protocol_version=PROTOCOL_VERSION, response_channel=IPC
        ).encode()
        strange = Connect(
            correlation_id=1,
            response_stream=777_001,
            protocol_version=PROTOCOL_VERSION,
            response_channel="aeron:ipc?sparse=true",
        ).encode()
        for message in (b"", b"x", strange, os.urandom(500), request, connect[:20], connect, request):
            wait_for(lambda message=message: publication.offer(message) >= 0)
        heard: list[int] = []

        def ended() -> bool:
            answers.poll(lambda data, _: heard.append(int.from_bytes(data[2:4], "little")))
            return len(heard) == 2

        wait_for(ended)
        assert heard == [21, 73]  # a challenge, and the end


def timed(take: Callable[[], np.ndarray]) -> tuple[np.ndarray, float]:
    """What was taken, and how many seconds it took."""
    begun = time.monotonic()
    return take(), time.monotonic() - begun


@pytest.mark.alone
def test_a_follower_that_does_not_read_holds_nobody_and_goes_on_when_it_does(tmp_path: Path, aeron_dir: str):
    journal = tmp_path / "journal"
    make_journal(journal, commands=150_000)
    end = journal_end(journal)
    with RecorderProcess(journal, tmp_path / "log", aeron_dir, "--follower-mib-per-s", "500") as recorder:
        recorder.wait_for("caught up")
        recorder.wait_for("found the media driver")
        with (
            seriatim.follow(1, "events", channel=IPC, aeron_dir=aeron_dir) as slow,
            seriatim.follow(1, "events", channel=IPC, aeron_dir=aeron_dir) as quick,
        ):
            wait_for(lambda: slow.poll() is not None)
            first, beside_s = timed(lambda: take_until(quick, end))
            cut = recorder.wait_for("a follower was cut", bound_s=40)
            assert 1 < cut["next_seq"] < end
            with seriatim.follow(1, "events", channel=IPC, aeron_dir=aeron_dir) as again:
                whole, alone_s = timed(lambda: take_until(again, end))
            assert beside_s < 3 * alone_s + 3, "it waited for the one that does not read, which is cut after 10 s"
            seen = slow.next_seq
            rest = take_until(slow, end)
        assert np.array_equal(first, whole)
        assert np.array_equal(rest[rest["seq"] > seen], whole[whole["seq"] > seen])


def test_one_follower_is_sent_no_more_than_its_rate(recorded: Path, tmp_path: Path, aeron_dir: str):
    size = replayed_events(recorded / "journal").nbytes
    with RecorderProcess(recorded / "journal", tmp_path / "log", aeron_dir, "--follower-mib-per-s", "2") as recorder:
        recorder.wait_for("caught up")
        recorder.wait_for("found the media driver")
        with seriatim.follow(1, "events", channel=IPC, aeron_dir=aeron_dir) as follow:
            begun = time.monotonic()
            take_until(follow, journal_end(recorded / "journal"))
            rate = size / (time.monotonic() - begun)
    assert rate < 1.5 * (2 << 20)


def test_followers_go_on_when_the_recorder_comes_back(recorded: Path, tmp_path: Path, aeron_dir: str):
    whole, end = replayed_events(recorded / "journal"), journal_end(recorded / "journal")
    with RecorderProcess(recorded / "journal", tmp_path / "log", aeron_dir, "--follower-mib-per-s", "2") as recorder:
        recorder.wait_for("caught up")
        recorder.wait_for("found the media driver")
        with seriatim.follow(1, "events", channel=IPC, aeron_dir=aeron_dir) as follow:
            before = take_until(follow, 5_000)
            seen = int(follow.next_seq)
            for end_it in (recorder.stop, recorder.kill):
                end_it()
                recorder.start()
            after = take_until(follow, end)
    assert np.array_equal(before, whole[whole["seq"] <= 5_000])
    assert np.array_equal(after[after["seq"] >= seen], whole[whole["seq"] >= seen])
