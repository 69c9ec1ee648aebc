"""Writes values as YAML the way packs are written by hand: short things on one line."""

from __future__ import annotations

import json
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import ScalarEvent

# Longer than this a map or list gets a line for each of its parts.
WIDTH = 96


def scalar(value: str, *, flow: bool) -> str:
    """One text, quoted only where it would otherwise be read as something else."""
    if value == "":
        return '""'
    if "\n" not in value and _reads_as(value, value, flow):
        return value
    return json.dumps(value, ensure_ascii=False)


def _reads_as(written: str, value: str, flow: bool) -> bool:
    text = f"[{written}, x]" if flow else f"k: {written}\nx: y"
    try:
        events = list(YAML(typ="safe", pure=True).parse(text))
    except YAMLError:
        return False
    found = [event.value for event in events if isinstance(event, ScalarEvent)]
    return found == ([value, "x"] if flow else ["k", value, "x", "y"])


def inline(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        parts = (f"{scalar(str(k), flow=True)}: {inline(v)}" for k, v in value.items())
        return "{" + ", ".join(parts) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(inline(v) for v in value) + "]"
    return scalar(value, flow=True)


def after_colon(value: Any, column: int, *, flow: bool) -> str:
    """What follows ``key:``, the key standing at ``column``; begins with a space or a line end."""
    if flow:
        return f" {inline(value)}"
    if isinstance(value, str) and "\n" in value and _lines_are_plain(value):
        body = "\n".join(" " * (column + 2) + line if line else "" for line in value.split("\n"))
        return f" |-\n{body}"
    if not isinstance(value, dict | list):
        return f" {scalar(value, flow=False)}"
    if not value or (_flat(value) and column + len(inline(value)) <= WIDTH):
        return f" {inline(value)}"
    if isinstance(value, dict):
        pad = " " * (column + 2)
        return "\n" + "\n".join(pad + line for line in entries(value, column + 2))
    pad = " " * column
    return "\n" + "\n".join(f"{pad}- {after_dash(one, column + 2)}" for one in value)


def after_dash(value: Any, column: int, *, block: bool = False) -> str:
    """What follows ``- ``, standing at ``column``; ``block`` gives every key its own line."""
    if isinstance(value, dict) and value:
        if not block and _flat(value) and column + len(inline(value)) <= WIDTH + 24:
            return inline(value)
        return ("\n" + " " * column).join(entries(value, column))
    return inline(value) if isinstance(value, dict | list) else scalar(value, flow=False)


def entries(value: dict[str, Any], column: int) -> list[str]:
    """``key: value`` for each key of a map at ``column``."""
    return [entry(str(key), one, column) for key, one in value.items()]


def entry(key: str, value: Any, column: int, *, flow: bool = False) -> str:
    """``key: value``."""
    return f"{scalar(key, flow=flow)}:{after_colon(value, column, flow=flow)}"


def _flat(value: dict[str, Any] | list[Any]) -> bool:
    """Whether it holds no map inside a list, which reads better on a line of its own."""
    if isinstance(value, list):
        return not any(isinstance(one, dict | list) for one in value)
    return all(not isinstance(one, dict) and (not isinstance(one, list) or _flat(one))
               for one in value.values())  # fmt: skip


def _lines_are_plain(value: str) -> bool:
    """Whether it can stand as a block of text: nothing that a block would swallow or not hold."""
    lines = value.split("\n")
    return (
        not lines[0].startswith((" ", "\t")) and lines[0] != "" and lines[-1] != ""
        and all(line == line.rstrip() and "\t" not in line for line in lines)
    )  # fmt: skip
