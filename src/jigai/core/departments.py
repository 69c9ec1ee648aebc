"""Finds the department a document means by a name, on the day of the document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db.models import Q

from jigai.core.models.department import Department, DepartmentMerger
from jigai.errors import JigaiError
from jigai.paths import data_dir
from jigai.yaml_files import read_yaml

# 区财政局 in a document of a district is its 财政局: such a first character only says "ours".
_OURS = "省市区县州"


class DepartmentNotFound(JigaiError):
    """No department of the region bears the name; or several do."""


@dataclass(frozen=True, slots=True)
class Found:
    """The department responsible on a day, and how the name led to it.

    ``named`` bears the name; ``department`` is it, or what it became by the mergers in ``path``.
    ``note`` says in words what was followed, empty where nothing was.
    """

    department: Department
    named: Department
    path: tuple[DepartmentMerger, ...] = ()
    note: str = ""


def find_department(name: str, region_code: str, on: date) -> Found:
    """The department of a region (six digits) that a name meant on a day.

    国税局 is the 国家税务局 on 2017-05-01 and the 税务局 on 2019-05-01. Raises
    :class:`DepartmentNotFound`, naming the forerunners, for a department not set up on that day.
    """
    typed = name.strip()
    candidates = _bearing(typed, region_code)
    if not candidates and len(typed) > 2 and typed[0] in _OURS:
        candidates = _bearing(typed[1:], region_code)
    standing = [row for row in candidates if _stands(row, on)]
    if not standing and candidates:
        return _followed(candidates[0], on)
    if len(standing) == 1:
        return Found(standing[0], standing[0])
    if not candidates:
        raise DepartmentNotFound(
            "department-unknown", f"{region_code} 的部门名录里没有“{typed}”",
            "请核对名称，或在部门名录里补登别名",
        )  # fmt: skip
    names = "、".join(row.name for row in standing)
    raise DepartmentNotFound("department-several", f"“{typed}”可能指：{names}", "请写全称")


@cache
def _line_names() -> dict[str, str]:
    content = read_yaml(data_dir() / "departments.yaml")
    lines = {row["line"]: str(row["county"]).removesuffix("局") for row in content["lines"]}
    return {**content["kinds"], **lines}


def line_name(line: str) -> str:
    """工业和信息化 for ``miit``; a line of the platform's own goes by its code."""
    return _line_names().get(line, line)


def _bearing(name: str, region_code: str) -> list[Department]:
    rows = Department.objects.filter(region_code=region_code)
    own = Q(name=name) | Q(short_name=name)
    found = list(rows.filter(own).order_by("id"))
    return found or list(rows.filter(aliases__name=name).distinct().order_by("id"))


def _stands(row: Department, on: date) -> bool:
    started = row.valid_from is None or row.valid_from <= on
    return started and (row.valid_to is None or on < row.valid_to)


def _followed(named: Department, on: date) -> Found:
    """Go along mergers up to the day; a department not yet set up leads back to its forerunners."""
    if named.valid_from and on < named.valid_from:
        before = "、".join(m.old.name for m in named.merged_from.select_related("old"))
        raise DepartmentNotFound(
            "department-not-yet", f"“{named.name}”于 {named.valid_from} 设立，{on} 时还没有",
            f"此前的职责属于：{before}" if before else "",
        )  # fmt: skip
    path: list[DepartmentMerger] = []
    current = named
    while not _stands(current, on):
        steps = current.merged_into.filter(on__lte=on).select_related("old", "new")
        step = steps.order_by("-on", "-id").first()
        if step is None or step in path:
            raise DepartmentNotFound(
                "department-ended", f"“{current.name}”已于 {current.valid_to} 撤销，没有登记去向",
                "请在部门名录里补登合并沿革",
            )  # fmt: skip
        path.append(step)
        current = step.new
    words = "，".join(f"{m.on} 并入 {m.new.name}" for m in path)
    return Found(current, named, tuple(path), f"{named.name} 于 {words}")
