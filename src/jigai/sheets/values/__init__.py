"""Cells to clean values: every function returns a value and the codes of what it had to do."""
