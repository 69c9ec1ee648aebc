"""Limits of procedures as they stand: by law, promised, by a parameter, along the critical path."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone

from jigai.cases.access import visible_cases
from jigai.cases.flow.graph import counted_path
from jigai.cases.flow.shapes import Limit, Procedure
from jigai.cases.models import Case, CaseProcedure
from jigai.cases.selectors_procedures import RUNNING, visible_procedures
from jigai.core.access import Access
from jigai.policies.models import PackItem, PackParameter
from jigai.policies.selectors_open import standing_of


@dataclass(frozen=True, slots=True)
class Parameter:
    """A limit that a document leaves to somebody: ``word`` says 未定 while nobody has set it."""

    name: str
    word: str
    decided_by: str
    url: str
    settled: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """Running cases by light, and closed ones with a limit and within it."""

    running: int = 0
    late: int = 0
    close: int = 0
    paused: int = 0
    closed: int = 0
    in_time: int = 0


@dataclass(frozen=True, slots=True)
class LimitLine:
    """One procedure."""

    procedure: CaseProcedure
    spec: Procedure
    path: int
    unstated: int
    parameters: tuple[Parameter, ...]
    counts: Counts

    @property
    def undetermined(self) -> bool:
        """Whether no limit holds at all."""
        return not (self.spec.promise or self.spec.limit or self.path)

    @property
    def differs(self) -> bool:
        """Whether a parameter is settled that the procedure does not promise yet."""
        promise: Limit | None = self.spec.promise
        said = f"{promise.days}" if promise else ""
        return any(p.settled and p.word.removesuffix("工作日").strip("个 ") != said
                   for p in self.parameters)  # fmt: skip

    @property
    def share(self) -> str:
        """Per cent of the closed cases with a limit that kept it."""
        held = self.counts
        return f"{100 * held.in_time / held.closed:.1f}%" if held.closed else "—"


def limit_lines(access: Access) -> list[LimitLine]:
    """Published procedures one may see, internal ones left out, those with parameters first."""
    rows = list(
        visible_procedures(access).filter(state=CaseProcedure.State.PUBLISHED)
        .exclude(kind="internal")
        .select_related("current").order_by("-region_code", "name", "id")
    )  # fmt: skip
    counts, asked = _counts(access), _parameters(rows)
    lines = []
    for row in rows:
        spec = row.spec
        path = counted_path(spec)
        lines.append(
            LimitLine(
                row, spec, path.days, sum(not s.days for s in spec.steps),
                tuple(p for item in row.items for p in asked.get(item, ())),
                counts.get(row.pk, Counts()),
            )
        )  # fmt: skip
    return sorted(lines, key=lambda line: not line.parameters)


def _counts(access: Access) -> dict[int, Counts]:
    today: dt.date = timezone.localdate()
    running, done = Q(state__in=RUNNING), Q(state=Case.State.DONE, due__isnull=False)
    late = running & Q(due__lt=today)
    rows = visible_cases(access).order_by().values("procedure").annotate(
        running=Count("pk", filter=running), late=Count("pk", filter=late),
        close=Count("pk", filter=running & Q(amber_from__lte=today, due__gte=today, paused=False)),
        paused=Count("pk", filter=running & Q(paused=True)), closed=Count("pk", filter=done),
        in_time=Count("pk", filter=done & Q(closed_on__lte=F("due"))),
    )  # fmt: skip
    return {row.pop("procedure"): Counts(**row) for row in rows}


def _parameters(rows: Sequence[CaseProcedure]) -> dict[str, list[Parameter]]:
    """Parameters that limit the items the procedures carry out, by ``slug:item``."""
    wanted = {item for row in rows for item in row.items if ":" in item}
    slugs = {item.split(":", 1)[0] for item in wanted}
    items = [
        item for item in PackItem.objects.filter(
            pack__slug__in=slugs, pack__is_current=True, section="procedures"
        ).select_related("pack")
        if f"{item.pack.slug}:{item.code}" in wanted and item.data.get("limit")
    ]  # fmt: skip
    codes = {str(item.data["limit"]) for item in items}
    found = PackParameter.objects.filter(
        pack__in={item.pack_id for item in items}, code__in=codes
    ).select_related("pack").order_by("id")  # fmt: skip
    known: dict[tuple[int, str], PackParameter] = {}
    for one in found:
        known.setdefault((one.pack_id, one.code), one)
    standing = standing_of(list(known.values()), timezone.localdate()) if known else {}
    told: dict[str, list[Parameter]] = {}
    for item in items:
        row = known.get((item.pack_id, str(item.data["limit"])))
        if row is None:
            continue
        held = standing[row.pk]
        unit = row.unit if held.text and not held.text.endswith(row.unit) else ""
        url = reverse("parameter-detail", args=[row.pack.slug, row.code])
        told.setdefault(f"{item.pack.slug}:{item.code}", []).append(
            Parameter(row.name, f"{held.word}{unit}", row.decided_by, url, bool(held.text))
        )
    return told
