"""Importing 50,000 enterprises from one workbook, beside the least that any import must do.

``python -m bench.imports`` makes a workbook of invented enterprises with structurally valid credit
codes, then measures in fresh processes on one throw-away PostgreSQL:

* ours: read (with every check, finding and preview) and commit (with history, dated figures, undo);
* bare: python-calamine reads the same rows and psycopg COPYs them into one wide table, unchecked.

The result goes to ``build/bench/imports.md``.
"""
