"""Procedures as everybody may read them: what, for whom, with what, how long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from jigai.cases.flow.shapes import Procedure
from jigai.cases.models import Case, CaseProcedure
from jigai.cases.selectors_procedures import above, days_taken, rows_of_steps, times_of
from jigai.cases.unit_names import role_names, unit_words
from jigai.cases.version_diff import limit_words
from jigai.errors import JigaiError

# Figures of fewer cases would tell about single applicants.
K = 5


def public_guides(words: str = "", kind: str = "", region: str = "") -> QuerySet[CaseProcedure]:
    """Published procedures that enterprises or the public may apply by; with a region those that
    run there."""
    rows = CaseProcedure.objects.filter(
        state=CaseProcedure.State.PUBLISHED, current__isnull=False
    ).exclude(applicant="bureau").exclude(kind="internal")  # fmt: skip
    if words:
        rows = rows.filter(
            Q(name__icontains=words) | Q(summary__icontains=words) | Q(owner__icontains=words)
        )
    if kind:
        rows = rows.filter(kind=kind)
    if region:
        rows = rows.filter(region_code__in=above(region))
    return rows.select_related("current").order_by("name", "id")


def public_guide(code: str) -> CaseProcedure:
    """One of them. Raises :class:`JigaiError` (``no-guide``)."""
    found = public_guides().filter(code=code).first()
    if found is None:
        raise JigaiError("no-guide", "没有这份办事指南", "从办事指南列表里选")
    return found


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """Closed cases and their average time; both empty words for fewer than ``K``."""

    done: str
    average: str
    in_time: str
    suppressed: bool


def public_figures(procedure: CaseProcedure) -> PublicFigures:
    """Numbers that tell nothing about a single applicant."""
    done = Case.objects.filter(procedure=procedure, state=Case.State.DONE).count()
    if done < K:
        return PublicFigures("", "", "", suppressed=True)
    taken = days_taken(procedure)
    if taken.cases < K:
        return PublicFigures(f"{done:,} 件", "", "", suppressed=True)
    share = f"{taken.in_time * 100 // taken.cases}%"
    return PublicFigures(f"{done:,} 件", taken.average, share, suppressed=False)


def public_parts(spec: Procedure) -> dict[str, Any]:
    """A version without what only those inside need: no persons, no formulas, no accounts."""
    roles = role_names()
    return {
        "spec": spec, "limit": limit_words(spec.limit), "promise": limit_words(spec.promise),
        "times": times_of(spec),
        "steps": rows_of_steps(spec, lambda unit: unit_words(unit, roles)),
        "asked": [f.shown_label for f in spec.fields
                  if f.id not in {name for step in spec.steps for name in step.write}],
    }  # fmt: skip
