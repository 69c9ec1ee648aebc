"""Writes of the policy sandbox, one verb a file."""
