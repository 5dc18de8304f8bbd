"""Work in pieces: what may take very many steps does a bounded number in each frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seriatim.engine.reference.venue import Venue


class Task:
    """Work that is done in steps, in this frame and in ticks to come."""

    def find(self, venue: Venue) -> Any:
        """What the next step is about; None if there is nothing more to do."""
        raise NotImplementedError

    def step(self, venue: Venue, found: Any) -> None:
        """Does one step."""
        raise NotImplementedError

    def finish(self, venue: Venue) -> None:
        """Nothing more is to be done."""

    def pause(self, venue: Venue) -> None:
        """Its first frame is over, and it is not finished."""


def begin(venue: Venue, task: Task) -> None:
    """Work of this frame, behind what the frame has begun before. What has nothing to do is finished at once."""
    if task.find(venue) is None:
        task.finish(venue)
    else:
        venue.begun.append(task)


def run(venue: Venue, tasks: list[Task], steps: int) -> int:
    """Does as many steps, of the first task first; returns how many are left. A task whose last step was the last of
    all is finished, but with no step left no further task is looked at.
    """
    while tasks and steps:
        task = tasks[0]
        while (found := task.find(venue)) is not None and steps:
            task.step(venue, found)
            steps -= 1
        if found is not None:
            break
        task.finish(venue)
        tasks.remove(task)
    return steps
