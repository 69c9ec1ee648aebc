"""Whom a plan may meet: read once, when its list is published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone

from jigai.cases.access import SUPERVISE
from jigai.cases.models import Case, InspectionPick, InspectionPlan
from jigai.core.access import Access, Reach, scoped
from jigai.core.access.scoping import region_prefix
from jigai.core.models import Enterprise
from jigai.projects.models import Project
from jigai.registers.models import Entry
from jigai.registers.special.stored_credit import standings_on

HIGH, PLAIN = "high", "plain"
STRATA = {HIGH: "有不良信用记录", PLAIN: "其余"}
_BAD = frozenset({"other", "abnormal", "dishonest", "serious"})
FILINGS = "filing-records"
# A closed matter of these kinds was let through on trust or by a check; both are looked at again.
CHECKED_KINDS = ("licensing", "filing")


@dataclass(frozen=True, slots=True)
class Subject:
    """One that may be drawn; ``key`` is the same in every plan."""

    key: str
    name: str
    ref: str
    enterprise: int | None
    stratum: str = PLAIN


def population_of(plan: InspectionPlan, access: Access) -> tuple[list[Subject], list[str]]:
    """Everybody of the plan in the order of keys, and the keys left out as exempt.

    Each key comes once. Those with a bad credit standing today are a stratum of their own.
    """
    finder = {"enterprise": _enterprises, "case": _cases, "filing": _filings,
              "project": _projects}[plan.subject]  # fmt: skip
    found = {one.key: one for one in finder(plan, access)}
    exempt = exempt_keys(plan)
    held = standings_on(
        [one.enterprise for one in found.values() if one.enterprise], timezone.localdate()
    )
    kept = [
        replace(one, stratum=HIGH) if held.get(one.enterprise or 0, set()) & _BAD else one
        for key, one in sorted(found.items()) if key not in exempt
    ]  # fmt: skip
    return kept, sorted(exempt & set(found))


def _filters(plan: InspectionPlan) -> tuple[dict[str, Any], dt.date | None, dt.date | None]:
    given = plan.filters
    since, until = (
        dt.date.fromisoformat(given[name]) if given.get(name) else None
        for name in ("since", "until")
    )
    return given, since, until


def _enterprises(plan: InspectionPlan, access: Access) -> Iterator[Subject]:
    given, since, until = _filters(plan)
    reach = Reach(region="region_code", enterprise="pk")
    rows = scoped(Enterprise.objects.all(), access, SUPERVISE, reach)
    rows = rows.filter(region_code__startswith=region_prefix(plan.region_code))
    if given.get("industry"):
        rows = rows.filter(industry_code__startswith=given["industry"])
    if since:
        rows = rows.filter(founded__gte=since)
    if until:
        rows = rows.filter(founded__lte=until)
    for pk, uscc, name in rows.order_by("pk").values_list("pk", "uscc", "name"):
        yield Subject(uscc or f"E{pk}", name, f"enterprise:{pk}", pk)


def _cases(plan: InspectionPlan, access: Access) -> Iterator[Subject]:
    given, since, until = _filters(plan)
    reach = Reach(region="region_code", enterprise="enterprise", owner="started_by")
    rows = scoped(Case.objects.all(), access, SUPERVISE, reach).filter(
        state=Case.State.DONE, result=Case.Result.AGREED,
        region_code__startswith=region_prefix(plan.region_code),
    )  # fmt: skip
    if given.get("procedure"):
        rows = rows.filter(procedure__code=given["procedure"])
    else:
        rows = rows.filter(procedure__kind__in=CHECKED_KINDS)
    if since:
        rows = rows.filter(closed_on__gte=since)
    if until:
        rows = rows.filter(closed_on__lte=until)
    for pk, number, title, firm in rows.order_by("pk").values_list(
        "pk", "number", "title", "enterprise"
    ):
        yield Subject(number, title, f"case:{pk}", firm)


def _filings(plan: InspectionPlan, access: Access) -> Iterator[Subject]:
    _given, since, until = _filters(plan)
    reach = Reach(region="region_code", enterprise="enterprise")
    rows = scoped(Entry.objects.all(), access, SUPERVISE, reach).filter(
        register__code=FILINGS, state=Entry.State.LISTED,
        region_code__startswith=region_prefix(plan.region_code),
    )  # fmt: skip
    if since:
        rows = rows.filter(values__decided__gte=since.isoformat())
    if until:
        rows = rows.filter(values__decided__lte=until.isoformat())
    for row in rows.order_by("pk").only("key", "title", "values", "enterprise"):
        name = f"{row.values.get('name', '')}（{row.title}）"[:300]
        yield Subject(row.values["certificate"], name, f"entry:{row.pk}", row.enterprise_id)


def _projects(plan: InspectionPlan, access: Access) -> Iterator[Subject]:
    given, since, until = _filters(plan)
    reach = Reach(region="region_code", enterprise="enterprise")
    rows = scoped(Project.objects.all(), access, SUPERVISE, reach).filter(
        region_code__startswith=region_prefix(plan.region_code), duplicate_of__isnull=True
    )
    if given.get("industry"):
        rows = rows.filter(enterprise__industry_code__startswith=given["industry"])
    if since:
        rows = rows.filter(start__gte=since)
    if until:
        rows = rows.filter(start__lte=until)
    for pk, code, name, firm in rows.order_by("pk").values_list("pk", "code", "name", "enterprise"):
        yield Subject(code or f"P{pk}", name, f"project:{pk}", firm)


def exempt_keys(plan: InspectionPlan) -> set[str]:
    """Keys whose last picks, as many as the plan says, were all clean; none where it says 未定."""
    if plan.exempt_after is None:
        return set()
    rows = InspectionPick.objects.filter(
        plan__subject=plan.subject, case__state=Case.State.DONE
    ).order_by("-case__closed_on", "-pk")  # fmt: skip
    results: dict[str, list[str]] = {}
    for key, outcome in rows.values_list("subject__key", "case__values__outcome"):
        results.setdefault(key, []).append(outcome or "")
    return {key for key, given in results.items() if _clean(given, plan.exempt_after)}


def _clean(results: Iterable[str], times: int) -> bool:
    last = list(results)[:times]
    return len(last) == times > 0 and all(one == "clean" for one in last)
