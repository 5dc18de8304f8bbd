"""How a client gets to a node: two Aeron streams, a challenge and a logon."""

import hashlib
import hmac
import math
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from seriatim._native import ffi
from seriatim.aeron import Aeron, AeronError
from seriatim.config import INGRESS_STREAM, IPC, ClientConfig
from seriatim.drivers import driver_runs
from seriatim.errors import Disconnected, LogonRefused, NoAnswer, SessionExpired
from seriatim.limits import DRIVER_TIMEOUT_MS
from seriatim.schemas import Boolean, Challenge, Connect, Event, Logon, RefusalReason, Refused, SessionOpened, decode
from seriatim.users import NAME_BYTES_MAX

T = TypeVar("T")

PROTOCOL_VERSION = 2
STREAM_IDS = range(1_000, 2**31 - 1)
POLL_PAUSE_S = 0.0005
FRAME_ALIGNMENT = 8


@dataclass(frozen=True, slots=True)
class LoggedOn:
    """What a logon gave."""

    session: int
    epoch: int
    next_number: int
    window: int

    def native(self) -> Any:
        """As the native session takes it."""
        fields = {"session": self.session, "epoch": self.epoch, "next_number": self.next_number, "window": self.window}
        return ffi.new("seriatim_logon_t *", fields)


class Connection:
    """One client's streams to and from a node.

    Raises Disconnected if there is no driver, NoAnswer if no node answers.
    """

    def __init__(self, config: ClientConfig, deadline: float = math.inf) -> None:
        """`deadline`, of the monotonic clock, for the logon too, should the config's timeout be later."""
        self._config = config
        begin = time.monotonic()
        self._deadline = min(begin + config.timeout_s, deadline)
        self._patience_s = round(max(self._deadline - begin, 0.0), 1)
        self._await_driver()
        try:
            self._aeron = Aeron(config.aeron_dir, name="seriatim-client", driver_timeout_ms=DRIVER_TIMEOUT_MS)
        except AeronError as error:
            raise Disconnected(f"no media driver: {error}. Start a node, or `seriatim driver`") from error
        try:
            with reaching():
                self._open()
        except BaseException:
            self.close()
            raise

    def _await_driver(self) -> None:
        # Aeron itself would wait for as long as a driver may be silent, whatever our own patience is.
        while not driver_runs(self._config.aeron_dir):
            if time.monotonic() > self._deadline:
                where, waited_s = self._config.aeron_dir, self._patience_s
                raise Disconnected(
                    f"no media driver in {where} (waited {waited_s} s); start a node, or `seriatim driver`"
                )
            time.sleep(POLL_PAUSE_S)

    def _open(self) -> None:
        config = self._config
        # A stream of our own among all clients of a driver: 31 random bits do not meet by chance.
        stream = STREAM_IDS.start + int.from_bytes(os.urandom(4), "little") % len(STREAM_IDS)
        self._subscription = self._aeron.add_subscription(config.egress or default_egress(config.ingress), stream)
        self._publication = self._aeron.add_exclusive_publication(config.ingress, INGRESS_STREAM)
        self._wait(lambda: self._publication.is_connected, "no node listens on {ingress}; is it running?")
        channel = self._subscription.resolved_channel or self._subscription.channel
        correlation_id = int.from_bytes(os.urandom(8), "little") >> 1
        self._offer(
            Connect(
                correlation_id=correlation_id,
                response_stream=stream,
                protocol_version=PROTOCOL_VERSION,
                response_channel=channel,
            ).encode()
        )
        self._nonce = bytes(self._await_message(Challenge, correlation_id).nonce)

    @property
    def pointers(self) -> tuple[Any, Any]:
        """Publication and subscription, for the native session."""
        with reaching():
            return self._publication.pointer, self._subscription.pointer

    def is_alive(self) -> bool:
        """Whether the node is still there at both ends."""
        try:
            return not self._aeron.closed and self._publication.is_connected and self._subscription.is_connected
        except AeronError:
            return False

    def heard_bytes(self) -> int:
        """How much has been read from the node; its heartbeats make it grow when nothing else does."""
        with reaching():
            return sum(image.position for image in self._subscription.images)

    def log_on(self, session: int, instance: int, *, resumes: bool) -> LoggedOn:
        """Logs a session on, 0 for a new one. `instance` tells this client from others; one that `resumes` takes no
        session from another instance. Raises LogonRefused, NoAnswer or Disconnected.
        """
        with reaching():
            return self._log_on(session, instance, resumes)

    def _log_on(self, session: int, instance: int, resumes: bool) -> LoggedOn:
        correlation_id = int.from_bytes(os.urandom(8), "little") >> 1
        user = self._config.user
        proof = prove(self._config.key, self._nonce, session, instance, resumes=resumes, user=user)
        self._offer(
            Logon(
                correlation_id=correlation_id,
                session=session,
                proof=proof,
                instance=instance,
                resumes=Boolean.TRUE if resumes else Boolean.FALSE,
                user=user,
            ).encode()
        )
        opened = self._await_message(SessionOpened, correlation_id)
        return LoggedOn(opened.session, opened.session_epoch, opened.next_number, opened.window)

    def close(self) -> None:
        """Closes both streams, whatever has become of the driver."""
        with suppress(AeronError):
            self._aeron.close()

    def _wait(self, condition: Any, why: str) -> None:
        while not condition():
            if time.monotonic() > self._deadline:
                raise NoAnswer(why.format(ingress=self._config.ingress) + f" (waited {self._patience_s} s)")
            time.sleep(POLL_PAUSE_S)

    def _offer(self, message: bytes) -> None:
        self._wait(lambda: self._publication.offer(message) > 0, "the node on {ingress} does not read")

    def _await_message(self, kind: type[T], correlation_id: int) -> T:
        found: list[T] = []

        def on_fragment(data: memoryview, _header: object) -> None:
            for message in messages(data):
                if isinstance(message, kind):
                    found.append(message)
                elif isinstance(message, Refused) and message.number == correlation_id:
                    reason = message.reason
                    error = SessionExpired if reason is RefusalReason.SESSION_EXPIRED else LogonRefused
                    raise error(REFUSALS.get(reason, reason.name.lower()), reason)

        def arrived() -> bool:
            self._subscription.poll(on_fragment, 1)  # what follows a logon belongs to the hot path
            return bool(found)

        self._wait(arrived, f"the node on {{ingress}} sent no {kind.__name__}")
        return found[0]


