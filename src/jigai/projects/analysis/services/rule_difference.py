"""Somebody rules why two departments' figures differ and which one is used."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from jigai.core.access import Access, Denied
from jigai.core.models import User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.policies.addressees import people_with
from jigai.projects.analysis.monitoring import SAME, Difference, differences
from jigai.projects.models import FigureRuling, Project, StatisticsFigure

CAPABILITY = "statistics.manage"


def rule_difference(
    *, year: int, month: int, project: int | None, figure: int | None, holds: str, reason: str,
    seen: tuple[int | None, int | None], by: User, access: Access,
) -> FigureRuling:  # fmt: skip
    """Record the ruling with both figures as they stand; neither figure is changed by it.

    ``seen`` are the two figures (ours, theirs) the person decided on. Raises :class:`Denied` out of
    reach, :class:`JigaiError` where the figures agree or changed, or no reason is given.
    """
    access.require(CAPABILITY)
    if holds not in FigureRuling.Holds.values:
        raise JigaiError("unknown-ruling", "没有这种裁定", "从列表里选")
    if not reason.strip():
        raise JigaiError("no-reason", "没有写差异的原因", "写清两边的数为什么不同")
    with transaction.atomic():
        _lock(project, figure)
        found = _difference(access, year, month, project, figure)
        if found.kind == SAME:
            raise JigaiError("no-difference", "两边的数一致，不用裁定", "刷新页面查看")
        if (found.ours, found.theirs) != seen:
            raise JigaiError("changed", "数据刚有变动，裁定还没有保存", "核对新的数再裁定")
        _fits(holds, found)
        ruling = FigureRuling.objects.create(
            project_id=found.project, figure_id=found.figure, region_code=found.region, year=year,
            month=month, ours_fen=found.ours, theirs_fen=found.theirs, holds=holds,
            reason=reason.strip(), created_by=by,
        )  # fmt: skip
        transaction.on_commit(lambda: _tell(ruling, found.name))
    return ruling


def _lock(project: int | None, figure: int | None) -> None:
    """Two people ruling the same difference come one after the other."""
    if project is not None:
        Project.objects.select_for_update(of=("self",)).filter(pk=project).first()
    elif figure is not None:
        StatisticsFigure.objects.select_for_update(of=("self",)).filter(pk=figure).first()


def _difference(
    access: Access, year: int, month: int, project: int | None, figure: int | None
) -> Difference:
    if project is None and figure is None:
        raise Denied("out-of-reach", "这条记录不在您的数据权限之内")
    found = differences(access, year, month, project=project,
                        figure=figure if project is None else None)  # fmt: skip
    if not found:
        raise Denied("out-of-reach", "这条记录不在您的数据权限之内")
    return found[0]


def _fits(holds: str, found: Difference) -> None:
    """A side that says nothing cannot hold."""
    side = {"ours": found.ours, "theirs": found.theirs}.get(holds, 0)
    if side is None:
        raise JigaiError(
            "no-figure", "这一边没有数，不能以它为准", "选另一边，或选“口径不同，并列”"
        )


def _tell(ruling: FigureRuling, name: str) -> None:
    for person in people_with(CAPABILITY, ruling.region_code):
        if person.pk != ruling.created_by_id:
            send_notice(
                user=person, event="figure-ruled",
                title=f"数据裁定：{name} {ruling.year} 年 {ruling.month} 月",
                body=f"{ruling.get_holds_display()}：{ruling.reason}",
                url=f"{reverse('monitoring')}?year={ruling.year}&month={ruling.month}",
            )  # fmt: skip
