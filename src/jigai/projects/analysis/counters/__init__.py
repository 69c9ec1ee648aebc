"""Counters that targets of the documents answer to."""
