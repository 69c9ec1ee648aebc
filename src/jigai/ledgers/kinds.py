"""Names of what entries record; rooms add their own."""

from __future__ import annotations

from collections.abc import Mapping

_names: dict[str, str] = {"reverse": "冲销"}


def register(names: Mapping[str, str]) -> None:
    """Name kinds of entries."""
    _names.update(names)


def kind_name(kind: str) -> str:
    """The name of a kind; the code itself where nobody has named it."""
    return _names.get(kind, kind)


def kinds() -> list[tuple[str, str]]:
    """All kinds with their names, for a query form."""
    return sorted(_names.items(), key=lambda pair: pair[1])
