"""What a client of a drill writes down of what it is told."""

from pathlib import Path

import numpy as np

TOLD = np.dtype(
    [
        ("time_ns", "<i8"),
        ("seq", "<u8"),
        ("number", "<u8"),
        ("order_id", "<u8"),
        ("session", "<u4"),
        ("index", "<u4"),
        ("kind", "u1"),
        ("flags", "u1"),
        ("reserved", "V6"),
    ]
)
"""One event of the client's own commands; `time_ns` is the monotonic clock, one for all processes of a machine."""

LAST_FLAG, REPEATED_FLAG = 1, 2


def read_told(record: Path) -> np.ndarray:
    """What a client wrote down, as a TOLD array; a row that it was killed within is left out."""
    data = record.read_bytes()
    return np.frombuffer(data[: len(data) // TOLD.itemsize * TOLD.itemsize], TOLD)
