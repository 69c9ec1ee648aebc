"""Progress of upgrade plans: read from the projects that their enterprises have in the library.

苏南 2017 二.二, 广东 2019 三.三, 江苏 2015 二.五. There is no second list of projects.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jigai.core.access import Access
from jigai.core.project_tags import covered_by, read_tags
from jigai.projects.models import Project
from jigai.projects.selectors import projects_for
from jigai.projects.states import ENDED, FINISHED, NOT_STARTED
from jigai.projects.tag_counts import used_tags
from jigai.registers.models import EntrySpan
from jigai.registers.special.stored_lists import spans_on

PLANS, MEMBERS = "upgrade-plans", "upgrade-plan-enterprises"
NONE, WAITING, GOING, FINISHED_ALL, STOPPED, UNDATED = (
    "none", "waiting", "going", "finished", "stopped", "undated",
)  # fmt: skip
WORDS = {
    UNDATED: "计划没有期限，不能算",
    NONE: "项目库里没有项目", WAITING: "未开工", GOING: "推进中", FINISHED_ALL: "已完成",
    STOPPED: "已停退",
}  # fmt: skip
LOOKS = {
    UNDATED: "undetermined",
    NONE: "missing", WAITING: "waiting", GOING: "running", FINISHED_ALL: "done",
    STOPPED: "cancelled",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan; without both years it has no period. ``tags`` narrow its projects, where given."""

    entry: int
    name: str
    kind: str
    document: str
    years: tuple[int, ...]
    tags: tuple[str, ...] = ()
    unknown_tags: tuple[str, ...] = ()

    @property
    def period(self) -> str:
        """In words."""
        return f"{self.years[0]}—{self.years[-1]} 年" if self.years else ""


@dataclass(frozen=True, slots=True)
class Member:
    """One enterprise of a plan with its projects in the plan's period."""

    entry: int
    enterprise: int | None
    name: str
    goal: str
    projects: tuple[Project, ...]
    dated: bool = True

    @property
    def state(self) -> str:
        """What its projects come to."""
        return progress([p.state for p in self.projects]) if self.dated else UNDATED

    @property
    def look(self) -> tuple[str, str]:
        """Badge and words."""
        return LOOKS[self.state], WORDS[self.state]


def progress(states: Sequence[str]) -> str:
    """What the states of an enterprise's projects come to; stopped ones count only alone."""
    going_on = [state for state in states if state not in ENDED]
    if not states:
        return NONE
    if not going_on:
        return STOPPED
    if all(state in FINISHED for state in going_on):
        return FINISHED_ALL
    return WAITING if all(state in NOT_STARTED for state in going_on) else GOING


def plans_on(access: Access, day: dt.date) -> list[Plan]:
    """Plans of a day, in the order they were registered."""
    return [_plan(span) for span in spans_on(access, PLANS, day)]


def _plan(span: EntrySpan) -> Plan:
    values = span.values
    first, last = _year(values.get("from_year")), _year(values.get("to_year"))
    kind = span.register.schema.field("kind")
    tags, unknown = read_tags("、".join(values.get("tags") or ()))
    return Plan(
        span.entry_id, str(values["name"]),
        kind.options.get(str(values["kind"]), "") if kind else "", str(values["document"]),
        tuple(range(first, last + 1)) if first and last else (), tuple(tags), tuple(unknown),
    )  # fmt: skip


def _year(value: Any) -> int:
    return int(float(value)) if value else 0


def members_on(access: Access, plans: Iterable[Plan], day: dt.date) -> Mapping[int, list[Member]]:
    """The enterprises of each plan with their projects; a plan without period gets none."""
    known = {plan.entry: plan for plan in plans}
    spans: dict[int, list[EntrySpan]] = defaultdict(list)
    for span in spans_on(access, MEMBERS, day):
        of = (span.values.get("plan") or {}).get("id")
        if of in known:
            spans[of].append(span)
    firms = {s.enterprise_id for rows in spans.values() for s in rows if s.enterprise_id}
    owned = _projects(access, firms)
    wanted = {pk: _wanted(access, plan) for pk, plan in known.items()}
    return {
        pk: [_member(span, known[pk], owned, wanted[pk]) for span in rows]
        for pk, rows in spans.items()
    }


def _projects(access: Access, firms: Iterable[int]) -> Mapping[int, list[Project]]:
    rows = projects_for(access).filter(enterprise__in=firms, duplicate_of__isnull=True)
    found: dict[int, list[Project]] = defaultdict(list)
    for row in rows.defer("search").order_by("pk"):
        found[row.enterprise_id or 0].append(row)
    return found


def _wanted(access: Access, plan: Plan) -> frozenset[str]:
    """Tags that make a project the plan's; an industry stands for the codes below it."""
    if not plan.tags:
        return frozenset()
    used = used_tags(projects_for(access))
    return frozenset(other for tag in plan.tags for other in (tag, *covered_by(tag, used)))


def _member(
    span: EntrySpan, plan: Plan, owned: Mapping[int, list[Project]], wanted: frozenset[str]
) -> Member:
    firm = span.values.get("enterprise") or {}
    projects = tuple(
        project
        for project in owned.get(span.enterprise_id or 0, ())
        if set(project.ledger_years) & set(plan.years)
        and (not plan.tags or wanted & set(project.tags))
    )
    return Member(
        span.entry_id, span.enterprise_id, str(firm.get("name") or ""),
        str(span.values.get("goal") or ""), projects, bool(plan.years),
    )  # fmt: skip
