"""Whether a project belongs into the statistics of fixed-asset investment, and stands there."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, CharField, Q, QuerySet, Value, When

from jigai.projects.models import Project
from jigai.projects.models import StatisticsInclusion as Inclusion
from jigai.projects.states import ENDED, NOT_STARTED

INCLUDED, FITS, PENDING, OUTSIDE, UNKNOWN, EARLY = (
    "included", "fits", "pending", "outside", "unknown", "early",
)  # fmt: skip
WORDS = {
    INCLUDED: "已入统", FITS: "符合条件而未入统", PENDING: "入统待确认", OUTSIDE: "不属技改范畴",
    UNKNOWN: "缺数据", EARLY: "未开工或已停止",
}  # fmt: skip
LOOKS = {
    INCLUDED: "ok", FITS: "error", PENDING: "undetermined", OUTSIDE: "out", UNKNOWN: "missing",
    EARLY: "pending",
}  # fmt: skip
Status: Any = Inclusion.Status
# Which status may follow which, and the capability it needs.
FILL, MANAGE = "report.fill", "statistics.manage"
MOVES: dict[str, dict[str, str]] = {
    Status.NONE: {Status.DECLARED: FILL, Status.INCLUDED: MANAGE},
    Status.DECLARED: {Status.RETURNED: MANAGE, Status.INCLUDED: MANAGE},
    Status.RETURNED: {Status.RESUBMITTED: FILL},
    Status.RESUBMITTED: {Status.RETURNED: MANAGE, Status.INCLUDED: MANAGE},
    Status.INCLUDED: {Status.NONE: MANAGE},
}
MOVE_WORDS = {
    Status.DECLARED: "申报入统", Status.RETURNED: "退回", Status.RESUBMITTED: "补报",
    Status.INCLUDED: "确认已入统", Status.NONE: "取消入统",
}  # fmt: skip
# Moves that cannot be understood without a word.
NEED_NOTE = frozenset({Status.RETURNED, Status.RESUBMITTED, Status.NONE})


def verdict(
    *, status: str, in_statistics: bool | None, state: str, nature: str | None,
    total_fen: int | None, threshold: int, natures: tuple[str, ...],
) -> str:  # fmt: skip
    """Where one project stands; fen. A total below the threshold is neither in nor out (Y43).

    The status recorded here beats what a ledger once said.
    """
    if status == Status.INCLUDED or (status == Status.NONE and in_statistics):
        return INCLUDED
    if state in NOT_STARTED | ENDED:
        return EARLY
    if nature is None:
        return UNKNOWN
    if nature not in natures:
        return OUTSIDE
    if total_fen is None:
        return UNKNOWN
    return FITS if total_fen >= threshold else PENDING


def judged(rows: QuerySet[Project], threshold: int, natures: tuple[str, ...]) -> QuerySet[Project]:
    """Projects with the same verdict worked out by the database, as ``judged``."""
    unmoved = Q(inclusion__isnull=True) | Q(inclusion__status=Status.NONE)
    conditions: list[tuple[Q, str]] = [
        (Q(inclusion__status=Status.INCLUDED) | (unmoved & Q(in_statistics=True)), INCLUDED),
        (Q(state__in=NOT_STARTED | ENDED), EARLY),
        (Q(nature__isnull=True), UNKNOWN),
        (~Q(nature__in=natures), OUTSIDE),
        (Q(total_fen__isnull=True), UNKNOWN),
        (Q(total_fen__gte=threshold), FITS),
    ]
    cases: list[Any] = [When(found, then=Value(code)) for found, code in conditions]
    return rows.annotate(
        judged=Case(*cases, default=Value(PENDING), output_field=CharField(max_length=10))
    )
