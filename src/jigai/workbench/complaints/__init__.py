"""Complaints joined with reports of charges: one matter, one state, one answer."""
