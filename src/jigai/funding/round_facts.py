"""What earlier rounds of the same year, and rounds of other documents, mean for one round."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from jigai.core.access.scoping import lies_in
from jigai.funding.applications.states import DECIDED
from jigai.funding.models import Application, Round
from jigai.funding.money_facts import mark_paid, other_funds, read_rows
from jigai.policies.confirmations import latest_confirmations
from jigai.policies.fact_run import FactRows

# Applications for projects in earlier batches of the same document and year, by enterprise:
# handed in, taken up for review, approved.
_SOUGHT = """
    SELECT COALESCE(e.uscc, 'row' || e.id), count(*),
      count(*) FILTER (WHERE EXISTS (SELECT 1 FROM funding_applicationstep s
        WHERE s.application_id = a.id AND s.state = 'review')),
      count(*) FILTER (WHERE a.state = ANY(%s))
    FROM funding_application a JOIN funding_round r ON r.id = a.round_id
    JOIN core_enterprise e ON e.id = a.enterprise_id
    JOIN policies_packversion p ON p.id = r.pack_id
    WHERE a.project_id IS NOT NULL AND a.submitted_at IS NOT NULL AND a.state <> 'withdrawn'
      AND r.region_code = %s AND p.slug = %s AND r.year = %s AND r.batch < %s
    GROUP BY 1
"""
_SOUGHT_TERMS = ("applications_made", "applications_accepted", "applications_approved")


def add_round_facts(facts: FactRows, round_: Round) -> None:
    """Put into the rows of a round what its year has given before: lines paid in earlier batches,
    places taken, and money that another document paid for the same project."""
    mark_paid(facts, "r.year = %s AND r.opens_at < %s", [round_.year, round_.opens_at])
    _add_sought(facts, round_)
    _add_other_documents(facts, round_)


def _add_sought(facts: FactRows, round_: Round) -> None:
    owners = {row["key"]: row for row in facts["enterprise"]}
    given = [list(DECIDED), round_.region_code, round_.pack.slug, round_.year, round_.batch]
    for key, *counts in read_rows(_SOUGHT, given):
        if key in owners:
            owners[key].update(zip(_SOUGHT_TERMS, counts, strict=True))


def _add_other_documents(facts: FactRows, round_: Round) -> None:
    """A project that another document has paid for; what people confirmed stands above it."""
    open_ = {r["key"]: r for r in facts["project"] if not r.get("has_other_funds")}
    if not open_:
        return
    said = latest_confirmations(round_.year, round_.region_code, timezone.now())
    said = said.filter(subject="project", term="has_other_funds").exclude(value=None)
    for key in said.values_list("subject_key", flat=True):
        open_.pop(int(key), None)
    rows = Application.objects.filter(project__in=list(open_), state__in=("paid", "recovering"))
    rows = rows.exclude(round__pack__slug=round_.pack.slug).filter(paid_fen__gt=0)
    found: dict[int, list[tuple[str, Any]]] = {}
    for project, place, fen in rows.order_by("id").values_list(
        "project", "round__region_code", "paid_fen"
    ):
        above = place != round_.region_code and lies_in(round_.region_code, place)
        found.setdefault(project, []).append(("upper" if above else "same_level", fen))
    for project, funds in found.items():
        open_[project].update(other_funds(funds))
