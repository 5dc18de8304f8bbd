"""A raw publication onto a node's ingress: any bytes, and the protocol by hand so that it can be spoken wrongly."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, TypeVar

from seriatim.aeron import Aeron, OfferResult
from seriatim.config import INGRESS_STREAM, IPC
from seriatim.connection import PROTOCOL_VERSION, messages, prove
from seriatim.journal.block import crc32c
from seriatim.schemas import Boolean, Challenge, Command, Connect, Logon, Refused, SessionOpened
from tests.bus.bus_help import wait_for

M = TypeVar("M")
_streams = count(500_000)


class Door:
    """One connection to a node. Nothing is sent but what a test asks for."""

    def __init__(self, aeron: Aeron) -> None:
        self.stream = next(_streams)
        self.publication = aeron.add_exclusive_publication(IPC, INGRESS_STREAM)
        self._egress = aeron.add_subscription(IPC, self.stream)
        self.inbox: list[Any] = []
        self.nonce = b""
        wait_for(lambda: self.publication.is_connected)

    def send(self, message: bytes) -> None:
        """Sends bytes as one Aeron message."""
        retried = (OfferResult.BACK_PRESSURED, OfferResult.ADMIN_ACTION)

        def sent() -> bool:
            result = self.publication.offer(message)
            assert result > 0 or result in retried, result
            return result > 0

        wait_for(sent)

    def connect_message(self, channel: str = IPC, version: int = PROTOCOL_VERSION, stream: int | None = None) -> bytes:
        """A Connect that asks for answers on our stream, or on another one."""
        stream = self.stream if stream is None else stream
        return Connect(
            correlation_id=7, response_stream=stream, protocol_version=version, response_channel=channel
        ).encode()

    def connect(self) -> None:
        """Connects, and keeps the challenge."""
        self.send(self.connect_message())
        self.nonce = bytes(self.receive(Challenge).nonce)

    def logon_message(self, session: int = 0, key: bytes = b"", correlation_id: int = 9) -> bytes:
        """A Logon that answers the challenge."""
        proof = prove(key, self.nonce, session, 1, resumes=False, user="")
        return Logon(
            correlation_id=correlation_id, session=session, proof=proof, instance=1, resumes=Boolean.FALSE
        ).encode()

    def log_on(self, session: int = 0) -> SessionOpened:
        """Connects and logs on."""
        self.connect()
        self.send(self.logon_message(session))
        return self.receive(SessionOpened)

    def poll(self) -> None:
        """Adds what has come to the inbox."""
        self._egress.poll(lambda data, _: self.inbox.extend(messages(data)))

    def receive(self, kind: type[M]) -> M:
        """The next message of this kind; what came before it is dropped."""

        def found() -> M | None:
            self.poll()
            while self.inbox:
                message = self.inbox.pop(0)
                if isinstance(message, kind):
                    return message
            return None

        return wait_for(found)

    def refusal(self) -> Refused:
        """The next refusal."""
        return self.receive(Refused)


def frame(opened: SessionOpened, number: int, body: bytes, **lies: int) -> bytes:
    """A command frame of a session; `lies` replaces fields."""
    fields = {
        "number": number,
        "acked_through": 0,
        "session": opened.session,
        "session_epoch": opened.session_epoch,
        "crc": crc32c(0, body),
        "body_length": len(body),
    }
    return Command(**{**fields, **lies}).encode() + body


@contextmanager
def doors(aeron_dir: str) -> Iterator[Any]:
    """Gives a function that opens doors to the node of this driver."""
    with Aeron(aeron_dir, name="door") as aeron:
        yield lambda: Door(aeron)
