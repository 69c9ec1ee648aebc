"""Reading lists of key projects: their lines now, their published versions, what differs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from jigai.core.access import Access, scoped
from jigai.core.screens import formats
from jigai.core.screens.list_filters import below
from jigai.projects.models import KeyList, KeyListLine, KeyListVersion, Project
from jigai.projects.selectors import projects_for
from jigai.projects.states import STATES
from jigai.projects.work.access import AT_REGION, VIEW
from jigai.projects.work.standings import with_progress

EDIT, PUBLISH = "keylist.edit", "keylist.publish"
ROW_NAMES = {"unit": "责任单位", "planned_fen": "当年计划投资", "place": "序号"}
MONEY = frozenset({"planned_fen", "total_fen"})


def lists_for(access: Access) -> QuerySet[KeyList]:
    """Lists of regions within reach; those who cannot edit see what was published."""
    rows = scoped(KeyList.objects.all(), access, VIEW, AT_REGION)
    if access.can(EDIT) or access.can(PUBLISH):
        return rows
    return rows.filter(versions__isnull=False).distinct()


def candidates(access: Access, region: str, year: int, given: Mapping[str, Any]) -> list[Any]:
    """The projects of a region and year that fulfil the conditions, the largest plan first; each
    carries ``planned_fen`` (``None`` where no plan is known: it then fulfils no least plan)."""
    rows = below(projects_for(access), "region_code", region).filter(
        duplicate_of__isnull=True, ledger_years__contains=[year]
    )  # fmt: skip
    found = with_progress(rows, year, 12)
    if given.get("states"):
        found = found.filter(state__in=given["states"])
    if given.get("least_total_fen") is not None:
        found = found.filter(total_fen__gte=given["least_total_fen"])
    if given.get("least_planned_fen") is not None:
        found = found.filter(planned_fen__gte=given["least_planned_fen"])
    if given.get("in_library"):
        found = found.filter(entries__status="in").distinct()
    listed = sorted(
        found.select_related("enterprise").defer("search", "enterprise__search"),
        key=lambda row: (row.planned_fen is None, -(row.planned_fen or 0), row.number),
    )
    return listed[: given["most"]] if given.get("most") else listed


def conditions_told(given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The conditions a list was made with, in words."""
    words = STATES
    found = []
    if given.get("states"):
        found.append(("所处阶段", "、".join(words.get(one, one) for one in given["states"])))
    for name, label in (("least_total_fen", "总投资不低于"), ("least_planned_fen", "计划不低于")):
        if given.get(name) is not None:
            found.append((label, f"{formats.wan(given[name])} 万元"))
    if given.get("in_library"):
        found.append(("入库", "只要已入库的"))
    if given.get("most"):
        found.append(("最多", f"{given['most']} 个，按当年计划投资从大到小"))
    return found


def lines_now(key_list: KeyList) -> QuerySet[KeyListLine]:
    """The projects on a list now."""
    rows = key_list.lines.filter(left_at__isnull=True)
    return rows.select_related("project__enterprise").order_by("place", "id")


def rows_of(lines: Sequence[KeyListLine]) -> list[dict[str, Any]]:
    """Lines as a version keeps them: plain data, fen."""
    return [
        {"number": line.project.number, "name": line.project.name, "owner": _owner(line.project),
         "region": line.project.region_code, "place": line.place, "unit": line.unit,
         "planned_fen": line.planned_fen, "total_fen": line.project.total_fen}
        for line in lines
    ]  # fmt: skip


def _owner(project: Project) -> str:
    return project.enterprise.name if project.enterprise else project.enterprise_raw


def digest(rows: Sequence[Mapping[str, Any]]) -> str:
    """The hash of a version's rows."""
    text = json.dumps(list(rows), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def changed(before: KeyListVersion, after: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """What changed in the lines that stand in both: ``name``, ``field``, ``before``, ``after``."""
    known = {row["number"]: row for row in before.rows}
    found = []
    for row in after:
        old = known.get(row["number"])
        for field in ("unit", "planned_fen"):
            if old is not None and old[field] != row[field]:
                found.append({
                    "name": str(row["name"]), "field": ROW_NAMES[field],
                    "before": told(field, old[field]), "after": told(field, row[field]),
                })  # fmt: skip
    return found


def told(field: str, value: Any) -> str:
    """A value in words."""
    if value is None or value == "":
        return formats.ABSENT
    return f"{formats.wan(value)} 万元" if field in MONEY else str(value)
