"""机构名录."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from jigai.core.access import Access
from jigai.core.models import Institution
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import ListFilters, RegionField, below, choice, words_field
from jigai.core.screens.list_page import ListPage
from jigai.core.screens.list_state import ListState
from jigai.core.selectors_enterprises import institutions_for
from jigai.core.selectors_regions import names_of_regions


class InstitutionFilters(ListFilters):
    """Name, kind, region and below."""

    lookups = {"q": "name__icontains"}
    q = words_field("名称")
    kind = choice("类别", Institution.Kind.choices)
    region = RegionField()

    def by_region(self, rows: Any, value: str) -> Any:
        """The region and below."""
        return below(rows, "region_code", value)


class InstitutionList(ListPage):
    """Banks, auditors, service bodies and associations."""

    page = "institutions"
    title = "机构名录"
    capability = "enterprise.view"
    url_name = "institution-list"
    filters = InstitutionFilters
    default_sort = "name"
    empty_title = "还没有机构"
    empty_hint = "银行、审计机构、服务机构和行业协会登记后显示在这里。"
    columns = (
        Column("name", "名称", sort="name", width=40),
        Column("kind", "类别", choices=dict(Institution.Kind.choices), sort="kind"),
        Column("uscc", "统一社会信用代码", sort="uscc", width=24),
        Column("region", "所属地区", "region_name", sort="region_code"),
    )

    def rows(self, access: Access) -> QuerySet[Any]:
        """All institutions."""
        return institutions_for(access)

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Names of regions."""
        names = names_of_regions(row.region_code for row in rows)
        for row in rows:
            row.region_name = names.get(row.region_code, row.region_code)
