"""Numbers that traders write and the table reads, in a file that both map: nobody waits for anybody."""

from pathlib import Path

import numpy as np

BUCKETS = 480
LATENCY_NS_MIN, LATENCY_NS_MAX = 1e3, 1e11
EDGES_NS = np.geomspace(LATENCY_NS_MIN, LATENCY_NS_MAX, BUCKETS)
"""Upper edges of the latency buckets: each 4 % above the one before."""

STATS = np.dtype(
    [
        ("sent", "<i8"),
        ("answered", "<i8"),
        ("accepted", "<i8"),
        ("rejected", "<i8"),
        ("cancelled", "<i8"),
        ("fills", "<i8"),
        ("reconnects", "<i8"),
        ("latency_counts", "<i8", (BUCKETS,)),
    ]
)
"""What one trader counts; a latency is from sending a command to its last event."""


def create(path: Path, traders: int) -> np.ndarray:
    """The file, all zeros, and its array of one STATS per trader."""
    np.zeros(traders, STATS).tofile(path)
    return attach(path)


def attach(path: Path) -> np.ndarray:
    """The array of a file that exists."""
    return np.memmap(path, STATS, "r+")


def add_latencies(stats: np.ndarray, latency_ns: float, count: int) -> None:
    """Counts `count` commands that took so long."""
    bucket = min(int(np.searchsorted(EDGES_NS, latency_ns)), BUCKETS - 1)
    stats["latency_counts"][..., bucket] += count


def percentiles_us(stats: np.ndarray) -> dict[str, float]:
    """p50, p99 and p99.9 over all traders, in microseconds; to 4 %."""
    counts = stats["latency_counts"].sum(axis=0)
    total = counts.sum()
    if not total:
        return {"p50": 0.0, "p99": 0.0, "p999": 0.0}
    ranks = np.searchsorted(np.cumsum(counts), np.array([0.5, 0.99, 0.999]) * total)
    return dict(zip(("p50", "p99", "p999"), (EDGES_NS[ranks] / 1e3).round(1).tolist(), strict=True))
