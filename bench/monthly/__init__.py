"""A month of 20,000 projects: open, remind, fill in from Excel, lock, publish, correct, lock again.

The baseline writes the same figures with the bare tools: no checks, no history, no versions.
"""
