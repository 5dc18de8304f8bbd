"""A follower of a recorder's replay service: this side of the connection, which is made again when it is lost."""

import os
import time
from collections import deque
from collections.abc import Iterator
from typing import Any

import structlog

from seriatim.aeron import Aeron, AeronError, FragmentAssembler, Header, is_driver_active
from seriatim.config import FOLLOW_STREAM, IPC
from seriatim.errors import Disconnected, FollowRefused, NoAnswer, OrderRewound, PositionGone, SeriatimError
from seriatim.journal import Block, JournalError
from seriatim.journal.event_log import Record
from seriatim.limits import DRIVER_TIMEOUT_MS, NODE_SILENCE_S
from seriatim.schemas import (
    BlockHeader,
    Challenge,
    CodecError,
    Connect,
    EventRecord,
    FollowContent,
    FollowEnd,
    FollowEnded,
    FollowPosition,
    FollowRequest,
    decode,
)
from seriatim.sequencer.follow.commands import Commands
from seriatim.sequencer.follow.proof import NO_CLUSTER, PROTOCOL_VERSION, proof_of
from seriatim.sequencer.follow.sources import Batch, at_or_after, gone

log = structlog.get_logger("seriatim.follow")

STREAM_IDS = range(1_000, 2**31 - 1)
FRAGMENTS_PER_POLL = 64
PAUSE_S = 0.001
RECONNECT_PAUSE_S = 0.25
ASK_INTERVAL_S = 0.5
CONTENTS = {"order": FollowContent.ORDER, "events": FollowContent.EVENTS}
REFUSALS = {
    FollowEnd.DENIED: "the key is not the recorder's, or not this user's; check user and key on both sides",
    FollowEnd.NOT_ALLOWED: "this user lacks the role `observe`; the recorder's list of users gives it",
    FollowEnd.UNSUPPORTED_VERSION: "the recorder speaks another version; install the same release on both sides",
    FollowEnd.TOO_MANY: "the recorder serves as many followers as it may",
    FollowEnd.FAILED: "the recorder cannot read its log or journal; see its log",
    FollowEnd.OTHER_JOURNAL: "another journal's recorder has taken the place of the one that was followed: its order "
    "is another one. Follow anew to have it, or start the recorder of the first one on a channel of its own",
}


