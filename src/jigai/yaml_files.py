"""Reading YAML 1.2: the files that ship with the package, and the texts of packs.

The parser written in C is several times as fast but refuses a few texts that YAML 1.2 allows
(``[a:b]``) and tells less about faults; what it refuses is read by the other one, which decides.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import Node


def read_yaml(path: Path) -> Any:
    """The content of a YAML file as plain dictionaries, lists and scalars."""
    return load_yaml(path.read_text(encoding="utf-8"))


def load_yaml(text: str) -> Any:
    """The content of a YAML text; raises :class:`YAMLError` for one that cannot be read."""
    try:
        return YAML(typ="safe").load(text)
    except YAMLError:
        return YAML(typ="safe", pure=True).load(text)


def compose_yaml(text: str) -> Node | None:
    """The nodes of a YAML text with their places; raises :class:`YAMLError` like the above."""
    try:
        node: Node | None = YAML(typ="safe").compose(text)
    except YAMLError:
        node = YAML(typ="rt").compose(text)
    return node
