"""Counts the queries of a page at two sizes: a list that asks once a row is found out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def queries_of(client: Client, url: str, **headers: Any) -> list[str]:
    """The statements one GET sends; the page must open."""
    with CaptureQueriesContext(
        connection,
    ) as caught:
        response = client.get(url, headers=headers or None)
    assert response.status_code == 200, (response.status_code, url)
    return [query["sql"] for query in caught.captured_queries]


def assert_query_count(
    client: Client,
    url: str,
    grow: Callable[[int], object],
    *,
    most: int,
    sizes: Sequence[int] = (3, 15),
) -> None:
    """The page asks no more at the larger size, and never more than ``most`` times.

    ``grow(n)`` makes the data grow until there are ``n`` rows.
    """
    # What a process remembers (content types, templates) must not count for the first size only.
    client.get(url)
    asked = []
    for size in sizes:
        grow(size)
        asked.append(queries_of(client, url))
    first, last = asked[0], asked[-1]
    assert len(last) <= len(first), "\n".join(last)
    assert len(last) <= most, f"{len(last)} queries:\n" + "\n".join(last)
