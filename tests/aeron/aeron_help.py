"""Waiting with a bound, and running a program that must end by itself."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import TypeVar

from seriatim.aeron import OfferedMany, OfferResult, Subscription

T = TypeVar("T")


def wait_for(condition: Callable[[], T | None], bound_s: float = 10.0) -> T:
    """The first true value of `condition`; fails after `bound_s`."""
    deadline_s = time.monotonic() + bound_s
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline_s, f"waited {bound_s} s in vain"
        time.sleep(0.0005)


def offer_until_sent(offer: Callable[[], int]) -> int:
    """Offers again while the answer is a refusal that a retry can cure."""
    result = OfferResult.NOT_CONNECTED

    def sent() -> bool:
        nonlocal result
        result = offer()
        return result >= 0

    wait_for(sent)
    return result


def offer_all(offer: Callable[[int], OfferedMany], count: int) -> None:
    """Offers from the given index on until `count` messages went."""
    done = 0

    def sent() -> bool:
        nonlocal done
        done += offer(done).sent
        return done == count

    wait_for(sent)


def receive(subscription: Subscription, count: int) -> list[bytes]:
    """Polls until `count` fragments came."""
    received: list[bytes] = []

    def polled() -> bool:
        subscription.poll(lambda fragment, _: received.append(bytes(fragment)))
        return len(received) >= count

    wait_for(polled)
    return received


def run_program(source: str, bound_s: float = 30.0, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs Python source in a process of its own, with development checks; it must end within `bound_s`."""
    return subprocess.run(
        [sys.executable, "-X", "faulthandler", "-W", "default::ResourceWarning", "-c", source],
        capture_output=True,
        text=True,
        timeout=bound_s,
        check=False,
        env={**os.environ, **environment},
    )
