"""Plans and the projects that carry them out: each project once, plans through one another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet, Sum

from jigai.core.access import Access
from jigai.projects.models import PlanProject, Project
from jigai.projects.selectors import projects_for
from jigai.registers.access import visible_entries
from jigai.registers.models import Entry

REGISTER = "plans"
FORMS = {"five": "中长期规划", "annual": "年度推进计划", "sector": "行业推进重点"}
_GONE = ("refused", "withdrawn")


@dataclass(slots=True)
class Plan:
    """One plan with the projects of its own and with those of the plans below it.

    ``projects`` and ``fen`` are of all of them, each project once; ``own`` of the plan itself.
    """

    entry: Entry
    name: str
    form: str
    years: str
    place: str
    parent: int | None
    below: list[Plan] = field(default_factory=list)
    own: int = 0
    projects: int = 0
    fen: int = 0


def plans_for(access: Access) -> QuerySet[Entry]:
    """The plans a person may see."""
    rows = visible_entries(access).filter(register__code=REGISTER)
    return rows.exclude(state__in=_GONE).order_by("pk")


def plans_of(access: Access) -> dict[int, Plan]:
    """Every plan with its sums; three queries."""
    found = {entry.pk: _plan(entry) for entry in plans_for(access)}
    for plan in found.values():
        if plan.parent in found:
            found[plan.parent].below.append(plan)
    links = PlanProject.objects.filter(plan__in=found, project__in=_counting(access))
    held: dict[int, set[int]] = {}
    for plan_id, project in links.values_list("plan_id", "project_id"):
        held.setdefault(plan_id, set()).add(project)
    everything = {key for keys in held.values() for key in keys}
    amounts = dict(Project.objects.filter(pk__in=everything).values_list("pk", "total_fen"))
    for plan in found.values():
        keys = set().union(*(held.get(one, set()) for one in family(plan, found)))
        plan.own = len(held.get(plan.entry.pk, ()))
        plan.projects, plan.fen = len(keys), sum(amounts.get(key) or 0 for key in keys)
    return found


def family(plan: Plan, known: Mapping[int, Plan]) -> list[int]:
    """A plan and all below it, each once, though somebody made them name one another in a ring."""
    seen: dict[int, None] = {}
    waiting = [plan]
    while waiting:
        one = waiting.pop()
        if one.entry.pk not in seen:
            seen[one.entry.pk] = None
            waiting += one.below
    return [key for key in seen if key in known]


def projects_of(access: Access, plans: Iterable[int]) -> QuerySet[Project]:
    """Projects of these plans within reach, each once."""
    links = PlanProject.objects.filter(plan__in=list(plans))
    rows = _counting(access).filter(pk__in=links.values("project"))
    return rows.select_related("enterprise").defer("search", "enterprise__search").order_by("pk")


def sums_of(rows: QuerySet[Project]) -> tuple[int, int]:
    """How many, and their total investment in fen."""
    sums = rows.order_by().aggregate(n=Count("pk"), fen=Sum("total_fen"))
    return sums["n"], int(sums["fen"] or 0)


def _counting(access: Access) -> QuerySet[Project]:
    return projects_for(access).filter(duplicate_of__isnull=True)


def _plan(entry: Entry) -> Plan:
    values = entry.values
    years = [str(values.get(key) or "") for key in ("first_year", "last_year")]
    parent = values.get("parent") or {}
    return Plan(
        entry, str(values.get("name", "")), FORMS.get(str(values.get("form")), ""),
        "—".join(dict.fromkeys(year for year in years if year)), str(values.get("place") or ""),
        parent.get("id"),
    )  # fmt: skip
