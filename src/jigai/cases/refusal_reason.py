"""Why a case was refused, in the words of whoever refused it."""

from __future__ import annotations

from jigai.cases.models import Case


def reason_of_refusal(case: Case) -> str:
    """The reason of the last disagreement; empty where nobody disagreed (a vote that failed)."""
    row = case.records.filter(verb="disagree").order_by("-id").first()
    return row.reason if row else ""
