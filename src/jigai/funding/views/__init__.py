"""Screens of the funding room."""
