"""Random sessions by the million on both engines, until a limit or the first difference.

python -m tests.engine.soak --steps 1000000 --seed 1
python -m tests.engine.soak --replay difference.txt
"""

import argparse
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from seriatim import engine as vocabulary
from seriatim.schemas import SessionEnd
from tests.engine.judge import Judge, first_difference, shortest
from tests.engine.random_steps import MOODS, Decimal, Step, source, step

REPORT_EVERY_S = 10.0
LOOK_EVERY = 25
"""Steps between two looks into the books, which take longer than the steps."""
SAVE_EVERY = 100
"""Steps between two snapshots."""


class Dice:
    """Draws from a seed."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    def among(self, values: Sequence[Any]) -> Any:
        return values[int(self._rng.random() * len(values))]

    def number(self, least: int, most: int) -> int:
        return least + int(self._rng.random() * (most - least + 1))


def replayed(lines: list[str]) -> list[Step]:
    """The steps that were written down. The lines are our own: they are executed."""
    names = {"Step": Step, "SessionEnd": SessionEnd, "Decimal": Decimal}
    names |= {name: getattr(vocabulary, name) for name in vocabulary.__all__}
    return [eval(line, names) for line in lines]


def tell(steps: list[Step], orders_max: int, target: Path) -> None:
    """Prints the shortest list that shows the difference, and leaves it in a file. A snapshot after every step shows
    most differences earlier; one that a load mends needs the engines as they were.
    """
    options = {"orders_max": orders_max, "save_every": 1}
    if first_difference(steps, **options) is None:
        options["save_every"] = SAVE_EVERY
    short = shortest(steps, **options)
    target.write_text("\n".join(map(source, short)) + "\n")
    found = first_difference(short, **options)
    print(f"They differ (orders_max={orders_max}) after these {len(short)} steps, which are in {target}:")
    print("\n".join(map(source, short)))
    print(found[1] if found else "")


def soak(steps_max: int, seed: int, session: int, target: Path) -> int:
    """Session after session, each with a seed of its own. Returns how the process should end."""
    began = said = time.monotonic()
    done = 0
    while done < steps_max:
        rng = random.Random(seed)
        orders_max = rng.choice([1 << 22, 1 << 22, 1 << 22, 6])
        judge = Judge(look_every=LOOK_EVERY, save_every=SAVE_EVERY, orders_max=orders_max)
        dice, mood, steps = Dice(rng), rng.choice(MOODS), []
        for _ in range(min(session, steps_max - done)):
            steps.append(step(dice, mood))
            done += 1
            if judge.step(steps[-1]) is not None:
                print(f"Seed {seed}, step {len(steps)}: a difference; making it short ...", flush=True)
                tell(steps, orders_max, target)
                return 1
        seed += 1
        if (now := time.monotonic()) - said > REPORT_EVERY_S:
            said = now
            print(f"{done:,} steps, {done / (now - began):,.0f} a second, seed {seed}", flush=True)
    print(f"{done:,} steps without a difference, {done / (time.monotonic() - began):,.0f} a second")
    return 0


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=100_000, help="how many in all")
    parser.add_argument("--seed", type=int, default=1, help="of the first session")
    parser.add_argument("--session", type=int, default=1_000, help="steps of one session")
    parser.add_argument("--file", type=Path, default=Path("difference.txt"), help="where a difference is written")
    parser.add_argument("--replay", type=Path, help="does the steps of such a file instead")
    parser.add_argument("--orders-max", type=int, default=1 << 22, help="of a replay")
    taken = parser.parse_args()
    if taken.replay:
        steps = replayed(taken.replay.read_text().splitlines())
        found = first_difference(steps, orders_max=taken.orders_max, save_every=1)
        print("No difference." if found is None else f"After step {found[0] + 1}:\n{found[1]}")
        return int(found is not None)
    return soak(taken.steps, taken.seed, taken.session, taken.file)


if __name__ == "__main__":
    sys.exit(main())
