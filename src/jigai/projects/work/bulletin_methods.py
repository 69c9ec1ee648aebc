"""Ways of counting for bulletins: content, chosen once a year and printed on every bulletin."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jigai.errors import JigaiError
from jigai.yaml_files import read_yaml

FILE = Path(__file__).resolve().parent.parent / "data" / "bulletin_methods.yaml"


@dataclass(frozen=True, slots=True)
class Method:
    """One way of counting. ``inclusion`` is the denominator of 入统率, ``ties`` a rule of ranking;
    ``lines`` say it all in words."""

    id: str
    name: str
    inclusion: str
    ties: str
    lines: tuple[str, ...]


@cache
def methods() -> dict[str, Method]:
    """Every way by id, in the order of the file."""
    rows = read_yaml(FILE)
    return {
        row["id"]: Method(row["id"], row["name"], row["inclusion"], row["ties"],
                          tuple(row["lines"]))
        for row in rows
    }  # fmt: skip


def method_of(name: str) -> Method:
    """One of them. Raises :class:`JigaiError`."""
    found = methods().get(name)
    if found is None:
        raise JigaiError("no-method", f"没有“{name}”这个口径", "从列表里选")
    return found
