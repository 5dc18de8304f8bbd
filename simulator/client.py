"""A client of a simulated venue, with the face of `seriatim.Client`: where that waits, virtual time passes."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from seriatim._native import ffi, lib
from seriatim.calls import Calls
from seriatim.commands import body_of, body_of_row, check_rows
from seriatim.engine import EVENT
from seriatim.errors import Disconnected, NoAnswer, OrderLost, OutcomeUnknown, check
from seriatim.turn import Turn

if TYPE_CHECKING:
    from seriatim.simulator.venue import SimulatedVenue

EVENTS_AT_ONCE = 4_096
TIMEOUT_S = 12.0
"""Virtual seconds in which everything must come to rest."""
STEPS_PER_LOOK = 20
LOST, BEGAN_ANEW = 1, 2


class SimulatedClient(Calls):
    """See the module. `SimulatedVenue.client` gives it logged on; every `timeout_s` is in virtual seconds.

    `poll` lets no time pass. It, and all that waits, raise OrderLost or Disconnected when the session could not go on;
    the next command belongs to a new one.
    """

    def __init__(self, venue: "SimulatedVenue", place: int) -> None:
        self.venue = venue
        self._turn = Turn("this client")
        self._patience_s = TIMEOUT_S
        self._place = place
        self._fields = ffi.new("seriatim_world_client_t *")
        self._number, self._count = ffi.new("uint64_t *"), ffi.new("size_t *")
        self._is_open = True

    def connect(self) -> None:
        """Logs on to its session again after `close`; changes nothing while it is connected. Raises NoAnswer."""
        if not self._is_open:
            check(lib.seriatim_world_connect(self.venue.native, self._place, True))
            self._is_open = True
        self.wait(lambda: self.session != 0, "no logon")

    def close(self) -> None:
        """Closes the connection. `connect` takes the session up again; what has no answer is forgotten."""
        if self._is_open and not self.venue.has_ended:
            self._look()
            check(lib.seriatim_world_connect(self.venue.native, self._place, False))
        self._is_open = False

    def __enter__(self) -> Self:
        self.connect()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def session(self) -> int:
        """The session's id."""
        return self._look().session

    @property
    def instance(self) -> int:
        """What tells this client from others, 64 bits that come of the seed."""
        return self._look().instance

    @property
    def epoch(self) -> int:
        """Of this logon: how often the session has logged on."""
        return self._look().epoch

    @property
    def window(self) -> int:
        """How many commands may be unanswered."""
        return self._look().window

    @property
    def next_number(self) -> int:
        """The number that the next command will have."""
        self._check_open()
        return self._look().next_number

    @property
    def answered(self) -> int:
        """Every command up to this number has its answer."""
        self._check_open()
        return self._look().answered

    def send(self, commands: np.ndarray) -> int:
        """Sends rows of a COMMAND array; returns how many were taken: none while it is logged off, fewer when the
        window is full."""
        check_rows(commands)
        for place in range(len(commands)):
            if not self._send(body_of_row(commands[place : place + 1])):
                return place
        return len(commands)

    def submit(self, message: Any) -> int:
        """Sends one command as `Client.submit` does; waits while it is logged off. Returns its number."""
        body = body_of(message)
        self.wait(lambda: self._send(body), "the command was not taken")
        return int(self._number[0])

    def wait_all(self) -> np.ndarray:
        """As `Client.wait_all`; a simulated client reads by itself, and what has come already is among the events."""
        return np.concatenate((self.poll(), super().wait_all()))

    def wait(self, condition: Callable[[], Any], what: str) -> None:
        """Lets virtual time pass until `condition()` is true. Raises NoAnswer."""
        until_ns = self.venue.now_ns + TIMEOUT_S * 1e9
        while not condition():
            if self.venue.now_ns > until_ns:
                raise NoAnswer(f"seed {self.venue.seed}: {what} in {TIMEOUT_S} virtual seconds")
            self.venue.run(STEPS_PER_LOOK)

    def _read(self, limit: int) -> np.ndarray:
        self._check_open()
        events = np.empty(min(limit, EVENTS_AT_ONCE), EVENT)
        pointer = ffi.from_buffer("seriatim_event_row_t[]", events)
        trouble = check(lib.seriatim_world_poll(self.venue.native, self._place, pointer, len(events), self._count))
        if trouble == LOST:
            raise OrderLost("the node was `relaxed` and crashed before what it had answered was on disk")
        if trouble == BEGAN_ANEW:
            raise Disconnected("the node did not take the session back; the next command belongs to a new one")
        return events[: self._count[0]]

    def _send(self, body: bytes) -> bool:
        self._check_open()
        return bool(check(lib.seriatim_world_send(self.venue.native, self._place, body, len(body), self._number)))

    def _look(self) -> Any:
        """Where it stands; closed, where it stood."""
        native = self.venue.native
        if self._is_open:
            check(lib.seriatim_world_client(native, self._place, self._fields))
        return self._fields

    def _check_open(self) -> None:
        if not self._is_open:
            raise Disconnected("this client is closed; call connect()")

    def _ask(self, number: int) -> bool:
        self._check_open()
        return bool(check(lib.seriatim_world_query(self.venue.native, self._place, number)))

    def _now_s(self) -> float:
        return self.venue.now_ns / 1e9

    def _rest(self, _looks: int, /) -> None:
        self.venue.run(STEPS_PER_LOOK)

    def _unknown(self, why: str) -> OutcomeUnknown:
        session, first, last = self.session, self.answered + 1, self.next_number - 1
        what = f"seed {self.venue.seed}: commands {first} to {last} of session {session} have no answer: {why}"
        return OutcomeUnknown(what, session, first, last)
