"""Statements no page may send: a cut of an unordered set, and a write while somebody only reads."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db.models.query import MAX_GET_RESULTS

from tests.nets import findings

# What a GET may write: who looked at what, who signed out by idling, and the life of the session.
MAY_BE_WRITTEN = frozenset(
    {"core_accesslog", "core_signinlog", "django_session", "usersessions_usersession"}
)
_INNER = re.compile(r"\([^()]*\)")
_CUT = re.compile(r"\bLIMIT\s+(\d+|%s)\b", re.IGNORECASE)
_ORDERED = re.compile(r"\bORDER\s+BY\b", re.IGNORECASE)
_EXISTS = re.compile(r"SELECT (?:1|%s) AS \"a\" ")
_TABLE = re.compile(r'\bFROM\s+(?:ONLY\s+)?"?(\w+)"?', re.IGNORECASE)
_WRITES = re.compile(
    r"\b(?:INSERT\s+INTO|(?<!FOR )(?<!KEY )(?<!DO )UPDATE|DELETE\s+FROM|MERGE\s+INTO"
    r"|TRUNCATE(?:\s+TABLE)?)\s+(?:ONLY\s+)?\"?(\w+)",
    re.IGNORECASE,
)
_QUEUES = re.compile(r"\bprocrastinate_(?:defer|retry|cancel|finish)\w*\s*\(", re.IGNORECASE)
_reading = threading.local()


@contextmanager
def only_reading(request: str) -> Iterator[None]:
    """Inside, this thread serves a request that may not write."""
    _reading.request = request
    try:
        yield
    finally:
        _reading.request = ""


def watch(connection: Any, **_: Any) -> None:
    """Put the net under a connection that was just opened."""
    if _look not in connection.execute_wrappers:
        # In front: whoever put one on takes the last one off again.
        connection.execute_wrappers.insert(0, _look)


def _look(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    statement = sql if isinstance(sql, str) else str(sql)
    request = getattr(_reading, "request", "")
    if request and (table := written_table(statement)):
        findings.record(f"{findings.place()}: {request} writes to {table}")
    if (table := unordered_cut(statement)) and table in our_tables():
        findings.record(f"{findings.place()}: first rows of {table} without an order")
    return execute(sql, params, many, context)


def written_table(statement: str) -> str:
    """The table a statement changes beyond what a GET may change, or empty."""
    if _QUEUES.search(statement):
        return "procrastinate_jobs"
    found = (match.group(1) for match in _WRITES.finditer(statement))
    return next((table for table in found if table not in MAY_BE_WRITTEN), "")


def unordered_cut(statement: str) -> str:
    """The table of which a SELECT takes the first rows without saying first by what, or empty.

    ``get()`` cuts at a number of its own to notice a second row, ``exists()`` asks for a constant.
    """
    outer = statement.strip()
    if outer[:6].upper() != "SELECT" or _EXISTS.match(outer):
        return ""
    while (shorter := _INNER.sub("", outer)) != outer:
        outer = shorter
    cut = _CUT.search(outer)
    if cut is None or cut.group(1) == str(MAX_GET_RESULTS) or _ORDERED.search(outer):
        return ""
    table = _TABLE.search(outer)
    return table.group(1) if table else ""


@cache
def our_tables() -> frozenset[str]:
    """Tables of the models of this project."""
    from django.apps import apps

    return frozenset(
        model._meta.db_table
        for model in apps.get_models()
        if model.__module__.startswith(("jigai.", "tests."))
    )
