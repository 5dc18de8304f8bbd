"""Benchmarks: programs that print a table, or JSON, and the limit that they ran against."""
