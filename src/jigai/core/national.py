"""Dated national thresholds that core needs, read from the pack ``national`` with their source."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any

from jigai.paths import packs_dir
from jigai.yaml_files import read_yaml


@dataclass(frozen=True, slots=True)
class Dated:
    """A value as written (``2000万元及以上``), the day it holds from, and where it stands."""

    value: str
    since: dt.date
    source: str


def national_value(name: str, day: dt.date) -> Dated | None:
    """The value of a national parameter on a day; ``None`` before its first one.

    Raises ``KeyError`` for a parameter the pack does not have.
    """
    held = [value for value in _values()[name] if value.since <= day]
    return max(held, key=lambda value: value.since, default=None)


@cache
def _values() -> dict[str, tuple[Dated, ...]]:
    content: list[dict[str, Any]] = read_yaml(packs_dir() / "national" / "parameters.yaml")[
        "parameters"
    ]
    return {
        row["id"]: tuple(
            Dated(str(v["value"]), _day(v["from"]), str(v.get("reference", "")))
            for v in row.get("values", ())
        )
        for row in content
    }


def _day(value: Any) -> dt.date:
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))
