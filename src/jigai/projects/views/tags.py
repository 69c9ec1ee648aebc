"""Tags of projects: set them, and count projects by them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.core.industries import load_industries
from jigai.core.project_tags import KINDS, named_tags, names_of_industry, tag_of
from jigai.core.screens.list_filters import ANY, RegionField, below, year_field
from jigai.core.views.form_page import FormPage
from jigai.projects.selectors import projects_for
from jigai.projects.services.tag_project import CAPABILITY, tag_project
from jigai.projects.tag_counts import tag_counts
from jigai.projects.views.rollup import dress


class TagForm(forms.Form):
    """Several tags at once, by kind."""

    tags = forms.MultipleChoiceField(
        label="标签", required=False, choices=(),
        widget=forms.SelectMultiple(attrs={"data-picker": True, "size": "12"}),
        help_text="可选多个：行业按国标代码，也可用文件里的名称；方向与集群按文件点名的",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tags"].choices = tag_choices()


def tag_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every tag by kind: names of documents, directions, clusters, divisions of the standard."""
    groups = [
        (name, [(tag.id, f"{tag.name}（{tag.source}）") for tag in named_tags().values()
                if tag.kind == kind])
        for kind, name in KINDS.items() if kind != "industry"
    ]  # fmt: skip
    entries = [
        (f"industry/{row.code}", f"{row.code} {row.name}")
        for row in load_industries().values()
        if row.level != "section"
    ]
    return [*groups, (KINDS["industry"], entries)]


@method_decorator(requires(CAPABILITY), name="dispatch")
class ProjectTags(FormPage):
    """Tag one project."""

    form_class = TagForm
    title = "项目标签"
    note = "一个项目可以有几个标签，统计时各标签分列、合计只计一次"
    columns = 1
    above = ("项目库", "project-list")

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The project."""
        rows = projects_for(request.access).select_related("enterprise")
        found = rows.filter(pk=kwargs["pk"]).first()
        if found is None:
            raise Http404
        self.project = found

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """With the tags of the project."""
        return TagForm(data, initial={"tags": self.project.tags})

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Store them."""
        seen = request.POST.get("seen", "")
        tag_project(
            project=self.project.pk, tags=values["tags"], by=request.user, access=request.access,
            seen=int(seen) if seen.isdecimal() else 0,
        )  # fmt: skip
        return reverse("project-detail", args=[self.project.pk])

    def context(self, request: Any) -> dict[str, Any]:
        """The project and what its enterprise's industry is called in the documents."""
        owner = self.project.enterprise
        code = owner.industry_code if owner else ""
        named = "、".join(tag.name for tag in names_of_industry(code)) if code else ""
        facts = [("项目", self.project.name), ("单位行业", f"{code} {owner.industry_name}".strip()
                                              if owner else "")]  # fmt: skip
        if named:
            facts.append(("文件里称作", named))
        seen = request.POST.get("seen") or str(self.project.version)
        back = reverse("project-detail", args=[self.project.pk])
        return {"facts": facts, "seen": seen, "back": back}


class CountForm(forms.Form):
    """Which projects are counted."""

    year = year_field()
    region = RegionField(empty=ANY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)


@requires("project.view")
@require_GET
def tag_summary(request: Any) -> HttpResponse:
    """Projects by tag; the total counts each once."""
    form = CountForm(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    rows, query = projects_for(request.access), ""
    if given.get("year"):
        rows, query = rows.filter(ledger_years__contains=[given["year"]]), f"&year={given['year']}"
    if given.get("region"):
        rows = below(rows, "region_code", given["region"])
        query += f"&region={given['region']}"
    counts = tag_counts(rows)
    context = {"form": form, "counts": counts, "query": query, "listed": reverse("project-list")}
    return render(request, "projects/tags.html", context)


def tags_shown(ids: list[str]) -> list[str]:
    """Labels of tags."""
    return [tag_of(tag_id).label for tag_id in ids]
