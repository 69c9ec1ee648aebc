"""Payments under faults: processes killed, deeds done twice at once, the database restarted."""
