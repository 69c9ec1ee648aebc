"""Credit records, their disclosure, uses and requests as stored."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db.models import QuerySet

from jigai.core.access import Access
from jigai.core.models import Enterprise
from jigai.registers.access import visible_entries
from jigai.registers.lifecycle import REMOVE
from jigai.registers.models import Entry, EntrySpan, Register
from jigai.registers.selectors import on_day
from jigai.registers.special.credit import OPEN, Effect, Link, effects_for, links

TYPES, RECORDS, DISCLOSURES, USES, REQUESTS, EFFECTS = (
    "credit-record-types", "credit-records", "credit-disclosures", "credit-uses",
    "credit-requests", "credit-effects",
)  # fmt: skip
_DAY = dt.timedelta(days=1)


def records_in_reach(access: Access) -> QuerySet[Entry]:
    """Admitted records a person may see, disclosed or not."""
    register = Register.objects.filter(code=RECORDS).first()
    if register is None:
        return Entry.objects.none()
    rows = visible_entries(access, register).filter(state=Entry.State.LISTED)
    return rows.select_related("register__current", "enterprise").defer("search", "words")


def kind_of(record: Entry) -> dict[str, Any]:
    """The kind of a record with its terms."""
    return kinds_of([record])[record.pk]


def kinds_of(records: list[Entry]) -> dict[int, dict[str, Any]]:
    """Kinds of several records, by record."""
    wanted = {row.values["type"]["id"] for row in records}
    stored = dict(Entry.objects.filter(pk__in=wanted).values_list("pk", "values"))
    return {row.pk: stored.get(row.values["type"]["id"], {}) for row in records}


def disclosures_of(records: list[int]) -> dict[int, Entry]:
    """The disclosure of each record that was ever disclosed."""
    rows = Entry.objects.filter(register__code=DISCLOSURES, values__record__id__in=records)
    rows = rows.select_related("register__current").defer("search", "words").order_by("pk")
    return {row.values["record"]["id"]: row for row in rows}


def is_disclosed(disclosure: Entry | None, day: dt.date) -> bool:
    """Whether a disclosure holds on a day."""
    return disclosure is not None and disclosure.spans.filter(on_day(day)).exists()


def disclosure_words(disclosure: Entry | None, day: dt.date) -> dict[str, str] | None:
    """By whom, since when and until when, or why it ended."""
    if disclosure is None:
        return None
    given, first = disclosure.values, disclosure.life.order_by("pk").first()
    ended = disclosure.life.filter(kind=REMOVE).order_by("-pk").first()
    if ended is not None:
        term = f"{ended.effective} 停止（{ended.reason}）"
    elif not is_disclosed(disclosure, day):
        term = f"{given.get('until')} 到期停止"
    else:
        term = f"披露至 {given['until']}" if given.get("until") else OPEN
    on = first.effective.isoformat() if first else ""
    return {"by": f"{given['disclosed_by']}（{given['basis']}）", "on": on, "term": term}


def _about(code: str, record: int) -> QuerySet[Entry]:
    rows = Entry.objects.filter(register__code=code, values__record__id=record)
    return rows.select_related("register__current").defer("search", "words").order_by("-pk")


def links_of(record: Entry, day: dt.date) -> list[Link]:
    """The five links of a record as they stand on a day."""
    disclosure = disclosures_of([record.pk]).get(record.pk)
    uses = [one.values for one in _about(USES, record.pk)]
    entered = (record.source or "登记入册", record.starts or day)
    return links(
        record.values, kind_of(record), entered, disclosure_words(disclosure, day), uses
    )  # fmt: skip


def requests_about(record: int) -> list[Entry]:
    """Repairs and objections about a record, the last first."""
    return list(_about(REQUESTS, record))


def pending_about(records: list[int]) -> set[int]:
    """Records about which a repair or objection waits."""
    rows = Entry.objects.filter(
        register__code=REQUESTS, values__record__id__in=records, values__state="pending"
    )
    return set(rows.values_list("values__record__id", flat=True))


def standings_on(enterprises: list[int], day: dt.date) -> dict[int, set[str]]:
    """Standings disclosed of each enterprise on a day; none where nothing is disclosed."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = EntrySpan.objects.filter(
        on_day(day), register__code=DISCLOSURES, enterprise__in=enterprises
    )
    for enterprise, standing in rows.values_list("enterprise", "values__standing"):
        found[enterprise].add(standing)
    return found


def effects_on(day: dt.date) -> list[Effect]:
    """Incentives and penalties in force on a day."""
    rows = EntrySpan.objects.filter(on_day(day), register__code=EFFECTS).order_by("entry_id")
    return [
        Effect(
            s.values["name"], s.values["kind"], s.values["standing"],
            tuple(s.values.get("measures") or ()), s.values["effect"], s.values["basis"],
            s.values["place"],
        )
        for s in rows
    ]  # fmt: skip


def effects_of(enterprise: Enterprise, day: dt.date, measure: str = "") -> list[Effect]:
    """What an enterprise's standing of a day brings for a measure (``pack:code``), or for all."""
    held = standings_on([enterprise.pk], day)[enterprise.pk]
    return effects_for(effects_on(day), held, measure, enterprise.region_code)
