"""What the pages of the library share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.safestring import SafeString

from jigai.core.selectors_regions import names_of_regions
from jigai.core.templatetags.house import status as badge
from jigai.core.views.form_page import FormPage
from jigai.projects.library.codes import Status
from jigai.projects.library.judge import LOOKS, VERDICTS, lacking
from jigai.projects.models import AdmissionDecision, LibraryEntry, Project
from jigai.projects.views.common import owner_of

STATUS_LOOKS = {
    Status.REPORTED: "proposed", Status.RETURNED: "refused", Status.IN: "listed",
    Status.OUT: "former",
}  # fmt: skip
TABS = (
    (Status.REPORTED, "待审"), (Status.IN, "在库"), (Status.RETURNED, "退回"),
    (Status.OUT, "移出"),
)  # fmt: skip


def status_badge(entry: LibraryEntry) -> SafeString:
    """Where an entry stands."""
    return badge(STATUS_LOOKS[Status(entry.status)], entry.get_status_display())


def verdict_badge(decision: AdmissionDecision | None) -> SafeString | str:
    """What a rule said."""
    if decision is None:
        return ""
    return badge(LOOKS[decision.verdict], VERDICTS[decision.verdict])


def lacks(decision: AdmissionDecision | None) -> str:
    """Why not, in one line."""
    return lacking(decision.conditions) if decision else ""


def name_places(rows: Iterable[Any], path: str = "") -> None:
    """Names of region and owner on each row; ``path`` leads to the project."""
    listed = list(rows)
    projects: list[Project] = [getattr(row, path) if path else row for row in listed]
    codes = {p.region_code for p in projects} | {getattr(r, "region_code", "") for r in listed}
    names = names_of_regions(codes)
    for row, project in zip(listed, projects, strict=True):
        row.place_name = names.get(project.region_code, project.region_code)
        row.owner_name = owner_of(project)
        row.library_name = names.get(getattr(row, "region_code", ""), "")


def latest_decisions(projects: Iterable[int], level: str = "") -> dict[int, AdmissionDecision]:
    """The newest judgement of each project (at a level); one query."""
    rows = AdmissionDecision.objects.filter(project__in=list(projects))
    if level:
        rows = rows.filter(level=level)
    newest = rows.order_by("project_id", "-id").distinct("project_id")
    return {row.project_id: row for row in newest}


class SeenPage(FormPage):
    """A form about one row as the person had it before them."""

    def seen(self, request: Any) -> int:
        """The version on the page that was sent."""
        given = request.POST.get("seen", "")
        return int(given) if given.isdecimal() and len(given) < 10 else 0
