"""What keeps a client's session on its node: connection and logon, and both again when node or driver is gone."""

import enum
import os
import time
from collections.abc import Callable
from typing import Any

from seriatim._native import ffi, lib
from seriatim.config import ClientConfig
from seriatim.connection import Connection, LoggedOn
from seriatim.errors import (
    CommandRefused,
    ConfigError,
    Disconnected,
    LogonRefused,
    NodeFailed,
    OrderLost,
    OutcomeUnknown,
    SeriatimError,
    check,
)
from seriatim.limits import NODE_SILENCE_S
from seriatim.schemas import RefusalReason
from seriatim.turn import Turn, alone
from seriatim.values import U32_MAX, U64_MAX, whole_number

RECONNECT_PAUSE_S = 0.25
LISTEN_INTERVAL_S = 1.0


class Trouble(enum.IntEnum):
    """What sending again cannot mend: `seriatim_trouble_t` of the native session."""

    LOGGED_OFF = 1
    ELSEWHERE = 2
    REFUSED = 3
    LOST = 4
    UNKNOWN = 5


class SessionLink:
    """See the module. `connect` before all else; every other call raises Disconnected without it."""

    def __init__(self, config: ClientConfig | None = None, *, session: int = 0, instance: int | None = None) -> None:
        self.config = config or ClientConfig()
        self._turn = Turn("this client")
        self._session_asked = session_id(session)
        self._resumes = session != 0 and instance is not None
        self._connection: Connection | None = None
        self._native: Any = None
        self._logon: LoggedOn | None = None
        self._instance = int.from_bytes(os.urandom(8), "little") if instance is None else instance_id(instance)
        self._replaced = False
        self._heard_bytes = 0
        self._heard_at = self._listen_at = 0.0
        self._trouble = ffi.new("seriatim_trouble_t *")
        self._numbers = ffi.new("uint64_t[2]")

    @alone
    def connect(self) -> None:
        """Connects and logs on; after `close` to the same session. Raises NoAnswer if no node answers in time,
        LogonRefused if it does not let us in, ConfigError if this client is connected already.
        """
        if self._native is not None:
            raise ConfigError(f"this client is connected, with session {self.session}; close it first, or make another")
        asked = self._session_asked if self._logon is None else self._logon.session
        connection = Connection(self.config)
        try:
            logon = connection.log_on(asked, self._instance, resumes=self._resumes)
            native = ffi.new("seriatim_session_t **")
            checked(lib.seriatim_session_new(*connection.pointers, logon.native(), native))
        except BaseException:
            connection.close()
            raise
        self._native = ffi.gc(native[0], lib.seriatim_session_free)
        self._connection, self._logon, self._replaced = connection, logon, False

    def close(self) -> None:
        """Closes the connection. The session stays: `connect` takes it up again, as does another client under its id.

        In a forked child nothing is closed: the connection is the parent's.
        """
        if not self._turn.is_ours:
            return
        with self._turn:
            if self._native is not None:
                ffi.release(self._native)
                self._native = None
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @property
    def session(self) -> int:
        """The session's id."""
        return self._logged_on.session

    @property
    def instance(self) -> int:
        """What tells this client from others, 64 bits."""
        return self._instance

    @property
    def epoch(self) -> int:
        """Of this logon: how often the session has logged on."""
        return self._logged_on.epoch

    @property
    def native_session(self) -> Any:
        """The native session, for native loops such as benchmarks; they may use it while nobody else does."""
        self._check_open()
        return self._native

    @property
    def window(self) -> int:
        """How many commands may be unanswered."""
        return self._logged_on.window

    @property
    def next_number(self) -> int:
        """The number that the next command will have."""
        return self._read_numbers()[0]

    @property
    def answered(self) -> int:
        """Every command up to this number has its answer."""
        return self._read_numbers()[1]

    @property
    def _logged_on(self) -> LoggedOn:
        if self._logon is None:
            raise Disconnected("this client is not connected; use it as a context manager, or call connect()")
        return self._logon

    @alone
    def _read_numbers(self) -> tuple[int, int]:
        self._check_open()
        lib.seriatim_session_numbers(self._native, self._numbers, self._numbers + 1)
        return self._numbers[0], self._numbers[1]

    def _check_open(self) -> None:
        if self._native is None:
            raise Disconnected("this client is not connected; use it as a context manager, or call connect()")

    def _call(self, native: Callable[[], int]) -> int:
        """Makes a native call; when the connection turns out to be gone, reconnects and makes it again."""
        self._check_open()
        deadline = time.monotonic() + self.config.reconnect_s
        made = False
        while True:
            if self._connection is not None and self._connection.is_alive():
                try:
                    return checked(native())
                except Disconnected:
                    if made and time.monotonic() > deadline:
                        raise
                    made = True
            self._reconnect(deadline)

    def _reconnect_if_silent(self) -> None:
        """After a poll that gave nothing: has at least a heartbeat come lately?"""
        now = time.monotonic()
        if now < self._listen_at or self._connection is None:
            return
        self._listen_at = now + LISTEN_INTERVAL_S
        try:
            heard_bytes = self._connection.heard_bytes()
        except Disconnected:
            self._reconnect()
            return
        if heard_bytes != self._heard_bytes:
            self._heard_bytes, self._heard_at = heard_bytes, now
        elif now - self._heard_at > NODE_SILENCE_S:
            self._reconnect()

    def _reconnect(self, deadline: float | None = None) -> None:
        """Logs the session on again over a new connection; the native session sends what has no answer."""
        checked(lib.seriatim_session_check_open(self._native))  # one that has logged off stays so
        self._check_not_replaced()
        if deadline is None:
            deadline = time.monotonic() + self.config.reconnect_s
        while True:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            try:
                trouble = self._resume(deadline)
                break
            except SeriatimError as error:
                self._give_up(error, late=time.monotonic() > deadline)
                time.sleep(RECONNECT_PAUSE_S)
        self._heard_at = time.monotonic()
        if trouble:
            self._mend(Trouble(trouble))

    def _resume(self, deadline: float) -> int:
        """One try. The native session has the streams of `_connection`, or else nobody may call it."""
        connection = Connection(self.config, deadline)
        try:
            logon = connection.log_on(self.session, self._instance, resumes=True)
            arguments = (*connection.pointers, logon.native(), self._trouble)
            trouble = checked(lib.seriatim_session_resume(self._native, *arguments))
        except BaseException:
            connection.close()
            raise
        self._connection, self._logon = connection, logon
        return trouble

    def _give_up(self, error: SeriatimError, *, late: bool) -> None:
        """Raises what a failed logon means, unless it is worth another try."""
        session = self.session
        if isinstance(error, LogonRefused) and error.reason is RefusalReason.STALE_EPOCH:
            self._replaced = True
            self._check_not_replaced()
        if isinstance(error, LogonRefused) and error.reason is not RefusalReason.INTAKE_STOPPED:
            raise error
        if late:
            why = f"no node took session {session} back in {self.config.reconnect_s} s: {error}"
            if self.answered + 1 < self.next_number:
                raise self._unknown(why) from error
            raise Disconnected(why) from error

    def _check_not_replaced(self) -> None:
        """One who was replaced stays out, or two clients would take the session from each other for ever."""
        if self._replaced:
            raise Disconnected(f"session {self.session} has logged on elsewhere; this client is out")

    def _unknown(self, why: str) -> OutcomeUnknown:
        session, first, last = self.session, self.answered + 1, self.next_number - 1
        text = f"commands {first} to {last} of session {session} may have been executed or not: {why}"
        return OutcomeUnknown(f"{text}. outcome(number) settles it", session, first, last)

    def _mend(self, trouble: Trouble) -> None:
        """What the session's core cannot: logs on again, or raises what the user must know."""
        session, first, last = self.session, self._trouble.first, self._trouble.last
        if trouble is Trouble.LOGGED_OFF:
            self._reconnect()
        elif trouble is Trouble.ELSEWHERE:
            self._replaced = True
            self._check_not_replaced()
        elif trouble is Trouble.UNKNOWN:
            raise self._unknown("they were sent again and again, and the node says nothing of them")
        elif trouble is Trouble.LOST:
            self.close()
            raise OrderLost(
                f"commands {first} to {last} of session {session} are gone: the node was `relaxed` and "
                f"crashed before they were on disk. Log on with session={session} to go on from number {first}"
            )
        else:
            reason = RefusalReason(self._trouble.reason)
            raise CommandRefused(f"command {first} of session {session} was refused: {reason.name.lower()}")


def session_id(session: int) -> int:
    """A session's id as it is asked for. Raises TypeError or ValueError for what can be none."""
    return whole_number(session, "a session's id (0: a new session)", 0, U32_MAX)


def instance_id(instance: int) -> int:
    """What tells a client from others. Raises TypeError or ValueError for what cannot."""
    return whole_number(instance, "the instance of a client", 0, U64_MAX)


def checked(code: int) -> int:
    """As `check`; what Aeron refuses to a client means that its connection is gone."""
    try:
        return check(code)
    except NodeFailed as error:
        if code == lib.SERIATIM_AERON:
            raise Disconnected(str(error)) from error
        raise
