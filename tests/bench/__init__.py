"""Benchmarks: figures for people, printed with the machine they were taken on; never tests."""
