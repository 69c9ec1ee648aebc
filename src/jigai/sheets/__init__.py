"""Messy workbooks in, typed rows and located issues out; and typed rows back into workbooks.

The room is pure: it knows no database and no screen. Uploaded files are parsed in a child process
(``reader``), tables are found and typed by specifications kept as data (``specs/*.yaml``).
"""
