"""Screens of approvals: promises looked after, coming once, rating, land delivery, time limits."""
