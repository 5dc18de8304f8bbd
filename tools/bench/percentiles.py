"""How a set of latencies is told: the middle, the tail and the worst."""

import numpy as np

NAMES = ("p50", "p99", "p999", "max")


def percentiles_us(samples_ns: np.ndarray | list[int]) -> dict[str, float]:
    """p50, p99, p99.9 and the worst of samples in nanoseconds, in microseconds; zeros when there are none."""
    if not len(samples_ns):
        return dict.fromkeys(NAMES, 0.0)
    values_us = np.percentile(np.asarray(samples_ns) / 1e3, [50, 99, 99.9, 100])
    return dict(zip(NAMES, values_us.round(2).tolist(), strict=True))
