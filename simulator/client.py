"""A client of a simulated venue, with the face of `seriatim.Client`: where that waits, virtual time passes."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from seriatim._native import ffi, lib
from seriatim.commands import body_of, body_of_row, check_rows, poll_limit
from seriatim.engine import EVENT
from seriatim.errors import Disconnected, NoAnswer, OrderLost, OutcomeForgotten, OutcomeUnknown, check
from seriatim.outcome import Outcome, read_outcome
from seriatim.schemas import Outcome as OutcomeMessage
from seriatim.schemas import OutcomeKind

if TYPE_CHECKING:
    from seriatim.simulator.venue import SimulatedVenue

EVENTS_MAX = 4_096
TIMEOUT_S = 12.0
"""Virtual seconds in which everything must come to rest."""
STEPS_PER_LOOK = 20
LOST, BEGAN_ANEW = 1, 2
NO_EVENTS = np.zeros(0, EVENT)


class SimulatedClient:
    """See the module. `SimulatedVenue.client` gives it logged on; every `timeout_s` is in virtual seconds."""

    def __init__(self, venue: "SimulatedVenue", place: int) -> None:
        self.venue = venue
        self._place = place
        self._fields = ffi.new("seriatim_world_client_t *")
        self._number, self._count = ffi.new("uint64_t *"), ffi.new("size_t *")
        self._kept = NO_EVENTS
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

    def poll(self, limit: int = EVENTS_MAX) -> np.ndarray:
        """The events that have come, as an EVENT array, perhaps empty. Lets no time pass.

        Raises OrderLost or Disconnected when the session could not go on; the next command belongs to a new one.
        """
        self._check_open()
        limit = poll_limit(limit)
        if not len(self._kept):
            self._kept = self._read(limit)
        events, self._kept = self._kept[:limit], self._kept[limit:]
        return events

    def events(
        self, until: Callable[[np.ndarray], bool] | None = None, timeout_s: float = TIMEOUT_S
    ) -> Iterator[np.ndarray]:
        """Batches of events as they come, until `until(batch)` is true or nothing has come for `timeout_s`."""
        last_ns = self.venue.now_ns
        while True:
            batch = self.poll()
            if len(batch):
                last_ns = self.venue.now_ns
                yield batch
                if until is not None and until(batch):
                    return
            elif self.venue.now_ns - last_ns > timeout_s * 1e9:
                return
            else:
                self.venue.run(STEPS_PER_LOOK)

    def call(self, message: Any) -> np.ndarray:
        """Sends one command and waits for every event of it, or for its outcome; what comes behind the answer is what
        the next `poll` gives. Raises OutcomeUnknown.
        """
        number = self.submit(message)
        own, behind = [NO_EVENTS], [NO_EVENTS]
        for batch in self.events(until=lambda _: self.answered >= number):
            places = np.flatnonzero(batch["number"] == number)
            if len(places):
                own.append(batch[places])
                behind = [batch[places[-1] + 1 :]]
            elif len(own) > 1:
                behind.append(batch)
        self._check_answered(number)
        self._kept = np.concatenate((*behind, self._kept))
        return np.concatenate(own)

    def outcome(self, number: int, timeout_s: float = TIMEOUT_S) -> Outcome:
        """What became of command `number` of this session, as `Client.outcome` tells it; events that come meanwhile
        are kept for the next `poll`.

        Raises ValueError for a number that no command has had, OutcomeForgotten if the answer was acknowledged,
        OutcomeUnknown if no node answers in time.
        """
        self._check_open()
        if not 0 < number < 1 << 64 or not check(lib.seriatim_world_query(self.venue.native, self._place, number)):
            raise ValueError(f"no command of session {self.session} has had number {number}")
        kept: list[np.ndarray] = []
        found = NO_EVENTS
        until_ns = self.venue.now_ns + timeout_s * 1e9
        try:
            for batch in self.events(timeout_s=timeout_s):
                is_it = (batch["kind"] == OutcomeMessage.TEMPLATE_ID) & (batch["number"] == number)
                found = batch[is_it]
                kept.append(batch[~is_it])
                if len(found) or self.venue.now_ns > until_ns:
                    break
        finally:
            self._kept = np.concatenate((*kept, self._kept))
        if not len(found):
            raise OutcomeUnknown(f"no node says what became of command {number}", self.session, number, number)
        if found[0]["outcome"] == OutcomeKind.FORGOTTEN:
            raise OutcomeForgotten(f"command {number} was answered, and the answer acknowledged")
        return read_outcome(found[0])

    def wait_all(self) -> np.ndarray:
        """Waits until every command has its answer; returns the events that came meanwhile. Raises OutcomeUnknown."""
        batches = [self.poll()]
        last = self.next_number - 1
        if self.answered < last:
            batches += self.events(until=lambda _: self.answered >= last)
        self._check_answered(last)
        return np.concatenate(batches)

    def wait(self, condition: Callable[[], Any], what: str) -> None:
        """Lets virtual time pass until `condition()` is true. Raises NoAnswer."""
        until_ns = self.venue.now_ns + TIMEOUT_S * 1e9
        while not condition():
            if self.venue.now_ns > until_ns:
                raise NoAnswer(f"seed {self.venue.seed}: {what} in {TIMEOUT_S} virtual seconds")
            self.venue.run(STEPS_PER_LOOK)

    def _read(self, limit: int) -> np.ndarray:
        events = np.empty(limit, EVENT)
        pointer = ffi.from_buffer("seriatim_event_row_t[]", events)
        trouble = check(lib.seriatim_world_poll(self.venue.native, self._place, pointer, limit, self._count))
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

    def _check_answered(self, last: int) -> None:
        if (answered := self.answered) < last:
            what = f"seed {self.venue.seed}: commands {answered + 1} to {last} of session {self.session} have no answer"
            raise OutcomeUnknown(what, self.session, answered + 1, last)
