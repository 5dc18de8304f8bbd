"""A client of the bus: one session of orders in and events out.

    with Client() as client:
        sent = client.send(orders)           # a COMMAND array: thousands in one call; see there how to send all of it
        for event in client.call(order):     # one order, and what became of it
            print(event)

A client numbers its commands, keeps the unanswered ones, and sends them again after a reconnect, so that each is
executed exactly once whatever happens to the connection or the node.
"""

import time
from typing import Any, Self

import numpy as np

from seriatim._native import ffi, lib
from seriatim.calls import EVENTS_MAX, NO_EVENTS, Calls
from seriatim.commands import body_of, check_rows
from seriatim.config import ClientConfig
from seriatim.engine import EVENT
from seriatim.errors import NoAnswer
from seriatim.session_link import SessionLink, Trouble
from seriatim.turn import alone

REST_STEP_S, REST_MAX_S = 1e-5, 1e-3
"""How long a client that waits sleeps between two looks: longer each time."""


class Client(SessionLink, Calls):
    """See the module. A context manager: entering connects and logs on, leaving closes the connection.

    `session` is 0 for a new session, or one that this client had before: its numbers go on, and repeats of commands
    that were executed are answered with their outcome. `instance` tells one client from others, any 64 bits that
    nobody else draws; with the session and instance of a client that is gone, this one goes on as that client would: it
    takes the session from nobody who has logged on to it since (LogonRefused, STALE_EPOCH).

    `poll`, and all that waits, reconnect if the node or the connection is gone. They raise CommandRefused for what
    sending again cannot mend, and SessionEnded when the session has logged off and the answer to that, a row of kind
    `SessionClosed`, was read.

    For one thread at a time and one process: every call raises ConcurrentUse while another thread is in one, and
    UsedAfterFork in a forked child.
    """

    def __init__(self, config: ClientConfig | None = None, *, session: int = 0, instance: int | None = None) -> None:
        super().__init__(config, session=session, instance=instance)
        self._patience_s = self.config.timeout_s
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

    def _ask(self, number: int) -> bool:
        return bool(self._call(lambda: lib.seriatim_session_query(self._native, number)))

    def _now_s(self) -> float:
        return time.monotonic()

    def _rest(self, looks: int, /) -> None:
        time.sleep(min(looks * REST_STEP_S, REST_MAX_S))

    def _read(self, limit: int) -> np.ndarray:
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
