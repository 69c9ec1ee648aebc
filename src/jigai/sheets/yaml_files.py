"""Reading the YAML files that ship with the package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML


def read_yaml(path: Path) -> Any:
    """The content of a YAML 1.2 file as plain dictionaries, lists and scalars."""
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
