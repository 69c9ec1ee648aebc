"""Policies that relieve burdens and what enterprises received, as stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import BigIntegerField, Case, Count, Q, Sum, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from jigai.core.access import Access, Reach, scoped
from jigai.core.models import Enterprise
from jigai.registers.access import VIEW, visible_entries
from jigai.registers.entry_values import Prepared, ValueProblem
from jigai.registers.models import Entry, EntrySpan, Register
from jigai.registers.special.burden import Benefit, Firm, Policy, in_order, period_days
from jigai.registers.special.burden import Sum as Group
from jigai.registers.special.ledger import find_register

POLICIES, BENEFITS = "burden-policies", "burden-benefits"
MOST, MOST_FIRMS = 50_000, 5_000
# Fewer enterprises than this are not told of in public.
PUBLIC_K = 5
_FIRM = Reach(region="region_code", enterprise="pk")


def policies_stored() -> dict[int, Policy]:
    """Every policy that is or was on the list, by entry; the last word on each counts."""
    rows = EntrySpan.objects.filter(register__code=POLICIES).order_by("entry_id", "starts")
    return {span.entry_id: _policy(span) for span in rows}


def _policy(span: EntrySpan) -> Policy:
    given = span.values
    last = given.get("last")
    return Policy(
        key=span.entry_id, name=given["name"], number=given["number"], kind=given["kind"],
        first=dt.date.fromisoformat(given["first"]),
        last=dt.date.fromisoformat(last) if last else None, region=given.get("place") or "",
        industries=tuple(given.get("industries") or ()),
    )  # fmt: skip


def benefits_in_reach(access: Access) -> tuple[list[Benefit], bool]:
    """Records within reach, and whether there are more than are read."""
    register = find_register(BENEFITS)
    if register is None:
        return [], False
    rows = visible_entries(access, register).filter(state=Entry.State.LISTED).order_by("pk")
    return _benefits(list(rows.defer("search", "words")[: MOST + 1]))


def sums_of_all() -> list[Group]:
    """Every group of the whole platform in one statement, for the public page."""
    kinds = [
        When(values__policy__id=key, then=Value(policy.kind))
        for key, policy in policies_stored().items()
    ]
    named = KeyTextTransform("name", KeyTransform("enterprise", "values"))
    amount = Cast(KeyTextTransform("amount", "values"), BigIntegerField())
    rows = (
        Entry.objects.filter(register__code=BENEFITS, state=Entry.State.LISTED)
        .annotate(
            kind=Case(*kinds, default=Value("")), year=KeyTextTransform("year", "values"),
            who=Coalesce(Cast("enterprise", TextField()), named),
        )
        .order_by().values_list("kind", "year", "region_code")
        .annotate(
            fen=Sum(amount),
            sure=Coalesce(Sum(amount, filter=Q(values__confirmed=True)), 0),
            records=Count("pk"), firms=Count("who", distinct=True),
        )
    )  # fmt: skip
    return in_order(Group(kind, int(year), *rest) for kind, year, *rest in rows)


def _benefits(rows: Sequence[Entry]) -> tuple[list[Benefit], bool]:
    policies = policies_stored()
    found = []
    for row in rows[:MOST]:
        given = row.values
        policy = policies.get((given.get("policy") or {}).get("id") or 0)
        found.append(
            Benefit(
                key=row.pk, enterprise=row.enterprise_id,
                name=(given.get("enterprise") or {}).get("name") or "",
                policy=policy.key if policy else 0,
                policy_name=(given.get("policy") or {}).get("name") or "",
                kind=policy.kind if policy else "", year=int(given["year"]),
                month=int(given.get("month") or 0), amount=given["amount"],
                region=row.region_code, confirmed=bool(given.get("confirmed")),
            )
        )  # fmt: skip
    return found, len(rows) > MOST


def firms_in_reach(access: Access) -> tuple[list[Firm], bool]:
    """Enterprises within reach, and whether there are more than are read."""
    rows = scoped(Enterprise.objects.all(), access, VIEW, _FIRM).order_by("pinyin", "id")
    columns = ("pk", "name", "region_code", "industry_code")
    found = list(rows.values_list(*columns)[: MOST_FIRMS + 1])
    firms = [Firm(pk, name, region, trade or "") for pk, name, region, trade in found[:MOST_FIRMS]]
    return firms, len(found) > MOST_FIRMS


def check_policies(register: Register, rows: Sequence[Prepared]) -> None:
    """A policy of no named cost kind is refused by its field; here only its days are compared."""
    for row in rows:
        if row.values.get("last") and row.values["last"] < row.values["first"]:
            row.problems.append(ValueProblem("last", "止期早于起期", "核对文件写的执行期"))


def check_benefits(register: Register, rows: Sequence[Prepared]) -> None:
    """Refuse what is not a period, outside the policy's days, negative, or there already."""
    policies = policies_stored()
    seen: dict[tuple[object, ...], int] = {}
    for place, row in enumerate(rows):
        given = row.values
        if not _whole(given["year"], 2000, timezone.localdate().year):
            row.problems.append(ValueProblem("year", f"年份“{given['year']}”不对", "填四位年份"))
            continue
        month = given.get("month")
        if month is not None and not _whole(month, 1, 12):
            row.problems.append(
                ValueProblem("month", f"月份“{month}”不对", "填 1 到 12，按年的空着")
            )
            continue
        if given["amount"] < 0:
            row.problems.append(ValueProblem("amount", "享受额小于零", "核对；多记的用“变更”改"))
        if given.get("confirmed") and not given.get("confirmer"):
            row.problems.append(ValueProblem("confirmer", "没有写确认部门", "填写是哪个部门确认的"))
        _check_days(row, policies)
        key = (row.enterprise_id or given["enterprise"].get("name"), given["policy"]["id"],
               given["year"], month)  # fmt: skip
        if key in seen:
            row.problems.append(_twin(seen[key]))
        seen.setdefault(key, place + 1)
    _refuse_overlap(register, rows)


