"""Who would benefit from a preference, by what the platform holds; with the reason and an estimate.

An estimate is what can be told from held data. Where a decisive datum is not held it is ``None``
(未知), and the reason says what has to be asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import F, Q, QuerySet, Sum

from jigai.core.access import Access
from jigai.core.models import Enterprise
from jigai.core.screens.formats import wan
from jigai.core.selectors_enterprises import enterprises_for
from jigai.funding.models import InvoiceLine
from jigai.registers.models import EntrySpan
from jigai.registers.selectors import on_day
from jigai.registers.taxes.match import catalogue_words
from jigai.registers.taxes.national import national_law
from jigai.taxes.amounts import to_fen
from jigai.taxes.industries import listed
from jigai.workbench.taxes.deliveries import OUTREACH
from jigai.workbench.taxes.held import EQUIPMENT, HIGH_TECH, LADDER

MOST = 500


@dataclass(frozen=True, slots=True)
class Candidate:
    """One enterprise with the reason and what it might come to (fen, ``None`` = unknown)."""

    enterprise: Enterprise
    basis: str
    estimate: int | None


@dataclass(frozen=True, slots=True)
class Finder:
    """How candidates of a preference are found; ``note`` says what an estimate is of."""

    code: str
    note: str
    find: Callable[[QuerySet[Enterprise], int], list[Candidate]]


def candidates(code: str, year: int, access: Access) -> tuple[list[Candidate], bool]:
    """Enterprises in reach, the largest estimate first; whether there were more than shown."""
    reach = enterprises_for(access, OUTREACH)
    found = FINDERS[code].find(reach, year)
    found.sort(key=lambda one: (-(one.estimate or 0), one.enterprise.pinyin, one.enterprise.pk))
    return found[:MOST], len(found) > MOST


def _equipment(reach: QuerySet[Enterprise], year: int) -> QuerySet[Any]:
    """Good equipment lines of a year with their owner."""
    own = Q(project__enterprise__in=reach.values("pk"))
    rows = InvoiceLine.objects.filter(
        own, date__year=year, status="normal", duplicate_of=None, item_class__in=EQUIPMENT
    )
    return rows.annotate(owner=F("project__enterprise"))


def _named(reach: QuerySet[Enterprise], keys: set[int]) -> dict[int, Enterprise]:
    return {row.pk: row for row in reach.filter(pk__in=keys).order_by("id")}


def _sums(rows: QuerySet[Any], reach: QuerySet[Enterprise], field: str) -> list[tuple[Any, int]]:
    found = rows.values("owner").annotate(total=Sum(field)).order_by("owner")
    totals = {row["owner"]: int(row["total"]) for row in found if row["total"]}
    named = _named(reach, set(totals))
    return [(named[key], total) for key, total in totals.items() if key in named]


def _one_off(reach: QuerySet[Enterprise], year: int) -> list[Candidate]:
    law, day = national_law(), dt.date(year, 12, 31)
    ceiling, rate = law.on("one_off_ceiling", day), law.on("income_tax_rate", day)
    if not (ceiling.known and rate.known):
        return []
    rows = _equipment(reach, year).filter(
        Q(unit_price__isnull=True, amount_fen__lte=int(ceiling.number))
        | Q(unit_price__lte=Decimal(int(ceiling.number)) / 100)
    )
    return [
        Candidate(who, f"{year} 年设备发票 {wan(total)} 万元，单位价值{ceiling.text}",
                  to_fen(total * rate.number))
        for who, total in _sums(rows, reach, "amount_fen")
    ]  # fmt: skip


def _short_life(reach: QuerySet[Enterprise], year: int) -> list[Candidate]:
    codes = national_law().on("accelerated_industry_codes", dt.date(year, 12, 31))
    found = []
    for who, total in _sums(_equipment(reach, year), reach, "amount_fen"):
        inside = listed(who.industry_code, codes)
        if inside is not False:
            told = "行业在范围内" if inside else "行业代码未知"
            found.append(Candidate(who, f"{year} 年设备发票 {wan(total)} 万元，{told}", None))
    return found


def _vat(reach: QuerySet[Enterprise], year: int) -> list[Candidate]:
    rows = _equipment(reach, year).filter(kind__contains="专用")
    return [
        Candidate(who, f"{year} 年设备专用发票进项，是否一般纳税人、是否已抵要问", total)
        for who, total in _sums(rows, reach, "tax_fen")
    ]


def _credit(reach: QuerySet[Enterprise], year: int) -> list[Candidate]:
    day = dt.date(year, 12, 31)
    rate = national_law().on("equipment_credit_rate", day)
    words = catalogue_words(("saving", "environment", "safety"), day)
    if not words or not rate.known:
        return []
    named = Q()
    for word in words:
        named |= Q(item__contains=word)
    return [
        Candidate(who, f"{year} 年购置名称与目录相近的设备 {wan(total)} 万元，性能参数要对目录",
                  to_fen(total * Fraction(rate.number)))
        for who, total in _sums(_equipment(reach, year).filter(named), reach, "amount_fen")
    ]  # fmt: skip


def _research(reach: QuerySet[Enterprise], year: int) -> list[Candidate]:
    """Manufacturers with a project this year: what they spend on research is not held."""
    barred = national_law().in_year("research_excluded_codes", year)
    own = InvoiceLine.objects.filter(date__year=year).values("project__enterprise")
    rows = reach.filter(pk__in=own).order_by("id")[: MOST + 1]
    return [
        Candidate(who, "当年有技改项目，行业不在不适用之列；研发费用要问", None)
        for who in rows
        if listed(who.industry_code, barred) is not True
    ]


def _high_tech(reach: QuerySet[Enterprise], year: int) -> list[Candidate]:
    day = dt.date(year, 12, 31)
    spans = EntrySpan.objects.filter(
        on_day(day), register__code=LADDER, values__rung=HIGH_TECH
    ).order_by("entry_id")
    keys = {key for key in spans.values_list("enterprise_id", flat=True) if key}
    return [
        Candidate(who, "企业成长阶梯里是高新技术企业；当年所得要问", None)
        for who in _named(reach, keys).values()
    ]


FINDERS = {
    one.code: one
    for one in (
        Finder("one-off", "测算额是设备发票额乘一般税率，是推迟缴的税，不是少缴的", _one_off),
        Finder("short-life", "能推迟多少看选哪种方法，不估", _short_life),
        Finder("equipment-vat", "测算额是设备专用发票上的税额", _vat),
        Finder("equipment-credit", "测算额是相近设备的发票额乘抵免比例，最多这么多", _credit),
        Finder("research", "研发费用平台没有，不估", _research),
        Finder("high-tech", "当年所得平台没有，不估", _high_tech),
    )
}  # fmt: skip
