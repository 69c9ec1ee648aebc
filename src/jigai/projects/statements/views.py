"""A project's statements: the part of its page, and entering what was filed or planned."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.core.forms.money import MoneyField
from jigai.projects.lifecycle.views.steps import ProjectPage
from jigai.projects.statements.enter import EDIT, MAY_ENTER, enter_investment
from jigai.projects.statements.table import KINDS, STATEMENTS, WHOLE, statements_of
from jigai.projects.views.common import project_or_404

_SHOWN = ("filed", "invoiced", "statistical", "planned")


class InvestmentForm(forms.Form):
    """One amount."""

    statement = forms.ChoiceField(
        label="口径", choices=[(name, STATEMENTS[name]) for name in MAY_ENTER]
    )
    kind = forms.ChoiceField(label="类别", choices=list(KINDS.items()))
    year = forms.IntegerField(
        label="年度", min_value=1990, max_value=2100, required=False,
        help_text="整个项目的不填；年度计划必填",
    )  # fmt: skip
    amount = MoneyField(label="金额", help_text="写单位，例如 125万元、1250000元")
    source = forms.CharField(label="来源", max_length=100, help_text="例如备案证、可行性研究报告")

    def clean(self) -> dict[str, Any]:
        """A plan is one of a year."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("statement") == "planned" and not given.get("year"):
            self.add_error("year", "年度计划要写年度")
        return given


@method_decorator(requires(EDIT), name="dispatch")
class EnterInvestment(ProjectPage):
    """Enter one amount; what was there is replaced and kept in the history."""

    form_class = InvestmentForm
    title = "登记投资"
    note = "统计口径由月报得出、发票口径由发票得出，不在这里填"

    def start(self, request: Any) -> dict[str, Any]:
        """What the link names."""
        return {name: request.GET.get(name, "") for name in ("statement", "kind", "year")}

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Store it."""
        enter_investment(
            project=self.project.pk, year=values["year"] or WHOLE, statement=values["statement"],
            kind=values["kind"], fen=values["amount"], source=values["source"], by=request.user,
            access=request.access,
        )  # fmt: skip
        return reverse("project-detail", args=[self.project.pk])


@requires("project.view")
@require_GET
def statements(request: Any, pk: int) -> HttpResponse:
    """The part of a project's page with its three statements and the plan, whole and by year."""
    project = project_or_404(request, pk)
    found = statements_of(project, request.access)
    tables = [("整个项目", _rows(found.whole)), *(
        (f"{year} 年", _rows(kinds)) for year, kinds in found.years.items()
    )]  # fmt: skip
    context = {
        "project": project, "tables": tables, "lines": found.lines,
        "columns": [STATEMENTS[name] for name in _SHOWN], "may_edit": request.access.can(EDIT),
    }  # fmt: skip
    return render(request, "projects/statements/table.html", context)


def _rows(kinds: dict[str, Any]) -> list[tuple[str, list[Any]]]:
    return [(KINDS[kind], [row[name] for name in _SHOWN]) for kind, row in kinds.items()]
