"""The replay service: order and events for followers on this host or others, over Aeron.

A follower says `Connect`, answers a `Challenge` with a `FollowRequest`, and is sent what it asked for on a publication
of its own, at its own pace: whatever it reads or does not read moves nobody else.
"""

import contextlib
import os
from typing import Self

import structlog

from seriatim.aeron import Aeron, AeronError, Channel, ConfigurationError, Header
from seriatim.config import FOLLOW_STREAM, RecorderConfig
from seriatim.journal import JournalError
from seriatim.journal.event_log import EventLog
from seriatim.schemas import Challenge, CodecError, Connect, FollowEnd, FollowRequest, Roles, decode
from seriatim.sequencer.follow.journal_end import journal_end
from seriatim.sequencer.follow.proof import NO_CLUSTER, PROTOCOL_VERSION, is_proof
from seriatim.sequencer.recorder.follower import Follower
from seriatim.sequencer.recorder.seldom import SeldomLog
from seriatim.trust import is_loopback
from seriatim.users import key_of

log = structlog.get_logger("seriatim.recorder")

REQUESTS_PER_TURN = 16
TERM_BYTES = 8 << 20
"""Of a follower's stream: a block is at most an eighth of it."""
ANSWER_PARAMETERS = {"endpoint", "interface", "alias"}
END_LOOKS = 64
"""The end of the journal is looked up once in so many turns."""


class ReplayService:
    """See the module. A context manager; `turn` does all of its work and never waits for a follower."""

    def __init__(self, aeron: Aeron, config: RecorderConfig, cluster_id: bytes) -> None:
        self._aeron = aeron
        self._config = config
        self._cluster_id = cluster_id
        self._seldom = SeldomLog("seriatim.recorder")
        self._log = EventLog(config.log)
        self._subscriptions = [aeron.add_subscription(channel, FOLLOW_STREAM) for channel in config.serve]
        self._requests: list[tuple[int, bytes]] = []
        self._followers: dict[int, Follower] = {}
        self._turns = 0
        self._end_seq = 0

    @property
    def count(self) -> int:
        """How many are connected."""
        return len(self._followers)

    def turn(self) -> bool:
        """Takes requests and sends what followers may be sent; true if there was anything to do."""
        for subscription in self._subscriptions:
            subscription.poll(self._keep, REQUESTS_PER_TURN)
        requests, self._requests = self._requests, []
        for session_id, data in requests:
            self._take(session_id, data)
        if not self._followers:
            return bool(requests)
        if self._turns % END_LOOKS == 0:
            with contextlib.suppress(JournalError, OSError):  # whoever reads what is damaged is told
                self._end_seq = journal_end(self._config.journal)
        self._turns += 1
        sent = [follower.turn(self._end_seq) for follower in self._followers.values()]
        self._part()
        return bool(requests) or any(sent)

    def _keep(self, data: memoryview, header: Header) -> None:
        self._requests.append((header.session_id, bytes(data)))

    def _take(self, session_id: int, data: bytes) -> None:
        try:
            message = decode(data)
            message.as_dict()  # a field is decoded when it is read: all of them here, where nonsense ends nobody
        except CodecError:
            return
        follower = self._followers.get(session_id)
        if isinstance(message, Connect) and follower is None:
            self._open(session_id, message)
        elif isinstance(message, FollowRequest) and follower is not None and not follower.is_following:
            self._begin(follower, message)

    def _open(self, session_id: int, connect: Connect) -> None:
        if len(self._followers) >= 2 * self._config.followers_max:
            return  # strangers that never ask are dropped after a while
        try:
            channel = answer_channel(connect.response_channel, self._config.listen_beyond_loopback)
            publication = self._aeron.add_exclusive_publication(channel, connect.response_stream)
        except AeronError as error:
            event = "a follower's channel cannot be opened"
            self._seldom.warning(event, channel=connect.response_channel, error=str(error))
            return
        nonce = os.urandom(32)
        follower = Follower(publication, connect.correlation_id, nonce, self._config.follower_bytes_per_s)
        self._followers[session_id] = follower
        if connect.protocol_version != PROTOCOL_VERSION:
            follower.end(FollowEnd.UNSUPPORTED_VERSION)
        else:
            follower.say(Challenge(correlation_id=connect.correlation_id, nonce=nonce).encode())

    def _begin(self, follower: Follower, request: FollowRequest) -> None:
        known = key_of(self._config.users, self._config.key, request.user or "")
        if known is None or not is_proof(request, follower.nonce, known[0]):
            self._seldom.warning("a follower was refused: its key is not its user's", user=request.user)
            follower.end(FollowEnd.DENIED)
        elif not known[1] & Roles.OBSERVE:
            self._seldom.warning("a follower was refused: it lacks the role `observe`", user=request.user)
            follower.end(FollowEnd.NOT_ALLOWED)
        elif sum(other.is_following for other in self._followers.values()) >= self._config.followers_max:
            follower.end(FollowEnd.TOO_MANY)
        elif (request.cluster or NO_CLUSTER) not in (NO_CLUSTER, self._cluster_id):
            follower.end(FollowEnd.OTHER_JOURNAL)
        else:
            follower.begin(request, self._config.journal, self._log, self._cluster_id)

    def _part(self) -> None:
        for session_id, follower in list(self._followers.items()):
            if not follower.ended:
                continue
            if follower.cut:
                log.warning("a follower was cut because it does not read", next_seq=follower.next_seq)
            follower.close()
            del self._followers[session_id]

    def close(self) -> None:
        """Tells followers that this ends."""
        for follower in self._followers.values():
            follower.end(FollowEnd.STOPPING, follower.next_seq)
            follower.turn(self._end_seq)
            follower.close()
        self._followers.clear()
        self._log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def answer_channel(uri: str, beyond_loopback: bool) -> Channel:
    """What is opened for a follower: IPC or UDP, nothing that a stranger could use to make us open more, and nothing
    beyond this machine unless that is allowed.

    Raises ConfigurationError.
    """
    channel = Channel.parse(uri)
    if channel.is_spy or channel.media not in ("ipc", "udp") or set(channel.parameters) - ANSWER_PARAMETERS:
        raise ConfigurationError(f"followers are answered over aeron:ipc, or aeron:udp with an endpoint, not {uri!r}")
    if channel.media == "udp" and not beyond_loopback and not is_loopback(channel):
        raise ConfigurationError(f"followers beyond this machine are not served, so not {uri!r}")
    return channel.replace(term_length_bytes=TERM_BYTES)
