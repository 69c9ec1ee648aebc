"""Bulk actions on enterprises."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet

from jigai.core.access import Access
from jigai.core.industries import industry
from jigai.core.models import Enterprise, User
from jigai.core.screens.enterprise_forms import IndustryForm, TownForm
from jigai.core.screens.list_bulk import BulkAction, BulkLine
from jigai.core.selectors_enterprises import enterprises_for
from jigai.core.services.set_enterprise_field import set_enterprise_field


class _SetField(BulkAction):
    capability = "enterprise.edit"
    field: ClassVar[str] = ""

    def rows(self, access: Access, ids: Sequence[int]) -> QuerySet[Any]:
        return enterprises_for(access, self.capability).filter(pk__in=ids).order_by("id")

    def stored(self, values: dict[str, Any]) -> dict[str, Any]:
        """The columns to set."""
        return {self.field: values[self.field]}

    def refusal(self, row: Enterprise, values: dict[str, Any]) -> str:
        """Why this row may not get the value; empty when it may."""
        return ""

    def lines(self, rows: Sequence[Any], values: dict[str, Any]) -> list[BulkLine]:
        """Before and after of each row."""
        after = values[self.field]
        return [
            BulkLine(
                row.pk, row.name, getattr(row, self.field), after, row.version,
                self.refusal(row, values),
            )
            for row in rows
        ]  # fmt: skip

    def carry_out(self, *, rows: QuerySet[Any], values: dict[str, Any], user: User,
                  versions: dict[int, int]) -> tuple[int, list[str]]:  # fmt: skip
        """Change what is not refused."""
        refused = [(row.pk, words) for row in rows if (words := self.refusal(row, values))]
        done, late = set_enterprise_field(
            rows=rows.exclude(pk__in=[pk for pk, _ in refused]), values=self.stored(values),
            versions=versions, user=user, reason=values["reason"],
        )  # fmt: skip
        return done, late


class SetTown(_SetField):
    """设置所属镇街."""

    key, label, changed_field, field = "town", "设置所属镇街", "所属镇街", "town"
    form_class = TownForm


class SetIndustry(_SetField):
    """设置行业代码; the name of the industry follows."""

    key, label, changed_field, field = "industry", "设置行业代码", "行业代码", "industry_code"
    form_class = IndustryForm

    def stored(self, values: dict[str, Any]) -> dict[str, Any]:
        """Code and name together."""
        code = values["industry_code"]
        return {"industry_code": code, "industry_name": industry(code).name}
