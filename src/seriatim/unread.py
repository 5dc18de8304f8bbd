"""Events that came while a program waited for others, and that it has not read yet."""

from collections.abc import Iterable

import numpy as np

from seriatim.engine import EVENT
from seriatim.limits import EVENTS_KEPT_MAX

NO_EVENTS = np.zeros(0, EVENT)


def newest(batches: Iterable[np.ndarray]) -> np.ndarray:
    """The last EVENTS_KEPT_MAX events of the batches, as one array; a single batch with events is not copied."""
    some = [batch for batch in batches if len(batch)]
    events = some[0] if len(some) == 1 else np.concatenate((NO_EVENTS, *some))
    return events[-EVENTS_KEPT_MAX:]
