"""What lists of things about projects are narrowed by: words, and where the project lies."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet

from jigai.core.screens.list_filters import RegionField, below, search, words_field
from jigai.core.screens.place_filter import PlaceFilters

_CODES = ("project__number", "project__code", "project__name", "project__enterprise_raw")


class AboutProjectFilters(PlaceFilters):
    """Rows with a ``project``, by any part of its name, owner, number or code, and by region."""

    q = words_field("项目", "项目名称、单位、编号或代码")
    region = RegionField()

    @staticmethod
    def place_of(by: str) -> Any:
        """Where the project lies."""
        return F("project__region_code")

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Any part of name, owner, number or code."""
        return search(rows, value, column="project__search", codes=_CODES)

    def by_region(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Where the project lies."""
        return below(rows, "project__region_code", value)
