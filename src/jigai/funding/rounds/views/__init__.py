"""Rounds and topics on screen."""
