"""Benchmarks: each prints a table with medians and the machine; none is part of the tests."""
