"""信用核查: whether an enterprise has a serious record in force within the years that count.

Absence of a record says nothing unless somebody looked: without a source that covers the
enterprise the answer is unknown. YZ 五.1 asks for three years without a major violation and leaves
open whether these are 36 months or three calendar years; where that decides, the answer is unknown.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from django.db.models import F, Q
from django.urls import reverse

from jigai.cases.gates import FAIL, PASS, UNKNOWN, Answer, Question
from jigai.cases.models import Case
from jigai.core.access.scoping import region_prefix
from jigai.core.models import Enterprise
from jigai.policies.models import PackParameter
from jigai.registers.lifecycle import add_months
from jigai.registers.models import Entry, EntrySpan
from jigai.registers.selectors import on_day
from jigai.registers.special.stored_credit import (
    DISCLOSURES,
    RECORDS,
    kinds_of,
    pending_about,
)

NAME, TITLE, SOURCES = "credit", "信用核查", "credit-sources"
SERIOUS = {"dishonest": "失信被执行人", "serious": "严重违法失信"}
LOOKBACK = "lookback_period"
_PERIOD = re.compile(r"(\d{1,3})\s*(年|个?月)")


@dataclass(frozen=True, slots=True)
class Lookback:
    """How far back records count, in months, and where that is written; ``None``: not stated."""

    months: int | None = None
    clause: str = ""

    def counts(self, happened: dt.date, on: dt.date) -> bool | None:
        """Whether a record of that day counts; ``None`` where it depends on the reading."""
        if self.months is None or happened > add_months(on, -self.months):
            return True
        return None if happened >= dt.date(on.year - self.months // 12, 1, 1) else False

    @property
    def words(self) -> str:
        """``近36个月（兖州… 五.1）``, or that no document says."""
        return f"近{self.months}个月（{self.clause}）" if self.months else "回溯期未定，按披露期"


@dataclass(frozen=True, slots=True)
class Source:
    """Where somebody looked, and up to which day."""

    name: str
    as_of: dt.date


def ask_credit(question: Question) -> Answer:
    """The answer for the enterprise of a case on a day; see the module."""
    firm, on = question.case.enterprise, question.on
    if firm is None:
        return Answer(UNKNOWN, "办件没有写企业，不能核查")
    look, source = lookback_of(question.case, firm, on), source_of(firm, on)
    told, seen = (source.name, source.as_of) if source else ("", None)
    sure, maybe = _serious(firm, on, look)
    appeal = reverse("credit-record", args=[(sure or maybe)[0].pk]) if sure or maybe else ""
    if sure:
        row, standing, disclosed = _named(sure[0])
        pending = "；修复或异议待决定" if pending_about([row.pk]) else ""
        return Answer(
            FAIL, f"{standing}：{row.title}（{row.values['happened']}），{look.words}{pending}",
            f"{row.values['collected_from']}，{disclosed}披露", on, appeal,
        )  # fmt: skip
    if maybe:
        return Answer(
            UNKNOWN, f"{maybe[0].title}（{maybe[0].values['happened']}）是否在“近三年”内，"
            "要看按滚动月份还是按自然年，或还没有披露，待核实", told, seen, appeal,
        )  # fmt: skip
    if source is None:
        return Answer(UNKNOWN, "没有登记过覆盖这家企业的信用数据来源，缺数据，待核实")
    return Answer(PASS, f"{look.words}没有披露中的严重失信记录", source.name, source.as_of)


def _serious(firm: Enterprise, on: dt.date, look: Lookback) -> tuple[list[Entry], list[Entry]]:
    """Records that count for sure, and those of which it cannot be told: not disclosed (not yet to
    be used), or dependent on the reading. What was disclosed and no longer is does not count."""
    rows = Entry.objects.filter(
        register__code=RECORDS, enterprise=firm, state=Entry.State.LISTED
    ).order_by("pk")  # fmt: skip
    records = [row for row in rows if row.values["happened"] <= on.isoformat()]
    kinds = kinds_of(records)
    serious = [row for row in records if kinds[row.pk].get("standing") in SERIOUS]
    if not serious:
        return [], []
    pks = [row.pk for row in serious]
    spans = EntrySpan.objects.filter(
        on_day(on), register__code=DISCLOSURES, values__record__id__in=pks
    )
    held = set(spans.values_list("values__record__id", flat=True))
    ever = set(
        Entry.objects.filter(register__code=DISCLOSURES, values__record__id__in=pks)
        .values_list("values__record__id", flat=True)
    )  # fmt: skip
    sure: list[Entry] = []
    maybe: list[Entry] = []
    for row in serious:
        counts = look.counts(dt.date.fromisoformat(row.values["happened"]), on)
        if counts is False or (row.pk in ever and row.pk not in held):
            continue
        (sure if counts and row.pk in held else maybe).append(row)
    return sure, maybe


def _named(row: Entry) -> tuple[Entry, str, str]:
    shown = Entry.objects.filter(register__code=DISCLOSURES, values__record__id=row.pk).first()
    values = shown.values if shown else {}
    word = SERIOUS.get(values.get("standing", ""), "严重失信")
    return row, word, str(values.get("disclosed_by") or "")


def source_of(firm: Enterprise, on: dt.date) -> Source | None:
    """The newest look that covers the enterprise."""
    rows = EntrySpan.objects.filter(on_day(on), register__code=SOURCES)
    found = [
        Source(values["source"], dt.date.fromisoformat(values["as_of"]))
        for values in rows.values_list("values", flat=True) if _covers(values, firm)
    ]  # fmt: skip
    return max((one for one in found if one.as_of <= on), key=lambda one: one.as_of, default=None)


def _covers(values: dict[str, object], firm: Enterprise) -> bool:
    one = values.get("firm")
    if isinstance(one, dict):
        return one.get("id") == firm.pk
    return firm.region_code.startswith(region_prefix(str(values["place"])))


def lookback_of(case: Case, firm: Enterprise, on: dt.date) -> Lookback:
    """The look-back of the documents a procedure carries out; where it names none, of those in
    force where the enterprise is. Of several the longest."""
    rows = PackParameter.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=on), code=LOOKBACK, pack__is_current=True
    ).order_by(F("valid_from").asc(nulls_first=True), "pk")  # fmt: skip
    named = {item.partition(":")[0] for item in case.procedure.items}
    if named:
        rows = rows.filter(pack__slug__in=named)
    else:
        rows = rows.filter(Q(pack__valid_to__isnull=True) | Q(pack__valid_to__gte=on))
    found: dict[str, Lookback] = {}
    for row in rows.select_related("pack").defer("pack__files"):
        months, place = _months(row.value, row.unit), row.pack.region_code
        if months and (not place or firm.region_code.startswith(region_prefix(place))):
            found[row.pack.slug] = Lookback(months, f"{row.pack.title} {row.clause}")
    return max(found.values(), key=lambda one: one.months or 0, default=Lookback())


def _months(value: str, unit: str) -> int:
    match = _PERIOD.search(value)
    if match:
        return int(match[1]) * (12 if match[2] == "年" else 1)
    return int(value) if value.isdigit() and unit in ("月", "个月") else 0
