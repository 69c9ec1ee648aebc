"""What the documents ask of a counter, beside what was counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access, Reach, scoped
from jigai.core.models import Region
from jigai.metrics import goal as verdicts
from jigai.metrics.goal import Finding
from jigai.metrics.worked import rounded
from jigai.policies.models import PackItem, PackVersion
from jigai.policies.stored_packs import model_of
from jigai.projects.analysis.counters.content import targets_of
from jigai.rules.environment import build_environment
from jigai.rules.target_goal import judge_target

Series = Mapping[int, Fraction | None]
LOOKS = {
    verdicts.ATTAINED: "done", verdicts.FAILED: "rejected", verdicts.UNDER_WAY: "running",
    verdicts.NO_DATA: "missing", verdicts.QUALITATIVE: "info",
    verdicts.NEEDS_READING: "undetermined",
}  # fmt: skip
ELSEWHERE = "不判：不是本地区的文件"
_SIGNS = {">=": "≥ ", ">": "超过 ", "<=": "≤ ", "<": "低于 ", "about": "约 ", "=": ""}


@dataclass(frozen=True, slots=True)
class Beside:
    """One target: what is asked, in which document and clause, and how the count stands to it."""

    name: str
    asked: str
    period: str
    pack: PackVersion
    clause: str
    url: str
    verdict: str
    look: str
    reached: str
    gap: str
    note: str


def targets_beside(system: str, series: Mapping[str, Series], region: str = "") -> list[Beside]:
    """Targets of the installed documents a counter answers to; ``series`` by figure name, in the
    unit of the target.

    ``region`` is what was counted as a whole, empty where it was only part of a region. A target of
    another region's document is shown and not judged, nor is one without a fitting figure.
    """
    wanted = targets_of(system)
    packs = {one.pack for one in wanted}
    items = PackItem.objects.filter(
        pack__slug__in=packs, pack__is_current=True, section="targets",
        code__in=[one.target for one in wanted],
    ).select_related("pack")  # fmt: skip
    by_code = {(item.pack.slug, item.code): item for item in items}
    return [
        _told(by_code[one.pack, one.target], series.get(one.figure) if one.figure else None, region)
        for one in wanted
        if (one.pack, one.target) in by_code
    ]


def whole_region(access: Access, region: str) -> str:
    """The region a count stands for: the one asked for or the person's own, where the person sees
    all of it; else nothing."""
    code = region or access.home_region or ""
    rows = scoped(Region.objects.all(), access, "project.view", Reach(region="code"))
    return code if code and rows.filter(code=code).exists() else ""


def _told(item: PackItem, series: Series | None, region: str) -> Beside:
    model = model_of(item.pack)
    target = next(t for t in model.pack.targets if t.id == item.code)
    own = model.pack.identity.region
    if own is None or own.code != region:
        found = Finding(ELSEWHERE)
    elif series is None:
        found = Finding(verdicts.NEEDS_READING)
    else:
        today = timezone.localdate()
        env = build_environment(model.pack, model.scope, year=today.year)
        found = judge_target(target, model.pack.identity, env, series, today)
    clause = item.clauses[0] if item.clauses else ""
    since, to = target.since, target.to
    return Beside(
        item.name,
        f"{_SIGNS.get(target.comparator, '')}{target.value or '没有写数'} {target.unit}",
        _period(since.year if since else None, to.year if to else None),
        item.pack, clause, reverse("pack-detail", args=[item.pack.slug]),
        found.verdict, LOOKS.get(found.verdict, "info"),
        _number(found.value, target.unit), _number(found.gap or None, target.unit),
        "；".join([*found.missing, *found.assumed, item.data.get("note") or ""]).strip("；"),
    )  # fmt: skip


def _period(since: int | None, to: int | None) -> str:
    if since is None:
        return "没有写" if to is None else f"到 {to} 年"
    return f"{since} 年起" if to is None else f"{since}—{to}"


def _number(value: Decimal | None, unit: str) -> str:
    return "—" if value is None else f"{rounded(Fraction(value), 2).normalize():f} {unit}"
