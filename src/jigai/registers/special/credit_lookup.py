"""A term of a pack that reads the standing of an enterprise takes the worst of the day.

An enterprise may have several disclosures at once; the general look-up takes the last.
"""

from __future__ import annotations

from collections import defaultdict

from jigai.policies.fact_run import FactRows
from jigai.policies.providers import Question, looks_up
from jigai.registers.models import EntrySpan
from jigai.registers.selectors import on_day
from jigai.registers.special.credit import worst
from jigai.registers.special.stored_credit import DISCLOSURES


@looks_up
def worst_standing(question: Question, facts: FactRows) -> None:
    """Put the worst standing disclosed on the day behind every enterprise that has one."""
    terms = [
        term for term in question.terms
        if term.reads and term.reads.code == DISCLOSURES and term.reads.field == "standing"
        and term.subject == "enterprise"
    ]  # fmt: skip
    if not terms:
        return
    held: dict[str, list[str]] = defaultdict(list)
    rows = EntrySpan.objects.filter(
        on_day(question.as_of), register__code=DISCLOSURES, enterprise__isnull=False
    )
    columns = ("enterprise__uscc", "enterprise", "values__standing")
    for uscc, pk, standing in rows.values_list(*columns):
        held[uscc or f"row{pk}"].append(standing)
    for row in facts.get("enterprise", []):
        found = worst(held.get(row["key"], ()))
        if found:
            row.update({term.id: found for term in terms})
