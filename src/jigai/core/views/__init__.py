"""Screens of the core room."""