@contextmanager
def reaching() -> Iterator[None]:
    """What Aeron raises on the way to a node is Disconnected."""
    try:
        yield
    except AeronError as error:
        raise Disconnected(f"cannot reach the node: {error}") from error


def prove(key: bytes, nonce: bytes, session: int, instance: int, *, resumes: bool, user: str) -> bytes:
    """The answer to a challenge: that we know the key, for this logon and no other."""
    logon = session.to_bytes(4, "little") + instance.to_bytes(8, "little") + bytes((resumes,))
    name = user.encode("ascii").ljust(NAME_BYTES_MAX, b"\0")
    return hmac.digest(key, nonce + logon + name, hashlib.sha256)


REFUSALS = {
    RefusalReason.UNSUPPORTED_VERSION: "the node speaks another version; install the same release on both sides",
    RefusalReason.LOGON_DENIED: "the key is not the node's, or not this user's; check user and key on both sides",
    RefusalReason.ANOTHER_USERS: "the session belongs to another user; log on with session 0 for a new one",
    RefusalReason.UNKNOWN_SESSION: "the node knows no such session; log on with session 0 for a new one",
    RefusalReason.SESSION_EXPIRED: "nobody was logged on to this session for too long; log on with session 0",
    RefusalReason.STALE_EPOCH: "another client has logged the session on since; this one is out",
    RefusalReason.TOO_MANY_SESSIONS: "the order has opened as many sessions as it may",
    RefusalReason.INTAKE_STOPPED: "the node's journal is full; see its log",
}


def messages(data: memoryview) -> Iterator[Any]:
    """The messages of one fragment of egress; an event gives its body. Copies, because the fragment goes away."""
    offset = 0
    copy = bytes(data)
    while offset < len(copy):
        message = decode(copy, offset)
        offset += message.encoded_length
        if isinstance(message, Event):
            yield decode(copy, offset)
            offset += message.body_length
        else:
            yield message
        offset = -(-offset // FRAME_ALIGNMENT) * FRAME_ALIGNMENT


def default_egress(ingress: str) -> str:
    """IPC for IPC; otherwise UDP on the loopback, on a port that the system chooses."""
    return IPC if ingress.startswith(IPC) else "aeron:udp?endpoint=127.0.0.1:0"
