"""A client of the bus: one session of orders in and events out.

    with Client() as client:
        sent = client.send(orders)           # a COMMAND array: thousands in one call; see there how to send all of it
        for event in client.call(order):     # one order, and what became of it
            print(event)

A client numbers its commands, keeps the unanswered ones, and sends them again after a reconnect, so that each is
executed exactly once whatever happens to the connection or the node.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any, Self

import numpy as np

from seriatim._native import ffi, lib
from seriatim.commands import body_of, check_rows, command_number, poll_limit
from seriatim.config import ClientConfig
from seriatim.engine import EVENT
from seriatim.errors import NoAnswer, OutcomeForgotten, OutcomeUnknown
from seriatim.outcome import Outcome, read_outcome
from seriatim.schemas import Outcome as OutcomeMessage
from seriatim.schemas import OutcomeKind
from seriatim.session_link import SessionLink, Trouble
from seriatim.turn import alone
from seriatim.unread import NO_EVENTS, newest

EVENTS_MAX = 16_384
"""Events that one `poll` gives unless it is told otherwise; a fragment of egress holds fewer."""

LAST_FLAG = 1


class Client(SessionLink):
    """See the module. A context manager: entering connects and logs on, leaving closes the connection.

    `session` is 0 for a new session, or one that this client had before: its numbers go on, and repeats of commands
    that were executed are answered with their outcome.

    For one thread at a time and one process: every call raises ConcurrentUse while another thread is in one, and
    UsedAfterFork in a forked child.
    """

    def __init__(self, config: ClientConfig | None = None, *, session: int = 0) -> None:
        super().__init__(config, session=session)
        self._kept = NO_EVENTS
        self._room = np.empty(EVENTS_MAX, EVENT)
        self._taken = ffi.new("size_t *")

    def __enter__(self) -> Self:
        self.connect()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @alone
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

    @alone
    def submit(self, message: Any) -> int:
        """Sends one command; returns its number. It may be one of `seriatim.engine` (`NewOrder`, `SetPhase`, …), a
        message of `seriatim.schemas`, or the bytes of one.

        Raises NoAnswer if the window stays full.
        """
        body = body_of(message)
        number = self.next_number
        deadline = time.monotonic() + self.config.timeout_s
        while not self._call(lambda: lib.seriatim_session_send_body(self._native, body, len(body))):
            if time.monotonic() > deadline:
                raise NoAnswer(f"{self.window} commands are unanswered; poll for their answers before sending more")
        return number

    @alone
    def poll(self, limit: int = EVENTS_MAX) -> np.ndarray:
        """The events that have come, at most `limit` of them, as an EVENT array, perhaps empty; never waits.

        Reconnects if the node or the connection is gone. Raises CommandRefused for what sending again cannot mend,
        SessionEnded when the session has logged off and the answer to that, a row of kind `SessionClosed`, was read,
        ValueError for a limit below 1 or above POLL_LIMIT_MAX. Events that came with a refusal, or above the limit, are
        what the next poll gives.
        """
        limit = poll_limit(limit)
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

    @alone
    def call(self, message: Any) -> np.ndarray:
        """Sends one SBE message and waits for every event of it. Raises OutcomeUnknown if they do not come in time.

        Other events that come meanwhile (fills of resting orders, say) are kept for the next `poll`, the newest
        EVENTS_KEPT_MAX of them.
        """
        number = self.submit(message)
        own: list[np.ndarray] = []
        others, self._kept = [self._kept], NO_EVENTS
        try:
            for batch in self.events(until=lambda _: self.answered >= number):
                is_own = batch["number"] == number
                own.append(batch[is_own])
                others.append(batch[~is_own])
        finally:
            self._kept = newest([*others, self._kept])
        if self.answered < number:
            raise self._unknown(f"no answer after {self.config.timeout_s} s")
        return np.concatenate((NO_EVENTS, *own))

    @alone
    def outcome(self, number: int, timeout_s: float | None = None) -> Outcome:
        """What became of command `number` of this session: asked of the order itself, so it is true for good.

        What is not executed by the time the question is in the order never will be: its number is closed. Events that
        come meanwhile are kept for the next `poll`, which after a reconnect may give the outcome once more. Raises
        ValueError for a number that no command has had, OutcomeForgotten if the answer was acknowledged, OutcomeUnknown
        if no node answers within `timeout_s`.
        """
        number = command_number(number)
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

    @alone
    def wait_all(self) -> np.ndarray:
        """Waits until every command has its answer; returns the events that came meanwhile. Raises OutcomeUnknown."""
        last = self.next_number - 1
        batches = [NO_EVENTS]
        if self.answered < last:
            batches += self.events(until=lambda _: self.answered >= last)
        if self.answered < last:
            raise self._unknown(f"no answer after {self.config.timeout_s} s")
        return np.concatenate(batches)

    def _read(self, limit: int) -> np.ndarray:
        """What has come: up to `limit` events, or more where one fragment holds more."""
        room = self._room if limit <= EVENTS_MAX else np.empty(limit, EVENT)
        pointer = ffi.from_buffer("seriatim_event_row_t[]", room)
        trouble = self._call(
            lambda: lib.seriatim_session_poll(
                self._native, pointer, len(room), time.monotonic_ns(), self._taken, self._trouble
            )
        )
        events = self._given(room)
        if trouble:
            self._kept = events  # for the next poll, should the trouble be raised
            self._mend(Trouble(trouble))
            events, self._kept = self._kept, NO_EVENTS
        if not len(events):
            self._reconnect_if_silent()
        return events

    def _given(self, room: np.ndarray) -> np.ndarray:
        """What was read into `room`. A few events are copied: who keeps them does not keep all of it."""
        taken = self._taken[0]
        if 2 * taken < len(room):
            return room[:taken].copy()
        if room is self._room:
            self._room = np.empty(EVENTS_MAX, EVENT)
        return room[:taken]
