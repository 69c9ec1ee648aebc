"""Label systems as data (``data/label_systems.yaml``) and the rule behind each label.

A project may bear several labels of one system and labels of several systems at once; which it
bears follows from its tags and fields and is never stored a second time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Q

from jigai.core.access.scoping import region_prefix
from jigai.core.project_tags import named_tags, tag_of
from jigai.projects.models import Project
from jigai.yaml_files import read_yaml

_FILE = Path(__file__).parent.parent / "data" / "label_systems.yaml"
_FIELDS = {"chain": "产业链", "park": "园区"}
_MONEY = {"equipment": "设备投资", "robot": "机器人投资", "software": "软件投资"}


@dataclass(frozen=True, slots=True)
class Label:
    """One label: any of its conditions is enough; one that is not ``on`` is borne by nobody."""

    id: str
    name: str
    clause: str
    tags: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    positive: tuple[str, ...] = ()
    on: bool = True
    note: str = ""

    @property
    def rule(self) -> str:
        """The conditions in words."""
        parts = []
        if self.tags:
            parts.append("标签有" + "、".join(tag_of(tag).name for tag in self.tags))
        parts += [f"有{kind_name(kind)}标签" for kind in self.kinds]
        parts += [f"登记了{_FIELDS[name]}" for name in self.filled]
        parts += [f"{_MONEY[name]}大于零" for name in self.positive]
        return "，或".join(parts) if self.on else "停用"

    def all_tags(self) -> list[str]:
        """Every tag that gives the label."""
        of_kind = [tag.id for tag in named_tags().values() if tag.kind in self.kinds]
        return [*self.tags, *of_kind]

    def condition(self) -> Q:
        """Projects that bear the label."""
        if not self.on:
            return Q(pk__in=[])
        found = Q(tags__overlap=self.all_tags()) if self.tags or self.kinds else Q(pk__in=[])
        for name in self.filled:
            found |= Q(**{f"{name}__gt": ""})
        for name in self.positive:
            found |= Q(**{f"{name}_fen__gt": 0})
        return found

    def borne_by(self, project: Project) -> bool:
        """Whether one project bears it; the same as :meth:`condition`."""
        if not self.on:
            return False
        if set(self.all_tags()) & set(project.tags):
            return True
        if any(getattr(project, name) for name in self.filled):
            return True
        return any((getattr(project, f"{name}_fen") or 0) > 0 for name in self.positive)


@dataclass(frozen=True, slots=True)
class LabelSystem:
    """The labels of one document and the place it is in use."""

    id: str
    name: str
    region: str
    pack: str
    clause: str
    labels: tuple[Label, ...]

    def used_at(self, region_code: str) -> bool:
        """Whether the document speaks to a place."""
        return region_code.startswith(region_prefix(self.region))

    def label(self, label_id: str) -> Label | None:
        """One of its labels."""
        return next((label for label in self.labels if label.id == label_id), None)


def kind_name(kind: str) -> str:
    """What a kind of tag is called."""
    from jigai.core.project_tags import KINDS

    return KINDS[kind]


@cache
def label_systems() -> dict[str, LabelSystem]:
    """Every system by id."""
    return {row["id"]: _system(row) for row in read_yaml(_FILE)}


def _system(row: dict[str, Any]) -> LabelSystem:
    return LabelSystem(
        row["id"], row["name"], row["region"], row["pack"], row["clause"],
        tuple(_label(label) for label in row["labels"]),
    )  # fmt: skip


def _label(row: dict[str, Any]) -> Label:
    several = {name: tuple(row.get(name, ())) for name in ("tags", "kinds", "filled", "positive")}
    return Label(
        row["id"], row["name"], row["clause"], on=row.get("on", True), note=row.get("note", ""),
        **several,
    )  # fmt: skip


def systems_at(region_code: str) -> list[LabelSystem]:
    """Systems that speak to a place; those of other places are not pressed upon it."""
    return [system for system in label_systems().values() if system.used_at(region_code)]


def labels_of(project: Project) -> list[tuple[LabelSystem, list[Label]]]:
    """What a project bears in each system of its place."""
    return [
        (system, [label for label in system.labels if label.borne_by(project)])
        for system in systems_at(project.region_code)
    ]


def find_label(text: str) -> Label | None:
    """The label of ``system/label``."""
    system_id, _, label_id = text.partition("/")
    system = label_systems().get(system_id)
    return system.label(label_id) if system else None


def label_choices() -> Iterable[tuple[str, list[tuple[str, str]]]]:
    """Labels by system, for a filter."""
    for system in label_systems().values():
        labels = [(f"{system.id}/{label.id}", label.name) for label in system.labels if label.on]
        yield system.name, labels
