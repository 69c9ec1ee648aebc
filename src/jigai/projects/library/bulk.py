"""Bulk actions of the library: report, admit, return, remove; each row says what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone

from jigai.core.access import Access, access_of
from jigai.core.models import User
from jigai.core.screens.list_bulk import BulkAction, BulkLine
from jigai.projects.library.access import ADMIT, EDIT, editable, entries_for
from jigai.projects.library.codes import Status
from jigai.projects.library.forms import AdmitForm, ReasonForm, ReportForm
from jigai.projects.library.services.decide_entries import (
    admit_entries,
    remove_entries,
    return_entries,
)
from jigai.projects.library.services.outcome import Done
from jigai.projects.library.services.report_up import report_up
from jigai.projects.models import LibraryEntry, Project


class ReportMany(BulkAction):
    """上报."""

    key, label, changed_field, capability = "report", "上报", "状态", EDIT
    form_class = ReportForm

    def rows(self, access: Access, ids: Sequence[int]) -> QuerySet[Any]:
        """Projects whose records this person keeps."""
        return editable(access).filter(pk__in=ids).order_by("pk").defer("search")

    def lines(self, rows: Sequence[Any], values: dict[str, Any]) -> list[BulkLine]:
        """What would be reported."""
        level = values["level"]
        held = LibraryEntry.objects.filter(project__in=[row.pk for row in rows], level=level)
        now = {entry.project_id: entry.get_status_display() for entry in held}
        return [
            BulkLine(row.pk, row.name, now.get(row.pk, "没有上报"), "待审", row.version)
            for row in rows
        ]

    def carry_out(self, *, rows: QuerySet[Any], values: dict[str, Any], user: User,
                  versions: dict[int, int]) -> tuple[int, list[str]]:  # fmt: skip
        """Report them."""
        done = report_up(
            projects=list(rows.values_list("pk", flat=True)), level=values["level"],
            day=timezone.localdate(), by=user, access=access_of(user), versions=versions,
        )  # fmt: skip
        return done.count, done.told


class _Decide(BulkAction):
    capability = ADMIT
    changed_field = "状态"
    expected: ClassVar[str] = ""
    becomes: ClassVar[str] = ""

    def rows(self, access: Access, ids: Sequence[int]) -> QuerySet[Any]:
        """Entries within reach of whoever admits."""
        found = entries_for(access, ADMIT).filter(pk__in=ids).select_related("project")
        return found.order_by("pk").defer("project__search")

    def lines(self, rows: Sequence[Any], values: dict[str, Any]) -> list[BulkLine]:
        """Before and after; what stands otherwise is refused."""
        return [
            BulkLine(
                row.pk, _name(row), row.get_status_display(), Status(self.becomes).label,
                row.version, "" if row.status == self.expected else "现在的状态不能这样办",
            )
            for row in rows
        ]  # fmt: skip

    def decide(self, **given: Any) -> Done:
        """Carry it out."""
        raise NotImplementedError

    def carry_out(self, *, rows: QuerySet[Any], values: dict[str, Any], user: User,
                  versions: dict[int, int]) -> tuple[int, list[str]]:  # fmt: skip
        """All in one transaction; rows that somebody else decided meanwhile are told."""
        done = self.decide(
            entries=list(rows.values_list("pk", flat=True)), reason=values["reason"], by=user,
            access=access_of(user), versions=versions,
        )  # fmt: skip
        return done.count, done.told


class AdmitMany(_Decide):
    """入库."""

    key, label, form_class = "admit", "审核入库", AdmitForm
    expected, becomes = Status.REPORTED, Status.IN

    def decide(self, **given: Any) -> Done:
        """By the rule of the library on this day, or by the person."""
        return admit_entries(day=timezone.localdate(), **given)


class ReturnMany(_Decide):
    """退回."""

    key, label, form_class = "return", "退回", ReasonForm
    expected, becomes = Status.REPORTED, Status.RETURNED

    def decide(self, **given: Any) -> Done:
        """With the reason."""
        return return_entries(**given)


class RemoveMany(_Decide):
    """移出."""

    key, label, form_class = "remove", "移出", ReasonForm
    expected, becomes = Status.IN, Status.OUT

    def decide(self, **given: Any) -> Done:
        """From this day."""
        return remove_entries(day=timezone.localdate(), **given)


def _name(row: LibraryEntry) -> str:
    project: Project = row.project
    return f"{project.name}（{row.get_level_display()}）"
