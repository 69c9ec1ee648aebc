"""Charges a project is let off: matched, certified, followed up at the counter."""
