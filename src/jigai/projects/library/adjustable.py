"""What of a project in the library may be adjusted, and which terms of documents rest on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jigai.core.project_tags import named_tags
from jigai.core.screens import formats
from jigai.errors import JigaiError
from jigai.projects.models import MainDirection, Project
from jigai.sheets.values.amounts import read_money

MONEY, DAY, DIRECTION, WORDS = "money", "day", "direction", "words"
DIRECTION_KIND = "direction"


@dataclass(frozen=True, slots=True)
class Part:
    """One adjustable thing: ``column`` of the project (empty for what lies elsewhere), ``terms`` of
    the vocabulary that evaluations read it by."""

    key: str
    label: str
    kind: str
    column: str
    terms: tuple[str, ...] = ()


PARTS: Mapping[str, Part] = {
    part.key: part
    for part in (
        Part("total", "总投资", MONEY, "total_fen", ("planned_total",)),
        Part("fixed", "固定资产投资（备案口径）", MONEY, "fixed_fen", ("planned_fixed_assets",)),
        Part("equipment", "设备投资", MONEY, "equipment_fen", ("declared_equipment",)),
        Part("robot", "机器人投资", MONEY, "robot_fen", ("declared_robot",)),
        Part("software", "软件投资", MONEY, "software_fen", ("declared_software",)),
        Part("hardware", "信息化硬件投资", MONEY, "hardware_fen", ("declared_hardware",)),
        Part("main_direction", "主方向", DIRECTION, "",
             ("main_direction", "partly_information_or_innovation")),
        Part("start", "开工（计划或实际）", DAY, "start", ("start_date",)),
        Part("end", "竣工（计划或实际）", DAY, "end", ("end_date",)),
        Part("late", "超期未开工的情况", WORDS, ""),
    )
}  # fmt: skip


def directions() -> list[str]:
    """Directions that documents name."""
    return [tag.name for tag in named_tags().values() if tag.kind == DIRECTION_KIND]


def read(part: Part, text: str) -> Any:
    """The new value; money ``1234.56`` is in 万元 unless a unit is written.

    Raises :class:`JigaiError` for what cannot be read.
    """
    given = text.strip()
    if not given:
        raise JigaiError("adjust-empty", "没有填新值", f"填{part.label}的新值")
    if part.kind == MONEY:
        found = read_money(given, "万元")
        if found.value is None or found.value < 0:
            raise JigaiError("adjust-money", f"“{given}”不是金额", "填万元，如 1234.56")
        return found.value
    if part.kind == DAY:
        try:
            return dt.date.fromisoformat(given)
        except ValueError as error:
            raise JigaiError("adjust-day", f"“{given}”不是日期", "写成 2021-06-30") from error
    if part.kind == DIRECTION and given not in directions():
        raise JigaiError("adjust-direction", f"没有“{given}”这个方向", "从列表里选")
    return given[:400]


def current(part: Part, project: Project) -> Any:
    """What stands now; ``None`` where nothing is known."""
    if part.column:
        return getattr(project, part.column)
    if part.kind == DIRECTION:
        row = MainDirection.objects.filter(project=project).first()
        if row is not None:
            return row.direction
        tagged = [tag.partition("/")[2] for tag in project.tags if tag.startswith("direction/")]
        return tagged[0] if len(tagged) == 1 else None
    return None


def words(part: Part, value: Any) -> str:
    """A value as the record keeps it."""
    if value is None:
        return ""
    if part.kind == MONEY:
        return f"{formats.yuan(value)} 元"
    return formats.day(value) if part.kind == DAY else str(value)
