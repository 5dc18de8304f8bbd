"""What a program does with a session's events: reads them, or waits for those of one command and keeps the others.

`seriatim.Client` waits in time, a simulated client lets virtual time pass; all else is the same.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from seriatim.commands import command_number, poll_limit
from seriatim.engine import EVENT
from seriatim.errors import OutcomeForgotten, OutcomeUnknown
from seriatim.limits import EVENTS_KEPT_MAX
from seriatim.outcome import Outcome, read_outcome
from seriatim.schemas import Outcome as OutcomeMessage
from seriatim.schemas import OutcomeKind
from seriatim.turn import Turn, alone

NO_EVENTS = np.zeros(0, EVENT)

EVENTS_MAX = 16_384
"""Events that one `poll` gives unless it is told otherwise; a fragment of egress holds fewer."""


class Calls(ABC):
    """See the module. What it keeps is what the next `poll` gives."""

    _turn: Turn
    _patience_s: float
    """How long it waits unless it is told otherwise."""
    _kept: np.ndarray = NO_EVENTS

    @property
    @abstractmethod
    def session(self) -> int:
        """The session's id."""

    @property
    @abstractmethod
    def answered(self) -> int:
        """Every command up to this number has its answer."""

    @property
    @abstractmethod
    def next_number(self) -> int:
        """The number that the next command will have."""

    @abstractmethod
    def submit(self, message: Any) -> int:
        """Sends one command; returns its number."""

    @abstractmethod
    def _read(self, limit: int) -> np.ndarray:
        """What has come: up to `limit` events, or more where one fragment holds more."""

    @abstractmethod
    def _ask(self, number: int) -> bool:
        """Sends the question what became of a command; False if none has had this number."""

    @abstractmethod
    def _now_s(self) -> float:
        """Of any clock that does not go back."""

    @abstractmethod
    def _rest(self, looks: int, /) -> None:
        """Lets time pass: there was nothing at the last `looks` looks."""

    @abstractmethod
    def _unknown(self, why: str) -> OutcomeUnknown:
        """That commands have no answer."""

    @alone
    def poll(self, limit: int = EVENTS_MAX) -> np.ndarray:
        """The events that have come, at most `limit` of them, as an EVENT array, perhaps empty; never waits.

        Raises what a client raises whose session cannot go on, and ValueError for a limit below 1 or above
        POLL_LIMIT_MAX. Events that came with an error, or above the limit, are what the next poll gives.
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
        quiet_s = self._patience_s if timeout_s is None else timeout_s
        last, looks = self._now_s(), 0
        while True:
            batch = self.poll()
            if len(batch):
                last, looks = self._now_s(), 0
                yield batch
                if until is not None and until(batch):
                    return
            elif self._now_s() - last > quiet_s:
                return
            else:
                self._rest(looks)
                looks += 1

    @alone
    def call(self, message: Any) -> np.ndarray:
        """Sends one command, waits for its answer and returns every event of it that is this session's, or its outcome.
        Raises OutcomeUnknown if they do not come in time.

        Other events that come meanwhile (fills of resting orders, say) are kept for the next `poll`, the newest
        EVENTS_KEPT_MAX of them.
        """
        number = self.submit(message)
        own = self._sift(lambda events: events["number"] == number, lambda _: self.answered >= number)
        self._check_answered(number)
        return own

    @alone
    def outcome(self, number: int, timeout_s: float | None = None) -> Outcome:
        """What became of command `number` of this session: asked of the order itself, so it is true for good.

        What is not executed by the time the question is in the order never will be: its number is closed. Events that
        come meanwhile are kept as by `call`; after a reconnect the outcome may be among them once more. Raises
        ValueError for a number that no command has had, OutcomeForgotten if the answer was acknowledged, OutcomeUnknown
        if no node answers within `timeout_s`.
        """
        number = command_number(number)
        if not self._ask(number):
            raise ValueError(f"no command of session {self.session} has had number {number}")
        patience_s = self._patience_s if timeout_s is None else timeout_s
        deadline_s = self._now_s() + patience_s
        found = self._sift(
            lambda events: (events["kind"] == OutcomeMessage.TEMPLATE_ID) & (events["number"] == number),
            lambda found: len(found) > 0 or self._now_s() > deadline_s,
            patience_s,
        )
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
        self._check_answered(last)
        return np.concatenate(batches)

    def _sift(
        self,
        wanted: Callable[[np.ndarray], np.ndarray],
        until: Callable[[np.ndarray], bool],
        timeout_s: float | None = None,
    ) -> np.ndarray:
        """Reads until `until` is true of what was wanted of the last batch; keeps all that was not wanted."""
        found, others = [NO_EVENTS], [self._kept]
        self._kept = NO_EVENTS
        try:
            for batch in self.events(timeout_s=timeout_s):
                is_wanted = wanted(batch)
                found.append(batch[is_wanted])
                others.append(batch[~is_wanted])
                if until(found[-1]):
                    break
        finally:
            self._kept = newest([*others, self._kept])
        return np.concatenate(found)

    def _check_answered(self, last: int) -> None:
        if self.answered < last:
            raise self._unknown(f"no answer after {self._patience_s} s")


def newest(batches: Iterable[np.ndarray]) -> np.ndarray:
    """The last EVENTS_KEPT_MAX events of the batches, as one array; a single batch with events is not copied."""
    some = [batch for batch in batches if len(batch)]
    events = some[0] if len(some) == 1 else np.concatenate((NO_EVENTS, *some))
    return events[-EVENTS_KEPT_MAX:]
