"""Whom a document itself names as its addressees, as the platform's directory knows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Q

from jigai.core.access.scoping import region_prefix
from jigai.core.departments import DepartmentNotFound, find_department
from jigai.core.models import Department, Region
from jigai.outreach.models import Delivery
from jigai.yaml_files import read_yaml

_FILE = Path(__file__).with_name("data") / "distribution_lists.yaml"
_LEVELS = {"governments": ("city", "county"), "city-governments": ("city",)}


@dataclass(frozen=True, slots=True)
class Addressee:
    """One unit to send to; without any id it is outside the platform and signs on paper."""

    kind: str
    name: str
    wording: str = ""
    department: int | None = None
    enterprise: int | None = None
    institution: int | None = None


@cache
def _lists() -> dict[str, dict[str, Any]]:
    return {row["pack"]: row for row in read_yaml(_FILE)["lists"]}


@cache
def _no_units() -> tuple[str, ...]:
    return tuple(read_yaml(_FILE)["not_units"])


_MAIN, _COPY = str(Delivery.Kind.MAIN), str(Delivery.Kind.COPY)


def listed_addressees(slug: str, region_code: str, on: date) -> list[Addressee]:
    """The 主送 and 抄送 a document names, in its order, each unit once.

    Empty for a document whose text names nobody. A group such as 各部门 becomes the units known on
    the day; where none is known the wording itself stays, so that nobody is lost.
    """
    row = _lists().get(slug)
    if row is None:
        return []
    found: list[Addressee] = []
    for kind, key in ((_MAIN, "to"), (_COPY, "copy")):
        for entry in row.get(key, ()):
            found.extend(_units(kind, entry, region_code, on))
    return once(found)


def clause_of_list(slug: str) -> str:
    """Which part of the document names the addressees, in words; empty where none does."""
    return str(_lists().get(slug, {}).get("where", ""))


def once(addressees: Iterable[Addressee]) -> list[Addressee]:
    """Each name once: the first place counts, so 主送 goes before 抄送."""
    found: dict[str, Addressee] = {}
    for unit in addressees:
        found.setdefault(unit.name, unit)
    return list(found.values())


def named_unit(kind: str, name: str, region_code: str, on: date, wording: str = "") -> Addressee:
    """A unit by name: the department of the directory where it knows the name."""
    try:
        department = find_department(name, region_code, on).department
    except DepartmentNotFound:
        return Addressee(kind, wording or name, wording or name)
    return Addressee(kind, department.name, wording or name, department=department.pk)


def departments_on(region_code: str, on: date) -> list[Department]:
    """The departments of a region that exist on a day, without collective names and bodies that
    receive no documents."""
    started = Q(valid_from__isnull=True) | Q(valid_from__lte=on)
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    rows = Department.objects.filter(started, lasting, region_code=region_code)
    return list(rows.exclude(line__in=_no_units()).order_by("line", "id"))


def _units(kind: str, entry: dict[str, str], region_code: str, on: date) -> list[Addressee]:
    wording, group = entry["text"], entry.get("expand", "")
    if group == "departments":
        known = [
            Addressee(kind, row.name, wording, department=row.pk)
            for row in departments_on(region_code, on)
        ]
    elif group in _LEVELS:
        known = [
            Addressee(kind, f"{name}人民政府", wording)
            for name in _regions(region_code, _LEVELS[group])
        ]
    else:
        return [named_unit(kind, entry.get("name", wording), region_code, on, wording)]
    return known or [Addressee(kind, wording, wording)]


def _regions(region_code: str, levels: tuple[str, ...]) -> list[str]:
    """Names of the regions below, those of the same name with the one above in front."""
    rows = Region.objects.filter(
        code__startswith=region_prefix(region_code), level__in=levels, valid_to__isnull=True
    ).exclude(code=region_code)  # fmt: skip
    listed = list(rows.order_by("code", "id").values_list("name", "parent_code"))
    names = [name for name, _parent in listed]
    above = dict(
        Region.objects.filter(code__in={parent for _name, parent in listed}).values_list(
            "code", "name"
        )
    )
    return [
        above.get(parent, "") + name if names.count(name) > 1 else name for name, parent in listed
    ]
