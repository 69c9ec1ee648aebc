"""问题协调: the list of problems, and opening one from a project's page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET

from jigai.cases.models import Case
from jigai.core.access import Access, requires
from jigai.core.screens import list_columns as c
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import ListFilters, RegionField, below, choice, words_field
from jigai.core.screens.list_page import ListPage
from jigai.core.screens.list_state import ListState
from jigai.core.selectors_regions import names_of_regions
from jigai.core.templatetags.house import status as badge
from jigai.projects.selectors import projects_for
from jigai.projects.views.common import FilePage, keep, owner_of, project_or_404
from jigai.projects.work import issues
from jigai.projects.work.access import VIEW
from jigai.projects.work.forms import IssueForm
from jigai.projects.work.services.open_issue import open_issue


class IssueFilters(ListFilters):
    """By words, region, state, department, what is late, and the project."""

    q = words_field("问题", "问题、项目或企业")
    region = RegionField()
    state = choice("状态", issues.STATES.items())
    line = choice("承办部门", issues.LINES.items())
    late = choice("逾期", [("late", "已逾期的"), ("lifted", "已上报的")])
    kind = choice("类别", issues.KINDS.items())
    project = words_field("项目编号")
    lookups = {"line": "values__handler_line", "kind": "values__kind"}

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of what was told."""
        return rows.filter(words__icontains=value)

    def by_region(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The region and below."""
        return below(rows, "region_code", value)

    def by_state(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Every problem has one."""
        return issues.in_state(rows, value)

    def by_late(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Overdue, or put before a level above."""
        if value == "late":
            return issues.overdue(rows, timezone.localdate())
        return issues.lifted(rows)

    def by_project(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Of one project by its number."""
        found = projects_for(self.access).filter(number=value).values_list("pk", flat=True)
        return rows.filter(about__in=[f"{issues.ABOUT}{pk}" for pk in found])


class IssueList(ListPage):
    """Every problem within reach, with its state and who has it."""

    page = "project-issues"
    url_name = "issue-list"
    title = "问题协调"
    note = "从项目页登记；逾期的逐级上报，反馈确认以后才能销号"
    capability = VIEW
    filters = IssueFilters
    fields_shown = 5
    columns = (
        Column("state", "状态", lambda row: badge(row.issue.look, row.issue.word), kind=c.HTML,
               plain=lambda row: row.issue.word),
        Column("title", "问题", link=True, clip=True),
        Column("project", "项目", lambda row: row.values.get("project"), clip=True),
        Column("firm", "企业", lambda row: row.values.get("firm"), clip=True, shown=False),
        Column("kind", "类别", "issue.kind"),
        Column("line", "承办部门", "issue.line"),
        Column("step", "环节", "issue.step"),
        Column("due", "限期", "issue.due", kind=c.DAY),
        Column("light", "期限", lambda row: badge(row.issue.light, row.issue.light_words)
               if row.issue.light_words else "", kind=c.HTML,
               plain=lambda row: row.issue.light_words),
        Column("raised", "上报到", "issue.raised"),
        Column("region", "地区", "region_name", shown=False),
        Column("submitted_on", "登记日期", kind=c.DAY, sort="submitted_on"),
        Column("closed_on", "销号日期", kind=c.DAY, sort="closed_on", shown=False),
        Column("number", "编号", shown=False),
    )  # fmt: skip
    empty_title = "没有问题"
    empty_hint = "在项目页的“问题”里登记"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Problems of projects within reach."""
        self._access = access
        return issues.issues_for(access).select_related("procedure")

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Steps, limits, levels and names."""
        names = names_of_regions(row.region_code for row in rows)
        told = issues.told_issues(list(rows), self._access, timezone.localdate())
        for row, issue in zip(rows, told, strict=True):
            row.issue = issue
            row.region_name = names.get(row.region_code, row.region_code)

    def row_url(self, row: Case) -> str:
        """The case, for who may open it."""
        return str(row.issue.url)


@method_decorator(requires(VIEW), name="dispatch")
class OpenIssue(FilePage):
    """Open a ticket from the project's page."""

    form_class = IssueForm
    title = "登记问题"
    note = "登记后由工信部门分派承办部门并定期限"
    submit = "登记"
    done = "问题已登记，等待分派"
    columns = 1

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The project."""
        self.project = project_or_404(request, kwargs["pk"])

    def context(self, request: Any) -> dict[str, Any]:
        """Whose problem it is."""
        facts = [("项目", self.project.name), ("单位", owner_of(self.project))]
        back = reverse("project-detail", args=[self.project.pk])
        return {"facts": facts, "above": "项目", "back": back}

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Hand it in."""
        back = reverse("project-detail", args=[self.project.pk])
        file = keep(
            values.pop("proof"), self.project, request.user, kind="project", key=self.project.pk,
            label="问题附件", url=back,
        )  # fmt: skip
        nonce = request.POST.get("nonce", "") or timezone.now().isoformat()
        open_issue(
            project=self.project.pk, by=request.user, access=request.access, key=nonce[:40],
            file=file, **values,
        )  # fmt: skip
        return back


@requires(VIEW)
@require_GET
def of_project(request: Any, pk: int) -> Any:
    """The part of a project's page with its problems."""
    project = project_or_404(request, pk)
    rows = issues.of_project(issues.issues_for(request.access), project.pk)
    listed = list(rows.select_related("procedure").order_by("-id")[:20])
    told = issues.told_issues(listed, request.access, timezone.localdate())
    context = {
        "project": project, "issues": told,
        "more": reverse("issue-list") + f"?project={project.number}",
    }  # fmt: skip
    return render(request, "projects/work/issues_of_project.html", context)
