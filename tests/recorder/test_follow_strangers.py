"""What strangers send to a recorder, with or without a key: it goes on, serves others, and says little of it."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

import seriatim
from seriatim.aeron import Aeron, ExclusivePublication, Subscription
from seriatim.config import FOLLOW_STREAM, IPC
from seriatim.schemas import Challenge, Connect, FollowContent, FollowRequest, decode
from seriatim.sequencer.follow.proof import NO_CLUSTER, PROTOCOL_VERSION, proof_of
from tests.bus.bus_help import wait_for
from tests.recorder.recorder_help import RecorderProcess, take_until

_streams = count(777_002)
"""Each stranger is answered on another one: what was said to one who has left comes late."""


@pytest.fixture
def recorder(recorded: Path, tmp_path: Path, aeron_dir: str) -> Iterator[RecorderProcess]:
    """A recorder that serves whoever asks."""
    with RecorderProcess(recorded / "journal", tmp_path / "log", aeron_dir) as recorder:
        recorder.wait_for("caught up")
        recorder.wait_for("found the media driver")
        yield recorder


@contextmanager
def stranger(aeron_dir: str) -> Iterator[tuple[ExclusivePublication, Subscription]]:
    """Somebody with a connection of his own: where he sends, and where he is answered."""
    with Aeron(aeron_dir, name="stranger") as aeron:
        answers = aeron.add_subscription(IPC, next(_streams))
        publication = aeron.add_exclusive_publication(IPC, FOLLOW_STREAM)
        wait_for(lambda: publication.is_connected)
        yield publication, answers


def connect(answers: Subscription) -> bytes:
    """Asks for answers there."""
    return Connect(
        correlation_id=1,
        response_stream=answers.stream_id,
        protocol_version=PROTOCOL_VERSION,
        response_channel=IPC,
    ).encode()


def say(publication: ExclusivePublication, message: bytes) -> None:
    wait_for(lambda: publication.offer(message) >= 0)


def challenge(answers: Subscription) -> bytes:
    """The nonce that came."""
    heard: list[bytes] = []
    wait_for(lambda: answers.poll(lambda data, _: heard.append(bytes(data))))
    message = decode(heard[0])
    assert isinstance(message, Challenge)
    return bytes(message.nonce)


def follow_request(nonce: bytes = bytes(32)) -> bytes:
    """A whole request, with a proof under the empty key."""

    def made(proof: bytes) -> FollowRequest:
        return FollowRequest(
            correlation_id=1,
            from_seq=1,
            from_index=0,
            epoch=0,
            proof=proof,
            content=FollowContent.ORDER,
            user="",
            cluster=NO_CLUSTER,
        )

    return made(proof_of(b"", nonce, made(bytes(32)))).encode()


def serves(aeron_dir: str) -> bool:
    with seriatim.follow(1, channel=IPC, aeron_dir=aeron_dir) as follow:
        return len(take_until(follow, 5)) == 5


def test_a_channel_that_is_no_text_ends_nobody(recorder: RecorderProcess, aeron_dir: str):
    with stranger(aeron_dir) as (publication, answers):
        say(publication, connect(answers).replace(IPC.encode(), b"aeron:\xff\xfe"[: len(IPC)].ljust(len(IPC), b"c")))
        assert serves(aeron_dir)
    assert recorder.process.poll() is None


@pytest.mark.parametrize("content", [0, 3, 255])
def test_a_request_for_what_there_is_not_ends_nobody(recorder: RecorderProcess, aeron_dir: str, content: int):
    place = 8 + FollowRequest.content.offset
    with stranger(aeron_dir) as (publication, answers):
        say(publication, connect(answers))
        request = follow_request(challenge(answers))
        say(publication, request[:place] + bytes([content]) + request[place + 1 :])
        assert serves(aeron_dir)
    assert recorder.process.poll() is None


def test_whatever_bytes_a_message_has_it_ends_nobody(recorder: RecorderProcess, aeron_dir: str):
    chance = random.Random(15)
    for turn in range(30):
        with stranger(aeron_dir) as (publication, answers):
            if turn % 2:
                say(publication, connect(answers))
                message = bytearray(follow_request(challenge(answers)))
            else:
                message = bytearray(connect(answers))
            for _ in range(chance.randint(1, 6)):
                message[chance.randrange(6, len(message))] = chance.choice((0, 1, 127, 128, 255, chance.randrange(256)))
            say(publication, bytes(message))
            say(publication, bytes(message[: chance.randrange(len(message))]))
    assert serves(aeron_dir)
    assert recorder.process.poll() is None


def test_bad_channels_do_not_fill_the_log(recorder: RecorderProcess, aeron_dir: str):
    nowhere = Connect(
        correlation_id=1, response_stream=1, protocol_version=PROTOCOL_VERSION, response_channel="x" * 900
    )
    with stranger(aeron_dir) as (publication, _):
        for _ in range(300):
            say(publication, nowhere.encode())
        assert serves(aeron_dir)
    warnings = recorder.heard("channel cannot be opened")
    assert 1 <= len(warnings) <= 2
    assert len(warnings[0]["channel"]) <= 200


def test_channels_that_are_none_are_refused_at_the_start(recorded: Path, tmp_path: Path, aeron_dir: str):
    for channel in ("bogus", "", "aeron-spy:aeron:udp?endpoint=127.0.0.1:9"):
        with RecorderProcess(recorded / "journal", tmp_path / "log", aeron_dir, "--serve", channel) as recorder:
            wait_for(lambda recorder=recorder: recorder.process.poll() is not None)
            recorder._listener.join()
            assert recorder.process.returncode == 1
            assert "a channel looks like" in recorder.said[-1]["event"]
    assert not (tmp_path / "log").exists()


def test_a_channel_that_the_driver_cannot_open_is_said_once(recorded: Path, tmp_path: Path, aeron_dir: str):
    (tmp_path / "key").write_bytes(b"between us")
    options = ("--serve", "aeron:udp?endpoint=192.0.2.1:9301", "--listen-beyond-loopback")
    key = ("--key-file", str(tmp_path / "key"))
    with RecorderProcess(recorded / "journal", tmp_path / "log", aeron_dir, *options, *key) as recorder:
        wait_for(lambda: recorder.process.poll() is not None)
        recorder._listener.join()
        assert recorder.process.returncode == 1
        assert "followers cannot be served on aeron:udp" in " ".join(line["event"] for line in recorder.said)


def test_a_second_recorder_on_a_channel_is_refused(recorder: RecorderProcess, copied: Path, aeron_dir: str):
    with RecorderProcess(copied / "journal", copied / "log", aeron_dir) as second:
        wait_for(lambda: second.process.poll() is not None)
        second._listener.join()
        assert second.process.returncode == 1
        assert f"process {recorder.process.pid} serves followers on aeron:ipc" in second.said[-1]["event"]
    assert serves(aeron_dir)
