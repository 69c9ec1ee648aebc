"""Facts of stored invoice lines, consortia and their members."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from jigai.core.models import Enterprise
from jigai.funding.funding_facts import consortium_rows, line_rows, member_key, member_rows
from jigai.funding.models import Consortium, ConsortiumMember, InvoiceLine
from jigai.funding.money_facts import add_money_facts
from jigai.funding.stored_funding import stored_lines, stored_members
from jigai.policies.fact_run import FactRows
from jigai.policies.providers import (
    Label,
    Population,
    Provided,
    adds_facts,
    fact_provider,
    line_namer,
)
from jigai.policies.sources import file_finder, files_of


@fact_provider("line")
def lines(population: Population) -> Provided:
    """Every invoice line of the year."""
    where = (population.region_code, population.year, population.known_at)
    return Provided(line_rows(stored_lines(*where), stored_members(*where)))


@fact_provider("member")
def members(population: Population) -> Provided:
    """Every member of the year's consortia, repeated members left out."""
    found = stored_members(population.region_code, population.year, population.known_at)
    ids = dict(
        Enterprise.objects.filter(uscc__in={m.uscc for m in found if m.uscc}).values_list(
            "uscc", "id"
        )
    )
    labels = {
        member_key(m): Label(
            m.enterprise_name or m.enterprise_raw,
            ids.get(m.uscc),
            m.enterprise_name or m.enterprise_raw,
            population.region_code,
            m.row,
        )
        for m in found
    }
    return Provided(member_rows(found), labels)


@fact_provider("consortium")
def consortia(population: Population) -> Provided:
    """Every consortium of the year, shown under its name with its lead."""
    found = stored_members(population.region_code, population.year, population.known_at)
    rows = consortium_rows(found)
    names = dict(
        Consortium.objects.filter(year=population.year, code__in=[r["key"] for r in rows])
        .filter(region_code=population.region_code)
        .values_list("code", "name")
    )
    leads = dict(
        Enterprise.objects.filter(
            uscc__in={r["enterprise_key"] for r in rows if r["enterprise_key"]}
        ).values_list("uscc", "id")
    )
    leading = {
        m.consortium: m.enterprise_name or m.enterprise_raw for m in found if m.role == "lead"
    }
    labels = {
        row["key"]: Label(
            names.get(row["key"]) or row["key"],
            leads.get(row["enterprise_key"]),
            leading.get(row["key"], ""),
            population.region_code,
        )
        for row in rows
    }
    return Provided(rows, labels)


@adds_facts
def money(population: Population, facts: FactRows) -> None:
    """What was paid before and what others paid."""
    add_money_facts(facts, population.year, timezone.localdate(population.known_at))


@line_namer
def names_of_lines(keys: list[Any]) -> dict[Any, str]:
    """What was bought and on which invoice; a negative key is the part that was paid before."""
    rows = InvoiceLine.objects.filter(pk__in=[abs(key) for key in keys])
    found = {
        key: f"{item}（{number or '无票号'}）"
        for key, item, number in rows.values_list("id", "item", "invoice_no")
    }
    parts = {key: f"{found[-key]}以前已兑付部分" for key in keys if key < 0 and -key in found}
    return {**found, **parts}


@file_finder("line", "发票明细")
def files_of_lines(keys: Iterable[Any], _population: Population) -> dict[int, int]:
    """Invoice lines by file."""
    return files_of(InvoiceLine.objects.filter(pk__in=[abs(key) for key in keys]))


@file_finder("member", "共同体成员")
def files_of_members(keys: Iterable[Any], population: Population) -> dict[int, int]:
    """Rows of members by file."""
    codes, rows = zip(*(str(key).rsplit("#", 1) for key in keys), strict=True)
    found = ConsortiumMember.objects.filter(
        consortium__year=population.year,
        consortium__region_code=population.region_code,
        consortium__code__in=codes,
        source_row__in=rows,
    )
    return files_of(found)
