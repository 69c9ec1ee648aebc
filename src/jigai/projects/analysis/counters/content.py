"""What the counters count, as data: ``projects/data/counters.yaml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jigai.yaml_files import read_yaml

_FILE = Path(__file__).resolve().parents[2] / "data" / "counters.yaml"


@dataclass(frozen=True, slots=True)
class TargetOf:
    """A target a counter answers to and the figure it is judged by; empty where none fits."""

    pack: str
    target: str
    figure: str


@dataclass(frozen=True, slots=True)
class MachineKind:
    """Machines told by the class and the name of an invoice item."""

    kind: str
    name: str
    classes: frozenset[str]
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the digital survey with the set of enterprises it is asked of."""

    key: str
    field: str
    name: str
    denominator: str
    clause: str


@cache
def _content() -> dict[str, Any]:
    return dict(read_yaml(_FILE))


@cache
def targets_of(system: str) -> tuple[TargetOf, ...]:
    """Targets of one counter."""
    return tuple(TargetOf(**row) for row in _content()["targets"][system])


@cache
def machine_kinds() -> tuple[MachineKind, ...]:
    """Kinds in the order in which they are tried."""
    return tuple(
        MachineKind(r["kind"], r["name"], frozenset(r["classes"]), re.compile(r["pattern"]))
        for r in _content()["machines"]
    )


@cache
def origins() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What an item's name says of where the machine comes from."""
    return tuple((kind, re.compile(text)) for kind, text in _content()["origins"].items())


@cache
def units() -> dict[str, str]:
    """Other ways of writing a unit."""
    return dict(_content()["units"])


@cache
def questions() -> tuple[Asked, ...]:
    """Questions of the survey."""
    return tuple(Asked(**row) for row in _content()["questions"])
