"""A client of the bus: one session of orders in and events out.

    with Client() as client:
        sent = client.send(orders)           # a COMMAND array: thousands in one call; see there how to send all of it
        for event in client.call(order):     # one order, and what became of it
            print(event)

A client numbers its commands, keeps the unanswered ones, and sends them again after a reconnect, so that each is
executed exactly once whatever happens to the connection or the node.
"""

import enum
import os
import time
from collections.abc import Callable, Iterator
from typing import Any, Self

import numpy as np

from seriatim._native import ffi, lib
from seriatim.commands import body_of, check_rows
from seriatim.config import ClientConfig
from seriatim.connection import Connection, LoggedOn
from seriatim.engine import EVENT
from seriatim.errors import (
    CommandRefused,
    Disconnected,
    LogonRefused,
    NoAnswer,
    OrderLost,
    OutcomeForgotten,
    OutcomeUnknown,
    SeriatimError,
    check,
)
from seriatim.limits import NODE_SILENCE_S
from seriatim.outcome import Outcome, read_outcome
from seriatim.schemas import Outcome as OutcomeMessage
from seriatim.schemas import OutcomeKind, RefusalReason

EVENTS_MAX = 16_384
"""Events that one `poll` gives unless it is told otherwise; a fragment of egress holds fewer."""

POLL_LIMIT_MAX = 1 << 20
"""More than comes between two polls, and not yet 150 MB: `poll` has room for as many as it is told."""

RECONNECT_PAUSE_S = 0.25
LISTEN_INTERVAL_S = 1.0
LAST_FLAG = 1
NO_EVENTS = np.zeros(0, EVENT)


class Trouble(enum.IntEnum):
    """What sending again cannot mend: `seriatim_trouble_t` of the native session."""

    LOGGED_OFF = 1
    ELSEWHERE = 2
    REFUSED = 3
    LOST = 4
    UNKNOWN = 5


