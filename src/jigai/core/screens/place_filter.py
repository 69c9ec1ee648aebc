"""A condition that a summary by region puts on a list: the rows behind one of its figures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce, Left, NullIf

from jigai.core.region_years import codes_of_place, name_in
from jigai.core.regions import region_groups
from jigai.core.screens.list_filters import ListFilters

_FORM = re.compile(r"(site|registered)-(\d{4})-(=?[0-9]{6}|[a-z]{2,20}|\?)$")
_BY = {"site": "按所在地", "registered": "按注册地"}


def enterprise_place(by: str) -> Any:
    """Where an enterprise stands: in whose register it is kept, or where it is registered."""
    if by == "site":
        return F("region_code")
    return Coalesce(NullIf(F("registered_region"), Value("")), F("region_code"))


def row_place(by: str) -> Any:
    """Where a row of an enterprise (a project, a decision) stands: its own region, or where the
    enterprise is registered; its own where the enterprise is not known."""
    if by == "site":
        return F("region_code")
    registered = NullIf(F("enterprise__registered_region"), Value(""))
    return Coalesce(registered, F("enterprise__region_code"), F("region_code"))


@dataclass(frozen=True, slots=True)
class Place:
    """``registered-2021-370812``: a place in the divisions of a year, told by one of two places."""

    by: str
    year: int
    code: str

    @classmethod
    def read(cls, text: str) -> Place | None:
        """From an address; ``None`` for anything else."""
        found = _FORM.match(text)
        return cls(found[1], int(found[2]), found[3]) if found else None

    def __str__(self) -> str:
        return f"{self.by}-{self.year}-{self.code}"

    @property
    def words(self) -> str:
        """``兖州区（按注册地，2021 年区划）``."""
        bare = self.code.removeprefix("=")
        group = region_groups().get(bare)
        name = "区划不明" if bare == "?" else group.name if group else name_in(bare, self.year)
        own = "本级" if self.code.startswith("=") else ""
        return f"{name}{own}（{_BY[self.by]}，{self.year} 年区划）"


class PlaceFilters(ListFilters):
    """Adds the condition ``place``; it is set by a link only and shown as a chip."""

    place = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput())

    @staticmethod
    def place_of(by: str) -> Any:
        """The expression for where a row stands, by ``site`` or ``registered``."""
        return row_place(by)

    def by_place(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Rows that stand there in the divisions of the year, under whatever code; none where the
        address says nothing a summary writes."""
        place = Place.read(value)
        if place is None:
            return rows.none()
        found = rows.annotate(stands=Left(type(self).place_of(place.by), 6))
        codes = codes_of_place(place.code, place.year)
        if place.code == "?":
            return found.exclude(stands__in=codes)
        return found.filter(stands__in=codes)

    def told(self) -> list[tuple[str, str, str]]:
        """The hidden condition is in force too."""
        found = super().told()
        text = str(self.cleaned_data.get("place") or "")
        if not text:
            return found
        place = Place.read(text)
        return [*found, ("place", "汇总地区", place.words if place else "写错了，没有这样的地区")]
