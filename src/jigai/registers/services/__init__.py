"""Writes of the registers room, one use case a file."""
