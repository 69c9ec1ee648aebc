"""等候 (公示期 and the like): a step that passes by itself once its days are over."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from jigai.cases.flow.shapes import Procedure
from jigai.cases.models import CaseStep, ProcedureVersion
from jigai.cases.services.daily.each import each_case
from jigai.cases.services.deed import CaseState, Deed, StepState
from jigai.cases.services.deeds.decide import finish_step


def pass_waits(day: dt.date) -> int:
    """Finish every wait whose last day is over."""
    found: list[int] = []
    versions = ProcedureVersion.objects.filter(content__steps__contains=[{"deed": "wait"}])
    for version in versions.filter(published=True):
        rows = CaseStep.objects.filter(
            _over(version.spec, day), case__release=version, state=StepState.ACTIVE,
            case__state=CaseState.OPEN,
        )  # fmt: skip
        found += rows.values_list("case", flat=True)
    return each_case(sorted(found), "pass", day, _pass)


def _over(spec: Procedure, day: dt.date) -> Q:
    """The condition on steps: a wait whose last day is before this one, or that has no days.

    A wait for a day that is not known yet waits on: unknown is not over.
    """
    waits = [step for step in spec.steps if step.deed == "wait"]
    at_once = [step.id for step in waits if not step.until]
    return Q(code__in=[step.id for step in waits], due__lt=day) | Q(
        code__in=at_once, due__isnull=True, days=0
    )


def _pass(deed: Deed) -> bool:
    if deed.case.state != CaseState.OPEN:
        return False
    done = list(deed.case.steps.filter(_over(deed.spec, deed.today), state=StepState.ACTIVE))
    for step in done:
        finish_step(deed, step, "agree")
        deed.note(f"“{step.name}”期满", step=step)
    return bool(done)
