"""Example tables in YAML: one list of cases a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

_HERE = Path(__file__).parent / "examples"


def cases(name: str) -> list[Any]:
    """The cases of ``examples/<name>.yaml`` as plain data."""
    return list(YAML(typ="safe").load((_HERE / f"{name}.yaml").read_text(encoding="utf-8")))


def fen(yuan: float | int | str) -> int:
    """Yuan as written in a table to fen, without a float in between."""
    from decimal import Decimal

    return int(Decimal(str(yuan)) * 100)