class Client:
    """See the module. A context manager: entering connects and logs on, leaving closes the connection.

    `session` is 0 for a new session, or one that this client had before: its numbers go on, and repeats of commands
    that were executed are answered with their outcome. For one thread.
    """

    def __init__(self, config: ClientConfig | None = None, *, session: int = 0) -> None:
        self.config = config or ClientConfig()
        self._session_asked = session
        self._connection: Connection | None = None
        self._native: Any = None
        self._logon: LoggedOn | None = None
        self._instance = int.from_bytes(os.urandom(8), "little")
        self._replaced = False
        self._kept = NO_EVENTS
        self._heard_bytes = 0
        self._heard_at = self._listen_at = 0.0
        self._taken = ffi.new("size_t *")
        self._trouble = ffi.new("seriatim_trouble_t *")
        self._numbers = ffi.new("uint64_t[2]")

    def connect(self) -> None:
        """Connects and logs on. Raises NoAnswer if no node answers in time, LogonRefused if it does not let us in."""
        self._connection = Connection(self.config)
        try:
            self._logon = self._connection.log_on(self._session_asked, self._instance, resumes=False)
            native = ffi.new("seriatim_session_t **")
            check(lib.seriatim_session_new(*self._connection.pointers, self._logon.native(), native))
        except BaseException:
            self.close()
            raise
        self._native = ffi.gc(native[0], lib.seriatim_session_free)
        self._replaced = False

    def close(self) -> None:
        """Closes the connection. The session stays: it can be taken up again under its id."""
        if self._native is not None:
            ffi.release(self._native)
            self._native = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def __enter__(self) -> Self:
        self.connect()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def session(self) -> int:
        """The session's id."""
        return self._logged_on.session

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

    def send(self, commands: np.ndarray) -> int:
        """Sends rows of a COMMAND array until the window is full; returns how many were taken, which may be fewer than
        all of them, and 0. The rest is the caller's to send again, after polling has made room:

            sent = 0
            while sent < len(commands):
                sent += client.send(commands[sent:])
                events = client.poll()               # what came meanwhile; each answer makes room for a command

        The `session` column is ignored. Command i of those taken has number `next_number` + i, as that was before.
        Raises TypeError for what is no such array, ValueError for a row whose kind is no trader's command.
        """
        check_rows(commands)
        rows = np.ascontiguousarray(commands)
        pointer = ffi.from_buffer("seriatim_command_row_t[]", rows)
        self._call(lambda: lib.seriatim_session_send(self._native, pointer, len(rows), self._taken))
        return int(self._taken[0])

    def submit(self, message: Any) -> int:
        """Sends one command; returns its number. It may be one of `seriatim.engine` (`NewOrder`, `CancelOrder`, …), a
        message of `seriatim.schemas` (`DefineInstrument`, …), or the bytes of one.

        Raises NoAnswer if the window stays full.
        """
        body = body_of(message)
        number = self.next_number
        deadline = time.monotonic() + self.config.timeout_s
        while not self._call(lambda: lib.seriatim_session_send_body(self._native, body, len(body))):
            if time.monotonic() > deadline:
                raise NoAnswer(f"{self.window} commands are unanswered; poll for their answers before sending more")
        return number

    def poll(self, limit: int = EVENTS_MAX) -> np.ndarray:
        """The events that have come, at most `limit` of them, as an EVENT array, perhaps empty; never waits.

        Reconnects if the node or the connection is gone. Raises CommandRefused for what sending again cannot mend,
        SessionEnded when the session has logged off and the answer to that, a row of kind `SessionClosed`, was read,
        ValueError for a limit below 1 or above POLL_LIMIT_MAX. Events that came with a refusal, or above the limit, are
        what the next poll gives.
        """
        if not 1 <= limit <= POLL_LIMIT_MAX:
            raise ValueError(f"the limit of a poll is 1 to {POLL_LIMIT_MAX:,} events, not {limit:,}")
        if not len(self._kept):
            self._kept = self._read(limit)
        events, self._kept = self._kept[:limit], self._kept[limit:]
        return events

    def events(
        self, until: Callable[[np.ndarray], bool] | None = None, timeout_s: float | None = None
    ) -> Iterator[np.ndarray]:
        """Batches of events as they come, until `until(batch)` is true or nothing has come for `timeout_s`."""
        quiet_s = self.config.timeout_s if timeout_s is None else timeout_s
        last = time.monotonic()
        pause_s = 0.0
        while True:
            batch = self.poll()
            if len(batch):
                last, pause_s = time.monotonic(), 0.0
                yield batch
                if until is not None and until(batch):
                    return
            elif time.monotonic() - last > quiet_s:
                return
            else:
                time.sleep(pause_s)
                pause_s = min(pause_s + 1e-5, 1e-3)

    def call(self, message: Any) -> np.ndarray:
        """Sends one SBE message and waits for every event of it. Raises OutcomeUnknown if they do not come in time."""
        number = self.submit(message)
        own: list[np.ndarray] = []
        for batch in self.events(until=lambda _: self.answered >= number):
            own.append(batch[batch["number"] == number])
        if self.answered < number:
            raise self._unknown(f"no answer after {self.config.timeout_s} s")
        return np.concatenate((NO_EVENTS, *own))

    def outcome(self, number: int, timeout_s: float | None = None) -> Outcome:
        """What became of command `number` of this session: asked of the order itself, so it is true for good.

        What is not executed by the time the question is in the order never will be: its number is closed. Events that
        come meanwhile are kept for the next `poll`. Raises ValueError for a number that no command has had,
        OutcomeForgotten if the answer was acknowledged, OutcomeUnknown if no node answers within `timeout_s`.
        """
        if not self._call(lambda: lib.seriatim_session_query(self._native, number)):
            raise ValueError(f"no command of session {self.session} has had number {number}")
        patience_s = self.config.timeout_s if timeout_s is None else timeout_s
        deadline = time.monotonic() + patience_s
        kept: list[np.ndarray] = []
        found = NO_EVENTS
        try:
            for batch in self.events(timeout_s=patience_s):
                is_it = (batch["kind"] == OutcomeMessage.TEMPLATE_ID) & (batch["number"] == number)
                found = batch[is_it]
                kept.append(batch[~is_it])
                if len(found) or time.monotonic() > deadline:
                    break
        finally:
            self._kept = np.concatenate((*kept, self._kept))
        if not len(found):
            raise OutcomeUnknown(f"no node says what became of command {number}", self.session, number, number)
        if found[0]["outcome"] == OutcomeKind.FORGOTTEN:
            raise OutcomeForgotten(
                f"command {number} of session {self.session} was answered, and the answer acknowledged"
            )
        return read_outcome(found[0])

    def wait_all(self) -> np.ndarray:
        """Waits until every command has its answer; returns the events that came meanwhile. Raises OutcomeUnknown."""
        last = self.next_number - 1
        batches = [NO_EVENTS]
        if self.answered < last:
            batches += self.events(until=lambda _: self.answered >= last)
        if self.answered < last:
            raise self._unknown(f"no answer after {self.config.timeout_s} s")
        return np.concatenate(batches)

    @property
    def _logged_on(self) -> LoggedOn:
        if self._logon is None:
            raise Disconnected("this client is not connected; use it as a context manager, or call connect()")
        return self._logon

    def _read(self, limit: int) -> np.ndarray:
        """What has come: up to `limit` events, or more where one fragment holds more."""
        events = np.empty(max(limit, EVENTS_MAX), EVENT)
        pointer = ffi.from_buffer("seriatim_event_row_t[]", events)
        trouble = self._call(
            lambda: lib.seriatim_session_poll(
                self._native, pointer, len(events), time.monotonic_ns(), self._taken, self._trouble
            )
        )
        events = events[: self._taken[0]]
        if trouble:
            self._kept = events  # for the next poll, should the trouble be raised
            self._mend(Trouble(trouble))
            events, self._kept = self._kept, NO_EVENTS
        if not len(events):
            self._reconnect_if_silent()
        return events

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
        if self._connection is not None and self._connection.is_alive():
            try:
                return check(native())
            except Disconnected:
                pass
        self._reconnect()
        return check(native())

    def _reconnect_if_silent(self) -> None:
        """After a poll that gave nothing: has at least a heartbeat come lately?"""
        now = time.monotonic()
        if now < self._listen_at or self._connection is None:
            return
        self._listen_at = now + LISTEN_INTERVAL_S
        heard_bytes = self._connection.heard_bytes()
        if heard_bytes != self._heard_bytes:
            self._heard_bytes, self._heard_at = heard_bytes, now
        elif now - self._heard_at > NODE_SILENCE_S:
            self._reconnect()

    def _reconnect(self) -> None:
        """Logs the session on again over a new connection; the native session sends what has no answer."""
        check(lib.seriatim_session_check_open(self._native))  # one that has logged off stays so
        self._check_not_replaced()
        deadline = time.monotonic() + self.config.reconnect_s
        session = self.session
        while True:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            try:
                self._connection = Connection(self.config)
                self._logon = self._connection.log_on(session, self._instance, resumes=True)
                break
            except SeriatimError as error:
                self._give_up(error, late=time.monotonic() > deadline)
                time.sleep(RECONNECT_PAUSE_S)
        logon, pointers = self._logon.native(), self._connection.pointers
        trouble = check(lib.seriatim_session_resume(self._native, *pointers, logon, self._trouble))
        if trouble:
            self._mend(Trouble(trouble))
        self._heard_at = time.monotonic()

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
