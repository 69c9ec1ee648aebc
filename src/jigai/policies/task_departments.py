"""Departments that tasks name: each must be an entry of the directory, or of the regions below."""

from __future__ import annotations

import datetime as dt
import difflib
from dataclasses import dataclass
from functools import cache

from django.utils import timezone

from jigai.core.departments import DepartmentNotFound, Found, find_department
from jigai.core.models import Department, DepartmentAlias
from jigai.core.regions import Region, find_regions, region_groups
from jigai.core.services.install_departments import wanted_departments
from jigai.rules.loader import Pack

# What makes a name one that leads to nobody.
_NOWHERE = frozenset({"department-unknown", "department-ended"})


@dataclass(frozen=True, slots=True)
class UnknownDepartment:
    """A name no entry bears, where it stands, and entries it may mean."""

    task: str
    clause: str
    name: str
    why: str
    near: tuple[str, ...]

    @property
    def told(self) -> str:
        """In one sentence."""
        more = f"，是不是{'、'.join(self.near)}" if self.near else ""
        return f"“{self.name}”（{self.clause} {self.task}）{more}"


@dataclass(frozen=True, slots=True)
class NamedDepartment:
    """A name of a document: the entry on the day of the document, and who does it today."""

    name: str
    then: str
    now: str
    note: str = ""


def unknown_departments(pack: Pack) -> list[UnknownDepartment]:
    """Names in ``lead`` and ``support`` that the directory does not know on the document's day.

    Empty for a document without a region.
    """
    region = directory_region(pack)
    if region is None:
        return []
    day = document_day(pack)
    found = []
    for task in pack.tasks:
        for name in (*task.lead, *task.support):
            why = _unknown(name, region, day)
            if why:
                near = _near(name, region)
                found.append(UnknownDepartment(task.id, task.clause, name, why, near))
    return found


def directory_region(pack: Pack) -> str | None:
    """The region in whose directory a document's names are looked up; a group's is its province."""
    region = pack.identity.region
    if region is None:
        return None
    group = region_groups().get(region.code)
    return f"{group.members[0][:2]}0000" if group else region.code


def document_day(pack: Pack) -> dt.date:
    """The day whose directory a document speaks of: its own, else today for a draft."""
    identity = pack.identity
    return identity.issued or identity.effective_from or timezone.localdate()


def named_departments(pack: Pack) -> list[NamedDepartment]:
    """Every name of the tasks once, resolved on the document's day and today."""
    region = directory_region(pack)
    if region is None:
        return []
    names = dict.fromkeys(n for task in pack.tasks for n in (*task.lead, *task.support))
    day, today = document_day(pack), timezone.localdate()
    return [_resolved(name, region, day, today) for name in names]


def _resolved(name: str, region: str, day: dt.date, today: dt.date) -> NamedDepartment:
    place = _place(name, region)
    if place is not None:
        return NamedDepartment(name, place.name, place.name, "地方人民政府")
    then, now = _found(name, region, day), _found(name, region, today)
    return NamedDepartment(
        name,
        str(then.department.name) if then else "",
        str(now.department.name) if now else "",
        now.note if now else "",
    )


def _found(name: str, region: str, day: dt.date) -> Found | None:
    try:
        return find_department(name, region, day)
    except DepartmentNotFound:
        return None


def _unknown(name: str, region: str, day: dt.date) -> str:
    """Why a name leads to nothing; empty where it leads somewhere.

    A name that several bear, or whose bearer was set up later, is one of the directory: its
    forerunners are on record. Entries shipped with the platform count before they are installed.
    """
    if name in shipped_names(region) or _place(name, region) is not None:
        return ""
    try:
        find_department(name, region, day)
    except DepartmentNotFound as problem:
        return problem.message if problem.code in _NOWHERE else ""
    return ""


@cache
def shipped_names(region: str) -> frozenset[str]:
    """Every name by which the shipped directory knows a department of a region."""
    found: set[str] = set()
    for item in wanted_departments():
        if item.region == region:
            for each in (item, *item.formerly):
                found.update((each.name, each.short, *each.aliases))
    # 区财政局 in a document of the district is its 财政局.
    ours = {sign + name for sign in "省市区县州" for name in found}
    return frozenset(found | ours)


def _place(name: str, region: str) -> Region | None:
    """A region below that the document names as such: 苏州市 in a document of 江苏省."""
    found = find_regions(name, within=region)
    return found[0] if found else None


def _near(name: str, region: str) -> tuple[str, ...]:
    rows = Department.objects.filter(region_code=region).values_list("name", "short_name")
    known = {text for row in rows for text in row if text}
    aliases = DepartmentAlias.objects.filter(department__region_code=region)
    known |= set(aliases.values_list("name", flat=True))
    known |= shipped_names(region)
    return tuple(difflib.get_close_matches(name, sorted(known), 3, 0.5))