def _whole(text: str, low: int, high: int) -> bool:
    return str(text).isdigit() and low <= int(text) <= high


def _check_days(row: Prepared, policies: dict[int, Policy]) -> None:
    given = row.values
    policy = policies.get(given["policy"]["id"])
    days = period_days(int(given["year"]), int(given.get("month") or 0))
    if policy is not None and not policy.in_force(*days):
        until = f"至 {policy.last}" if policy.last else "起"
        row.problems.append(
            ValueProblem("year", f"“{policy.name}”{policy.first} {until}执行，这个期间不在其内",
                         "核对期间，或另选政策")
        )  # fmt: skip


def _twin(place: int) -> ValueProblem:
    return ValueProblem(
        "month", f"与第 {place} 行是同一企业、同一政策、同一期间", "同一期间只记一次，合成一行"
    )


def _refuse_overlap(register: Register, rows: Sequence[Prepared]) -> None:
    """A year and a month of it, or the same period under another spelling, count money twice."""
    firms = {row.enterprise_id for row in rows if row.enterprise_id}
    stored = Entry.objects.filter(register=register, enterprise__in=firms)
    stored = stored.filter(state__in=[Entry.State.LISTED, Entry.State.PROPOSED])
    held: dict[tuple[object, ...], list[tuple[int, str | None]]] = {}
    columns = ("pk", "enterprise_id", "values__policy__id", "values__year", "values__month")
    for pk, firm, policy, year, month in stored.order_by("pk").values_list(*columns):
        held.setdefault((firm, policy, str(year)), []).append((pk, month))
    for row in rows:
        given = row.values
        key = (row.enterprise_id, given["policy"]["id"], str(given["year"]))
        month = given.get("month")
        for pk, other in held.get(key, ()):
            if pk != row.entry_id and (month is None or other is None or str(other) == month):
                row.problems.append(
                    ValueProblem("month", "这家企业这项政策的同一期间已有记录",
                                 "打开已有的记录用“变更”改，不要再登记一次")
                )  # fmt: skip
                break
