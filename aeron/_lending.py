"""Notices when somebody keeps a view of Aeron's memory beyond the time for which it was lent.

A kept view would point at memory that Aeron reuses and at last unmaps. Python cannot take a view back, but it counts
references: one too many means that a view is still out, and then the memory stays mapped for good.
"""

from sys import getrefcount
from typing import Any


def _alone() -> int:
    probe = bytearray()
    return getrefcount(probe)


ALONE = _alone()
"""What ``getrefcount(local)`` gives for an object that only that local variable refers to."""


def is_lent(buffer: Any) -> bool:
    """Whether a view of `buffer`, a local variable of the caller's, is still out."""
    # The argument of this function is one more reference.
    return getrefcount(buffer) > ALONE + 1
