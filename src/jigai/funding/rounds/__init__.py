"""Rounds: what is opened, when, for whom."""
