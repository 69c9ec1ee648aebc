"""The pool of providers as stored, with certificates, cases and votes of a day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet

from jigai.core.fields.values import show_value
from jigai.registers.models import EntrySpan, Register
from jigai.registers.selectors import entries_on
from jigai.registers.special.providers import (
    Case,
    ExitFinding,
    ExitRule,
    Provider,
    Qualification,
    Vote,
    exits,
)
from jigai.rules.errors import FormulaError
from jigai.rules.values import parse_quantity

POOL, QUALIFICATIONS, CASES, VOTES, RULES = (
    "provider-pool", "provider-qualifications", "provider-cases", "provider-evaluations",
    "provider-exit-rules",
)  # fmt: skip
_DAY = dt.timedelta(days=1)


def _on(code: str, day: dt.date) -> QuerySet[EntrySpan]:
    found = Register.objects.filter(code=code).first()
    return entries_on(found, day) if found else EntrySpan.objects.none()


def pool_on(day: dt.date) -> list[Provider]:
    """Providers in the pool on a day, with all their certificates, cases and votes up to it."""
    pool = Register.objects.select_related("current").filter(code=POOL).first()
    if pool is None:
        return []
    kind = pool.schema.field("kind")
    held, cases = _qualifications(), _cases(day)
    return [
        Provider(
            key=span.entry_id, name=span.values["provider"]["name"], kind=span.values["kind"],
            kind_word=show_value(kind, span.values["kind"]) if kind else "",
            fields=tuple(span.values["fields"]),
            industries=tuple(span.values.get("industries") or ()),
            areas=tuple(span.values.get("areas") or ()), place=span.values["place"],
            qualifications=tuple(held[span.entry_id]), cases=tuple(cases[span.entry_id]),
        )
        for span in entries_on(pool, day)
    ]  # fmt: skip


def _qualifications() -> dict[int, list[Qualification]]:
    """Certificates by provider, lapsed ones too: that one lapsed is what has to be known."""
    found: dict[int, list[Qualification]] = defaultdict(list)
    spans = EntrySpan.objects.filter(register__code=QUALIFICATIONS).order_by("entry_id", "starts")
    last: dict[int, EntrySpan] = {span.entry_id: span for span in spans}
    for span in last.values():
        given = span.values
        found[given["provider"]["id"]].append(
            Qualification(
                given["name"], given["number"], given["issuer"],
                dt.date.fromisoformat(given["issued"]), span.ends - _DAY if span.ends else None,
            )
        )  # fmt: skip
    return found


def _cases(day: dt.date) -> dict[int, list[Case]]:
    votes: dict[int, list[Vote]] = defaultdict(list)
    for span in _on(VOTES, day):
        given = span.values
        enterprise = given["enterprise"].get("id")
        if enterprise:
            votes[given["case"]["id"]].append(
                Vote(enterprise, given["period"], Fraction(given["score"]),
                     given.get("words") or "")
            )  # fmt: skip
    found: dict[int, list[Case]] = defaultdict(list)
    for span in _on(CASES, day):
        given = span.values
        found[given["provider"]["id"]].append(
            Case(span.entry_id, given["name"], given["field"], given.get("industry") or "",
                 given["finished"], given["client"].get("id"), tuple(votes[span.entry_id]))
        )  # fmt: skip
    return found


def rules_on(day: dt.date) -> list[ExitRule]:
    """Exit rules in force on a day."""
    return [
        ExitRule(s.values["name"], s.values["formula"], s.values["says"], s.values["basis"])
        for s in _on(RULES, day)
    ]


def thresholds() -> dict[str, Fraction]:
    """The constants of the pool's schema that are plain numbers."""
    pool = Register.objects.select_related("current").filter(code=POOL).first()
    found: dict[str, Fraction] = {}
    for name, text in (pool.schema.constants if pool else {}).items():
        try:
            quantity = parse_quantity(text)
        except FormulaError:
            continue
        if not quantity.dimension:
            found[name] = quantity.value
    return found


def exits_on(day: dt.date, providers: list[Provider]) -> dict[int, list[ExitFinding]]:
    """What the rules of a day say of each provider, by entry."""
    rules, limits = rules_on(day), thresholds()
    return {one.key: exits(one, rules, day, limits) for one in providers}


def reasons(findings: list[ExitFinding]) -> tuple[str, ...]:
    """Why a provider should leave; empty where no rule says so."""
    return tuple(f"{f.rule.name}：{f.rule.says}" for f in findings if f.leave)


def case_context(span: EntrySpan) -> dict[str, Any]:
    """A case for the page on which it is rated."""
    return {"name": span.values["name"], "provider": span.values["provider"]["name"],
            "field": span.values["field"], "finished": span.values["finished"]}  # fmt: skip
