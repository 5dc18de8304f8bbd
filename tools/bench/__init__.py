"""Benchmarks: programs that measure, each beside its limit in the same run."""
