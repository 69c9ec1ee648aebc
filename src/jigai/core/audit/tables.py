"""Which tracked tables there are, and which of their rows a person may read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, QuerySet
from pghistory.models import Event

from jigai.core.access import Access, Reach, scoped
from jigai.core.access.people import people_in_reach
from jigai.core.access.scoping import Scope

READ = "audit.view"
# Reference data and roles: open to everybody who may read the log.
_OPEN = {
    "core.Region", "core.RegionGroup", "core.RegionGroupMember", "core.Department", "core.Role",
    "core.DepartmentAlias", "core.DepartmentMerger", "core.Workday",
}  # fmt: skip
# Tables about people: the column with the account whose reach decides.
_PEOPLE = {
    "core.User": "pgh_obj_id", "core.Assignment": "user_id", "core.Delegation": "giver_id",
    "core.Handover": "taker_id",
}  # fmt: skip
_data: dict[str, str] = {}


def register_audit_table(label: str, capability: str = "") -> None:
    """Tell about a table of another room: who may read its changes besides ``audit.view``.

    Without a capability it is open to everybody who may read the log. Tables nobody told about need
    ``enterprise.view``.
    """
    if capability:
        _data[label] = capability
    else:
        _OPEN.add(label)


@dataclass(frozen=True, slots=True)
class Table:
    """One tracked table: its label (``core.Enterprise``), Chinese name, and model of events."""

    label: str
    name: str
    model: Any
    tracked: type[Model]

    def rows(self, access: Access) -> QuerySet[Any]:
        """The events this person may read."""
        rows = self.model.objects.all()
        if not access.can(READ):
            return self.model.objects.none()
        if self.label in _OPEN:
            return rows
        if self.label in _PEOPLE:
            people = people_in_reach(access, READ).order_by().values("pk")
            return rows.filter(**{f"{_PEOPLE[self.label]}__in": people})
        return self._data_rows(rows, access)

    def _data_rows(self, rows: QuerySet[Any], access: Access) -> QuerySet[Any]:
        """Data of enterprises need the right to see the data, in the same places."""
        capability = _data.get(self.label, "enterprise.view")
        path = _region_path(self.tracked)
        seen = scoped(rows, access, capability, Reach(region=path, enterprise=""))
        if path:
            return scoped(seen, access, READ, Reach(region=path))
        everywhere = all(
            any(grant.scope == Scope.ALL for grant in access.granting(name))
            for name in (capability, READ)
        )
        return rows if everywhere else rows.none()


@cache
def tables() -> tuple[Table, ...]:
    """Every tracked table, sorted by name."""
    found = []
    for model in apps.get_models():
        tracked = getattr(model, "pgh_tracked_model", None)
        if issubclass(model, Event) and tracked is not None:
            name = str(tracked._meta.verbose_name)
            found.append(Table(tracked._meta.label, name, model, tracked))
    return tuple(sorted(found, key=lambda table: (table.label.partition(".")[0], table.name)))


def visible_tables(access: Access) -> list[Table]:
    """Tables of which the person may read something, by rights alone (no row is looked at)."""
    return [
        table
        for table in tables()
        if access.can(READ)
        and (
            table.label in _OPEN
            or table.label in _PEOPLE
            or access.can(_data.get(table.label, "enterprise.view"))
        )
    ]


def _region_path(model: type[Model]) -> str:
    """Where a table says to which region a row belongs: itself, or the first row it refers to."""
    try:
        model._meta.get_field("region_code")
    except FieldDoesNotExist:
        for field in model._meta.fields:
            related: Any = field.related_model
            if related is not None and any(f.name == "region_code" for f in related._meta.fields):
                return f"{field.name}__region_code"
        return ""
    return "region_code"
