"""How cases of 拿地即开工 stand: prior items, the day of delivery, the day of issue."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from jigai.cases.access import visible_cases
from jigai.cases.flow.graph import predecessors
from jigai.cases.flow.shapes import Step
from jigai.cases.models import Case, CaseStep
from jigai.core.access import Access

PROCEDURE = "pilot-land-start"
SYSTEM, DELIVERY, ISSUE, DELIVERED = "land-and-start", "delivery", "issue", "land_delivered"
MOST = 200
FINISHED = ("done", "skipped")


@dataclass(frozen=True, slots=True)
class LandCase:
    """One case: how many of its prior items are done, which are missing, and the two days."""

    case: Case
    prior: int
    done: int
    open: tuple[Step, ...]
    delivered: dt.date | None
    issued: dt.date | None

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the prior items that are not done."""
        return tuple(step.name for step in self.open)

    @property
    def days_after(self) -> int | None:
        """Calendar days from delivery to issue; ``None`` before either."""
        if self.delivered is None or self.issued is None:
            return None
        return (self.issued - self.delivered).days

    @property
    def look(self) -> tuple[str, str]:
        """The badge: code and words."""
        if self.days_after == 0:
            return "done", "拿地当日出证"
        if self.days_after is not None:
            return "warning", f"拿地后 {self.days_after} 日出证"
        if self.case.state in ("void", "withdrawn", "refused", "lapsed"):
            return "closed", self.case.get_state_display()
        if self.case.state == "done":
            return "closed", "已办结"
        if self.delivered is None:
            return ("ready", "已具备，等土地交付") if not self.missing else ("running", "预审中")
        return ("ready", "可以出证") if not self.missing else ("failed", "拿地时没有具备条件")


def readiness(case: Case, steps: dict[str, CaseStep]) -> LandCase:
    """How a case stands by the latest round of its steps."""
    spec = case.release.spec
    names = predecessors(spec.steps, ISSUE) - {DELIVERY}
    prior = [step for step in spec.steps if step.id in names and not step.accepts]
    open_ = [s for s in prior if s.id not in steps or steps[s.id].state not in FINISHED]
    given, issue = case.values.get(DELIVERED), steps.get(ISSUE)
    return LandCase(
        case=case, prior=len(prior), done=len(prior) - len(open_),
        open=tuple(open_),
        delivered=dt.date.fromisoformat(given) if given else None,
        issued=issue.done_on if issue is not None and issue.state == "done" else None,
    )  # fmt: skip


def land_cases(access: Access) -> list[LandCase]:
    """The visible cases of this way that were handed in; two queries."""
    rows = (
        visible_cases(access).filter(procedure__systems__contains=[SYSTEM])
        .exclude(state=Case.State.DRAFT).select_related("release", "enterprise")
        .defer("search", "words").order_by("-id")[:MOST]
    )  # fmt: skip
    cases = list(rows)
    steps: dict[int, dict[str, CaseStep]] = defaultdict(dict)
    for step in CaseStep.objects.filter(case__in=cases).order_by("case", "place", "round"):
        steps[step.case_id][step.code] = step
    return [readiness(case, steps[case.pk]) for case in cases]
