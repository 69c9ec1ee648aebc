"""Writes of the outreach room, one use case a file."""
