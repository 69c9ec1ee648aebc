"""Screens of the work on projects."""
