"""Query forms of the analysis pages."""

from __future__ import annotations

from typing import Any

from django import forms

from jigai.core.enterprise_register import SIZE_NAMES
from jigai.core.industries import load_industries
from jigai.core.project_tags import named_tags
from jigai.core.screens.list_filters import ANY, RegionField, year_field
from jigai.core.selectors_enterprises import latest_register_year
from jigai.projects.analysis.analyse import DIMENSIONS
from jigai.projects.analysis.facts import STATEMENTS
from jigai.projects.analysis.narrowing import NATURES, Question
from jigai.projects.views.rollup import dress

_MONTHS = [(str(n), f"1—{n} 月" if n > 1 else "1 月") for n in range(12, 0, -1)]


class AnalysisForm(forms.Form):
    """Which year and statement, by what, under which conditions."""

    year = year_field()
    month = forms.ChoiceField(label="期间", required=False, choices=_MONTHS)
    statement = forms.ChoiceField(label="口径", required=False, choices=list(STATEMENTS.items()))
    by = forms.ChoiceField(label="分组", required=False, choices=list(DIMENSIONS.items()))
    region = RegionField(empty=ANY)
    industry = forms.ChoiceField(label="行业", required=False)
    direction = forms.ChoiceField(label="方向", required=False)
    size = forms.ChoiceField(label="规模", required=False)
    nature = forms.ChoiceField(label="建设性质", required=False, choices=list(NATURES.items()))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entries = load_industries().values()
        self.fields["industry"].choices = [("", ANY)] + [
            (row.code, f"{row.code} {row.name}") for row in entries if row.level != "section"
        ]
        self.fields["industry"].widget.attrs["data-picker"] = True
        tags = [tag for tag in named_tags().values() if tag.kind == "direction"]
        self.fields["direction"].choices = [("", ANY), *((tag.id, tag.name) for tag in tags)]
        self.fields["size"].choices = [("", ANY), *SIZE_NAMES.items()]
        dress(self)

    @property
    def asked(self) -> Question:
        """The question; what is wrong or left open counts as not asked."""
        given = self.cleaned_data if self.is_valid() else {}
        values = {name: given[name] for name in self.fields if given.get(name)}
        values.setdefault("year", latest_register_year())
        values["month"] = int(values.get("month", 12))
        return Question(**values)


class YearForm(forms.Form):
    """A year and a region."""

    year = year_field()
    region = RegionField(empty=ANY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)

    @property
    def chosen(self) -> tuple[int, str]:
        """The year (that of the newest register unless asked) and the region's code or nothing."""
        given = self.cleaned_data if self.is_valid() else {}
        return given.get("year") or latest_register_year(), given.get("region") or ""


class MonthForm(YearForm):
    """A month besides."""

    month = forms.TypedChoiceField(
        label="月份", required=False, coerce=int, empty_value=None,
        choices=[("", "最近一月"), *((str(n), f"{n} 月") for n in range(1, 13))],
    )  # fmt: skip
    field_order = ("year", "month", "region")
