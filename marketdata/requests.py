"""The request service: messages that a receiver has missed, and snapshots, to each on a stream of its own.

The data are public, so nobody proves who they are. Whoever can send to the channel can ask; nobody is waited for, and
each is sent so much a second and no more.
"""

import time

from seriatim.aeron import Aeron, AeronError, Header
from seriatim.marketdata.market import Market
from seriatim.marketdata.requester import Past, Requester
from seriatim.marketdata.settings import REQUEST_STREAM, PublisherConfig
from seriatim.schemas import CodecError, MarketRequest, decode
from seriatim.sequencer.recorder.seldom import SeldomLog
from seriatim.sequencer.recorder.service import answer_channel

REQUESTS_PER_TURN = 16
TURN_S = 0.002
"""How long requesters are answered before public messages have their turn."""
TERM_BYTES = 1 << 20
"""Of a requester's stream, which takes three times as much of the driver's memory."""


class RequestService:
    """See the module. `turn` does all of its work."""

    def __init__(self, aeron: Aeron, config: PublisherConfig) -> None:
        self._aeron = aeron
        self._config = config
        self._seldom = SeldomLog("seriatim.publisher")
        self._subscriptions = [aeron.add_subscription(channel, REQUEST_STREAM) for channel in config.requests]
        self._taken: list[tuple[int, bytes]] = []
        self._requesters: dict[int, Requester] = {}

    @property
    def count(self) -> int:
        """How many requesters there are."""
        return len(self._requesters)

    def turn(self, past: Past, market: Market) -> bool:
        """Takes requests and sends what requesters may be sent; True if there was anything to do."""
        for subscription in self._subscriptions:
            subscription.poll(self._keep, REQUESTS_PER_TURN)
        taken, self._taken = self._taken, []
        for session_id, data in taken:
            self._take(session_id, data)
        return self._answer(past, market) or bool(taken)

    def _answer(self, past: Past, market: Market) -> bool:
        """One after the other for a moment; who has had a turn is the last to have the next one."""
        until, worked = time.monotonic() + TURN_S, False
        for session_id in list(self._requesters):
            requester = self._requesters.pop(session_id)
            worked |= requester.turn(past, market)
            if requester.ended:
                self._part(requester)
            else:
                self._requesters[session_id] = requester
            if time.monotonic() > until:
                break
        return worked

    def _keep(self, data: memoryview, header: Header) -> None:
        self._taken.append((header.session_id, bytes(data)))

    def _take(self, session_id: int, data: bytes) -> None:
        try:
            request = decode(data)
            request.as_dict()  # a field is decoded when it is read: all of them here, where nonsense ends nobody
        except CodecError:
            return
        if not isinstance(request, MarketRequest):
            return
        requester = self._requesters.get(session_id) or self._open(session_id, request)
        if requester is not None:
            requester.ask(request)

    def _open(self, session_id: int, request: MarketRequest) -> Requester | None:
        if not self._has_room():
            self._seldom.warning("a request was left out: as many are being answered as may be")
            return None
        try:
            channel = answer_channel(request.response_channel, self._config.listen_beyond_loopback)
            channel = channel.replace(term_length_bytes=TERM_BYTES)
            publication = self._aeron.add_exclusive_publication(channel, request.response_stream)
        except AeronError as error:
            event = "a requester's channel cannot be opened"
            self._seldom.warning(event, channel=request.response_channel, error=str(error))
            return None
        self._requesters[session_id] = Requester(publication, self._config.requester_bytes_per_s)
        return self._requesters[session_id]

    def _has_room(self) -> bool:
        """For one more requester; one that waits for nothing makes room, and may come again."""
        if len(self._requesters) < self._config.requesters_max:
            return True
        idle = next((session_id for session_id, other in self._requesters.items() if other.is_idle), None)
        if idle is not None:
            self._part(self._requesters.pop(idle))
        return idle is not None

    def _part(self, requester: Requester) -> None:
        if requester.cut:
            self._seldom.warning("a requester was cut because it does not read")
        requester.close()