class RemoteSource:
    """Has received everything before a place; whatever connection it has goes on from there, so nothing is missed and
    nothing comes twice. `next_seq` is how much of it was given."""

    def __init__(
        self,
        where: tuple[str, str, str | None],
        content: str,
        place: tuple[int, int, int | None],
        key: bytes,
        user: str,
        *,
        timeout_s: float,
        reconnect_s: float,
    ) -> None:
        self._aeron_dir, self._channel, response = where
        local = self._channel.startswith(IPC)
        self._response_channel = response or (IPC if local else "aeron:udp?endpoint=127.0.0.1:0")
        self._content = CONTENTS[content]
        self._seq, self._index, self._epoch = place  # what is to be received next
        self.next_seq = self._seq
        self._key, self._user = key, user
        self._timeout_s, self._reconnect_s = timeout_s, reconnect_s
        self._end_seq = 0
        self._reached_seq = 0
        self._cluster = NO_CLUSTER
        self._aeron: Aeron | None = None
        self._batches: deque[tuple[Batch, int]] = deque()
        self._lost: str | None = None
        self._sender: int | None = None
        self._steps: Iterator[str] | None = None
        self._step_until = self._step_at = self._give_up_at = 0.0
        self._no_recorder = f"no recorder serves followers on {self._channel}"
        self._connect()

    @property
    def end_seq(self) -> int:
        """As the service said last."""
        return max(self._end_seq, self._reached_seq)

    def poll(self) -> Batch | None:
        if not self._batches:
            if self._lost is None and self._steps is None:
                self._listen()
            else:
                self._reconnect()
        if not self._batches:
            return None
        batch, self.next_seq = self._batches.popleft()
        self._reached_seq = self.next_seq - 1
        return batch

    def pause(self) -> None:
        """Nobody waits for this follower."""

    def _listen(self) -> None:
        try:
            if self._subscription.poll(self._assembler, FRAGMENTS_PER_POLL):
                self._heard_at = time.monotonic()
            elif not self._subscription.is_connected:
                self._lost = "the stream has ended"
            elif time.monotonic() - self._heard_at > NODE_SILENCE_S:
                self._lost = f"nothing was heard for {NODE_SILENCE_S} s"
        except AeronError as error:
            self._lost = str(error)

    def _on_message(self, data: memoryview, header: Header) -> None:
        if self._sender not in (None, header.session_id):
            return  # another recorder on the same stream
        try:
            message = decode(data)
            if isinstance(message, Challenge):
                self._sender, self._nonce = header.session_id, bytes(message.nonce)
            self._take(message, data)
        except (JournalError, CodecError) as error:
            self._lost = f"what came over {self._channel} is damaged: {error}"

    def _take(self, message: Any, data: memoryview) -> None:
        match message:
            case BlockHeader():
                self._take_block(bytes(data))
            case EventRecord():
                self._take_record(Record.decode(data))
            case FollowPosition():
                self._cluster, self._end_seq = message.cluster or NO_CLUSTER, message.end_seq
                self._is_followed = True
            case FollowEnded():
                self._take_end(message.reason, message.seq)

    def _take_block(self, data: bytes) -> None:
        block = Block(data)
        block.check_crc()
        if block.first_seq > self._seq:
            self._lost = f"seq {self._seq} was left out"
            return
        commands = Commands.of(block, self._seq)
        if len(commands):
            self._seq, self._epoch = block.next_seq, int(commands.rows["epoch"][-1])
            self._batches.append((commands, self._seq))

    def _take_record(self, record: Record) -> None:
        if record.first_seq > self._seq:
            self._lost = f"seq {self._seq} was left out"
            return
        events = record.events.where(at_or_after(record.events.rows, self._seq, self._index))
        if not record.rows_left:
            self._seq, self._index = max(record.next_seq, self._seq), 0
        elif len(events):
            self._seq, self._index = int(events.rows["seq"][-1]), int(events.rows["index"][-1]) + 1
        self._epoch = record.epoch
        self._batches.append((events, self._seq))

    def _take_end(self, reason: FollowEnd, seq: int) -> None:
        match reason:
            case FollowEnd.GONE:
                raise gone(self._seq, seq) if seq else PositionGone("the recorder has nothing to go on from", 0)
            case FollowEnd.REWOUND:
                raise OrderRewound(seq)
            case FollowEnd.STOPPING:
                self._lost = "the recorder stops"
            case _:
                raise FollowRefused(REFUSALS[reason], reason)

    def _connect(self) -> None:
        """Waits for the first connection. Raises what stands in its way."""
        until = time.monotonic() + self._timeout_s
        try:
            for waits_for in self._connecting():
                self._refuse_late(waits_for, until)
                time.sleep(PAUSE_S)
        except BaseException:
            self._disconnect()
            raise

    def _connecting(self) -> Iterator[str]:
        """Connects step by step, and gives what it waits for whenever there is nothing to do but look again."""
        while not is_driver_active(self._aeron_dir):
            yield f"no media driver in {self._aeron_dir}"
        try:
            self._aeron = Aeron(self._aeron_dir, name="seriatim-follower", driver_timeout_ms=DRIVER_TIMEOUT_MS)
            yield self._no_recorder
            yield from self._asking(self._aeron)
        except AeronError as error:
            raise Disconnected(f"cannot reach a recorder on {self._channel}: {error}") from error
        self._heard_at = time.monotonic()

    def _asking(self, aeron: Aeron) -> Iterator[str]:
        """Answers the challenge, and asks for what follows."""
        stream = STREAM_IDS.start + int.from_bytes(os.urandom(4), "little") % len(STREAM_IDS)
        self._subscription = aeron.add_subscription(self._response_channel, stream)
        self._assembler = FragmentAssembler(self._on_message)
        self._nonce, self._sender, self._is_followed, self._lost = b"", None, False, None
        yield self._no_recorder
        self._publication = publication = aeron.add_exclusive_publication(self._channel, FOLLOW_STREAM)
        while not publication.is_connected:
            yield self._no_recorder
        correlation_id = int.from_bytes(os.urandom(8), "little") >> 1
        connect = Connect(
            correlation_id=correlation_id,
            response_stream=stream,
            protocol_version=PROTOCOL_VERSION,
            response_channel=self._subscription.resolved_channel or self._response_channel,
        ).encode()
        ask_at = 0.0
        while not self._nonce:
            # Said again, should a recorder that has died have been all who listened.
            if time.monotonic() > ask_at and publication.offer(connect) > 0:
                ask_at = time.monotonic() + ASK_INTERVAL_S
            yield f"the recorder on {self._channel} sent no challenge"
            self._hear()
        request = self._request(correlation_id, bytes(32))
        request = self._request(correlation_id, proof_of(self._key, self._nonce, request)).encode()
        while publication.offer(request) < 0:
            yield self._no_recorder
        while not self._is_followed and not self._batches:
            yield "the recorder began nothing"
            self._hear()

    def _hear(self) -> None:
        """Listens while it connects. Raises Disconnected if the recorder ends it."""
        self._subscription.poll(self._assembler, FRAGMENTS_PER_POLL)
        if self._lost is not None:
            raise Disconnected(self._lost)

    def _request(self, correlation_id: int, proof: bytes) -> FollowRequest:
        return FollowRequest(
            correlation_id=correlation_id,
            from_seq=self._seq,
            from_index=self._index,
            epoch=self._epoch or 0,
            proof=proof,
            content=self._content,
            user=self._user,
            cluster=self._cluster,
        )

    def _refuse_late(self, waits_for: str, until: float) -> None:
        if time.monotonic() > until:
            raise NoAnswer(f"{waits_for} (waited {self._timeout_s} s)")

    def _reconnect(self) -> None:
        """One step towards a new connection. Raises Disconnected after `reconnect_s` in vain, and what mends itself
        not."""
        now = time.monotonic()
        if self._give_up_at == 0.0:
            log.warning("follower lost its stream, goes on from the log", next_seq=self._seq, why=self._lost,
                        end_seq=self.end_seq)  # fmt: skip
            self._give_up_at = now + self._reconnect_s
        if now < self._step_at:
            return
        try:
            if self._steps is None:
                self._disconnect()
                self._steps, self._step_until = self._connecting(), now + self._timeout_s
            waits_for = next(self._steps, None)
            if waits_for is None:
                self._steps, self._give_up_at = None, 0.0
            else:
                self._refuse_late(waits_for, self._step_until)
        except (NoAnswer, Disconnected) as error:
            self._rest(error)
        except BaseException as error:
            self._lost = str(error)
            self._disconnect()
            raise

    def _rest(self, error: SeriatimError) -> None:
        """After a try in vain: the next one in a moment. Raises Disconnected when there is no time left."""
        self._disconnect()
        self._lost = str(error)
        now = time.monotonic()
        if now > self._give_up_at:
            self._give_up_at = 0.0
            raise Disconnected(
                f"no recorder took this follower back at seq {self._seq} in {self._reconnect_s} s: {error}"
            ) from error
        self._step_at = now + RECONNECT_PAUSE_S

    def _disconnect(self) -> None:
        self._steps = None
        if self._aeron is not None:
            self._aeron.close()
            self._aeron = None

    def close(self) -> None:
        """Ends the stream."""
        self._disconnect()
