"""Publishes investment figures of a region and month, or a revision of what was published."""

from __future__ import annotations

from django.db import transaction

from jigai.core.access import Access, Denied
from jigai.core.models import Region, User
from jigai.core.region_years import path_in
from jigai.core.selectors_regions import names_of_regions
from jigai.errors import JigaiError
from jigai.projects.analysis.releasing import (
    CAPABILITY,
    Guard,
    figures_of,
    hash_of,
    may_release,
    method_note,
    withheld_above,
)
from jigai.projects.models import InvestmentRelease

_LEAST_K = 3


def publish_release(
    *, region: str, year: int, month: int, note: str, guard: Guard, by: User, access: Access,
    revises: int | None = None, reason: str = "",
) -> InvestmentRelease:  # fmt: skip
    """Freeze the figures as they are now and make them public.

    ``revises`` is the standing release of the same region and month. Raises :class:`Denied` where
    the person does not reach the whole region, :class:`JigaiError` for a month already released, a
    release already revised, a revision without reason, and figures so few that they tell of
    somebody.
    """
    access.require(CAPABILITY)
    if not may_release(access, region):
        raise Denied("out-of-reach", "这个地区不全在您的数据权限之内，不能发布它的数")
    if guard.k < _LEAST_K:
        raise JigaiError("k-too-small", f"至少 {_LEAST_K} 家企业的组才能公布", "把家数改大")
    with transaction.atomic():
        # One release of a place and of those above and below it at a time.
        path = [*path_in(region, year), region]
        list(Region.objects.select_for_update().filter(code__in=path).order_by("pk"))
        before = _before(region, year, month, revises, reason)
        above = withheld_above(region, year, month)
        if above is not None:
            raise JigaiError(
                "withheld-above", f"“{above.title}”里没有公布这个地区的数，单独公布就能倒推",
                "先与上级发布单位商定，由上级修订后再发布",
            )  # fmt: skip
        figures = figures_of(access, region=region, year=year, month=month, guard=guard)
        if figures["withheld"]:
            raise JigaiError(
                "too-few",
                "企业太少，公布合计就会泄露个别企业的数",
                "扩大地区或等更多项目入统后再发布",
            )
        method = "\n".join(part for part in (method_note(guard), note.strip()) if part)
        name = names_of_regions([region]).get(region, region)
        return InvestmentRelease.objects.create(
            region_code=region, year=year, month=month,
            title=f"{name} {year} 年 1—{month} 月技术改造投资情况", method=method, figures=figures,
            root_hash=hash_of(figures, method), revises=before, revision_reason=reason.strip(),
            released_by=by,
        )  # fmt: skip


def _before(
    region: str, year: int, month: int, revises: int | None, reason: str
) -> InvestmentRelease | None:
    rows = InvestmentRelease.objects.filter(region_code=region, year=year, month=month)
    standing = rows.filter(revised_by__isnull=True).order_by("-id").first()
    if revises is None:
        if standing is not None:
            raise JigaiError(
                "already-released", "这个地区这个月已经发布过", "要更正请在原发布上点“修订”"
            )
        return None
    if standing is None or standing.pk != revises:
        raise JigaiError("already-revised", "这次发布已经有人修订过", "打开最新一版再修订")
    if not reason.strip():
        raise JigaiError("no-reason", "没有写修订原因", "写清改了什么、为什么改")
    return standing
