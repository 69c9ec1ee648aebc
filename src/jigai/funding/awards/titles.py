"""Titles of enterprises as facts: what the rosters say on a day, and what was awarded before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from jigai.core.access.scoping import region_prefix
from jigai.core.models import Enterprise
from jigai.funding.models import AwardGrant
from jigai.policies.calculator.typed import read_value
from jigai.policies.fact_run import FactRows
from jigai.registers.models import EntrySpan, Register
from jigai.registers.selectors import on_day
from jigai.rules.loader import Pack
from jigai.rules.model import Model
from jigai.rules.schema_programme import Recognition

SUBJECT, LEVEL = "award", "title_level"
GIVEN = (AwardGrant.State.PROPOSED, AwardGrant.State.APPROVED, AwardGrant.State.PAID)


@dataclass(frozen=True, slots=True)
class Title:
    """One title in force on a day. ``code`` is its number in the document, ``level`` in words,
    ``first`` whether the enterprise got this level with it for the first time."""

    entry: int
    enterprise: Enterprise
    code: str
    name: str
    level: str
    recognised_on: dt.date | None
    first: bool
    # Measures of the document that reward the title.
    grants: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """What an award is given for: an entry that rises to a higher level is something new."""
        return f"entry:{self.entry}:{self.level}"


def titles_on(pack: Pack, slug: str, region_code: str, day: dt.date) -> list[Title]:
    """Titles of enterprises of a region that the document has awards for, in force on a day.

    What rewards a project is applied for in a round and is not among them.
    """
    titled = {measure.id for measure in pack.measures.measures if measure.subject == SUBJECT}
    wanted = {f"{slug}:{r.id}": r for r in pack.recognitions if titled.intersection(r.grants)}
    found: list[Title] = []
    for register in Register.objects.filter(items__overlap=list(wanted)).order_by("id"):
        row = next(wanted[item] for item in register.items if item in wanted)
        found += _of_register(register, row, region_code, day)
    return sorted(found, key=lambda title: (title.enterprise.pk, title.code, title.entry))


def _of_register(
    register: Register, row: Recognition, region_code: str, day: dt.date
) -> Iterable[Title]:
    spans = EntrySpan.objects.filter(
        on_day(day), register=register,
        enterprise__region_code__startswith=region_prefix(region_code),
    )  # fmt: skip
    held = list(spans.select_related("enterprise").order_by("entry_id", "starts", "id"))
    earlier = _first_dates([span.entry_id for span in held])
    levels = {f"o{place}": word for place, word in enumerate(row.levels, 1)}
    only = row.levels[0] if len(row.levels) == 1 else ""
    for span in held:
        level = str(span.values.get("level") or "")
        on = _day(span.values.get("recognised"))
        word = levels.get(level, only)
        assert span.enterprise is not None
        yield Title(
            entry=span.entry_id, enterprise=span.enterprise, code=row.id, name=row.name,
            level=word, recognised_on=on, first=earlier.get((span.entry_id, level)) == on,
            grants=tuple(row.grants),
        )  # fmt: skip


def _first_dates(entries: Sequence[int]) -> dict[tuple[int, str], dt.date | None]:
    """When an entry first had each level; a renewal later is no new recognition."""
    rows = EntrySpan.objects.filter(entry__in=entries).order_by("entry_id", "starts", "id")
    found: dict[tuple[int, str], dt.date | None] = {}
    for pk, values in rows.values_list("entry_id", "values"):
        found.setdefault((pk, str(values.get("level") or "")), _day(values.get("recognised")))
    return found


def _day(value: Any) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


def prior_awards(titles: Iterable[Title], slug: str) -> dict[str, int]:
    """What the enterprise was awarded before for the same title at whatever level, in fen, by
    source of the title."""
    wanted = list(titles)
    rows = AwardGrant.objects.filter(
        pack=slug, state__in=GIVEN, enterprise__in={t.enterprise.pk for t in wanted}
    )
    sums = rows.values("enterprise", "title", "source").order_by().annotate(fen=Sum("amount_fen"))
    told = [(row["enterprise"], row["title"], row["source"], row["fen"]) for row in sums]
    return {
        title.source: sum(
            fen for firm, code, source, fen in told
            if firm == title.enterprise.pk and code == title.code and source != title.source
        )
        for title in wanted
    }  # fmt: skip


def award_rows(
    titles: Iterable[Title], model: Model, enterprise_key: str, prior: dict[str, int]
) -> FactRows:
    """Rows of the subject ``award`` for the titles of one enterprise, keyed by entry."""
    level = model.scope.terms[LEVEL]
    rows = [
        {
            "key": title.entry, "enterprise_key": enterprise_key, "title_code": title.code,
            "title_level": read_value(level, title.level, "") if title.level else None,
            "title_granted_on": title.recognised_on, "title_is_new": title.first,
            "title_in_force": True, "title_prior_award": prior[title.source],
        }
        for title in titles
    ]  # fmt: skip
    return {SUBJECT: rows}
