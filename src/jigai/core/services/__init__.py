"""Writes, one use case a file: lock, check, change, audit, notify after commit."""
