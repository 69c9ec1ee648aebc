"""The parts of the daily round, one a file: each finds the cases that are due by one query."""
