"""Screens of the policies room."""
