"""Benchmarks: each module is a command that prints a ratio against a baseline run beside it."""
