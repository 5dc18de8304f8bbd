"""The request service: messages that a receiver has missed, and snapshots, to each on a stream of its own.

The data are public, so nobody proves who they are. Whoever can send to the channel can ask; nobody is waited for, and
each is sent so much a second and no more.
"""

from seriatim.aeron import Aeron, AeronError, Header
from seriatim.marketdata.market import Market
from seriatim.marketdata.requester import Past, Requester
from seriatim.marketdata.settings import PROTOCOL_VERSION, REQUEST_STREAM, PublisherConfig
from seriatim.schemas import CodecError, MarketRequest, MarketRequestEnd, MarketRequestEnded, decode
from seriatim.sequencer.recorder.seldom import SeldomLog
from seriatim.sequencer.recorder.service import answer_channel

REQUESTS_PER_TURN = 16


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
        sent = [requester.turn(past, market) for requester in self._requesters.values()]
        self._part()
        return bool(taken) or any(sent)

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
        if requester is None:
            return
        if request.protocol_version == PROTOCOL_VERSION:
            requester.ask(request)
            return
        reason, correlation_id = MarketRequestEnd.UNSUPPORTED_VERSION, request.correlation_id
        requester.publication.offer(MarketRequestEnded(correlation_id=correlation_id, number=0, reason=reason).encode())

    def _open(self, session_id: int, request: MarketRequest) -> Requester | None:
        if len(self._requesters) >= self._config.requesters_max:
            self._seldom.warning("a request was left out: as many are being answered as may be")
            return None
        try:
            channel = answer_channel(request.response_channel, self._config.listen_beyond_loopback)
            publication = self._aeron.add_exclusive_publication(channel, request.response_stream)
        except AeronError as error:
            event = "a requester's channel cannot be opened"
            self._seldom.warning(event, channel=request.response_channel, error=str(error))
            return None
        self._requesters[session_id] = Requester(publication, self._config.requester_bytes_per_s)
        return self._requesters[session_id]

    def _part(self) -> None:
        for session_id, requester in list(self._requesters.items()):
            if not requester.ended:
                continue
            if requester.cut:
                self._seldom.warning("a requester was cut because it does not read")
            requester.close()
            del self._requesters[session_id]
