"""Screens of the projects room."""
