"""Procedures as people may see them, and their figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from jigai.cases.access import DESIGN
from jigai.cases.flow.clock import read_clock
from jigai.cases.flow.graph import counted_path, cycle, sum_of_days, uncounted
from jigai.cases.flow.shapes import DEEDS, MODES, Procedure
from jigai.cases.models import Case, CaseProcedure
from jigai.cases.services.clocks import case_clock
from jigai.core.access import Access, Reach, scoped
from jigai.core.calendar import WorkCalendar
from jigai.core.models import Enterprise
from jigai.core.platform_calendar import platform_calendar

SEE = "procedure.view"
RUNNING = (Case.State.SUBMITTED, Case.State.CORRECTION, Case.State.OPEN)
# Averages rest on so many of the latest closed cases.
LATEST = 200


def visible_procedures(access: Access) -> QuerySet[CaseProcedure]:
    """Offices see what is or was published, and drafts they may design; enterprises what they can
    apply for where they are; others what is open to everybody."""
    rows = CaseProcedure.objects.all()
    if access.user is None or not access.can(SEE):
        return rows.none()
    if is_official(access):
        mine = scoped(rows, access, DESIGN, Reach(region="region_code")).values("pk")
        return rows.exclude(state=CaseProcedure.State.DRAFT) | rows.filter(pk__in=mine)
    published = rows.filter(state=CaseProcedure.State.PUBLISHED).exclude(applicant="bureau")
    places = set(own_enterprises(access).values_list("region_code", flat=True))
    if places:
        published = published.filter(region_code__in={r for p in places for r in above(p)})
    return published


def is_official(access: Access) -> bool:
    """Whether the person sees procedures as an office does."""
    return any(grant.department_id for grant in access.granting(SEE))


def own_enterprises(access: Access) -> QuerySet[Enterprise]:
    """The enterprises the person acts for."""
    own = [g.enterprise_id for g in access.granting(SEE) if g.enterprise_id]
    return Enterprise.objects.filter(pk__in=own)


def above(region_code: str) -> tuple[str, ...]:
    """The places whose procedures run in a region: itself, those it lies in, and everywhere."""
    if len(region_code) != 6:
        return ("", region_code)
    return ("", region_code[:2] + "0000", region_code[:4] + "00", region_code)


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """Cases of a procedure: running, of these late, and closed."""

    running: int = 0
    late: int = 0
    done: int = 0


def counts_of(procedures: Iterable[int]) -> dict[int, CaseCounts]:
    """Numbers of cases by procedure, in one query; drafts and withdrawn ones do not count."""
    today = timezone.localdate()
    rows = (
        Case.objects.filter(procedure__in=list(procedures)).order_by().values("procedure")
        .annotate(
            running=Count("pk", filter=Q(state__in=RUNNING)),
            late=Count("pk", filter=Q(state__in=RUNNING, due__lt=today)),
            done=Count("pk", filter=Q(state=Case.State.DONE)),
        )
    )  # fmt: skip
    return {r["procedure"]: CaseCounts(r["running"], r["late"], r["done"]) for r in rows}


@dataclass(frozen=True, slots=True)
class Taken:
    """Working days that closed cases took: of how many, on average (tenths), how many in time."""

    cases: int
    tenths: int | None
    in_time: int

    @property
    def average(self) -> str:
        """The average in words; a dash without any case."""
        return "—" if self.tenths is None else f"{self.tenths // 10}.{self.tenths % 10} 个工作日"


def days_taken(procedure: CaseProcedure, calendar: WorkCalendar | None = None) -> Taken:
    """What the latest closed cases took, pauses not counted."""
    rows = list(
        Case.objects.filter(procedure=procedure, state=Case.State.DONE, clock_from__isnull=False,
                            closed_on__isnull=False)
        .prefetch_related("pauses", "extensions").order_by("-closed_on", "-id")[:LATEST]
    )  # fmt: skip
    if not rows:
        return Taken(0, None, 0)
    calendar = calendar or platform_calendar()
    used, in_time = 0, 0
    for case in rows:
        extra = sum(one.days for one in case.extensions.all())
        clock = case_clock(case, case.pauses.all(), extra)
        assert clock is not None
        used += read_clock(clock, calendar, case.closed_on, case.closed_on).used
        in_time += case.due is None or case.closed_on <= case.due
    tenths = (20 * used + len(rows)) // (2 * len(rows))
    return Taken(len(rows), tenths, in_time)


@dataclass(frozen=True, slots=True)
class Times:
    """The limits of a procedure beside each other. ``path`` are the names of the steps on the
    critical path; ``total`` are the days of all counted steps in a row."""

    days: int
    path: tuple[str, ...]
    total: int
    after_acceptance: bool
    saved: int


def times_of(spec: Procedure) -> Times | None:
    """The critical path in words; ``None`` where steps wait for each other or there are none."""
    if not spec.steps or cycle(spec.steps):
        return None
    path, early = counted_path(spec), uncounted(spec)
    names = {step.id: step.name for step in spec.steps}
    total = sum_of_days(spec.steps, early)
    return Times(
        path.days, tuple(names[one] for one in path.steps), total, bool(early), total - path.days
    )


def stated_days(spec: Procedure) -> int:
    """The limit that counts: promised, by law, or the critical path; 0 for none."""
    stated = spec.promise or spec.limit
    if stated:
        return stated.days
    times = times_of(spec)
    return times.days if times else 0


def rows_of_steps(spec: Procedure, words: Any) -> list[dict[str, Any]]:
    """Steps as a table tells them."""
    names = {step.id: step.name for step in spec.steps}
    times = times_of(spec)
    critical = set(counted_path(spec).steps) if times and times.days else set()
    labels = {item.id: item.label for item in spec.fields}
    return [
        {
            "step": step, "after": "、".join(names.get(one, one) for one in step.after),
            "who": "、".join(words(unit) for unit in step.who) or ("到期自动通过" if
                                                                 step.deed == "wait" else "—"),
            "write": "、".join(labels.get(one, one) for one in step.write),
            "mode": MODES[step.mode] if len(step.who) > 1 or step.mode != "one" else "—",
            "deed": DEEDS[step.deed], "critical": step.id in critical,
        }
        for step in spec.steps
    ]  # fmt: skip


def running_by_version(procedure: CaseProcedure) -> dict[int, int]:
    """Running cases by the version they keep."""
    rows = Case.objects.filter(procedure=procedure, state__in=RUNNING).order_by()
    return dict(rows.values_list("release").annotate(count=Count("pk")))
