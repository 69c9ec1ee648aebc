"""After an agreement that rests on a promise: when it will be looked at, and by whom."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from jigai.cases.access import HANDLE
from jigai.cases.models import Case, FulfilmentCheck
from jigai.core.access.duties import in_force
from jigai.core.models import Assignment, Department, User
from jigai.core.platform_calendar import platform_calendar
from jigai.core.services.send_notice import send_notice
from jigai.policies.addressees import people_with

EVENT, SUPERVISE = "case-check", "case.supervise"


def schedule_checks(case: Case, by: User | None) -> None:
    """The checks of the procedure, counted in working days from the day of the conclusion.

    Nothing is scheduled after a refusal; closing again schedules nothing twice.
    """
    if case.result != Case.Result.AGREED or case.closed_on is None:
        return
    calendar, department = platform_calendar(), _department(case)
    for one in case.release.spec.checks:
        FulfilmentCheck.objects.get_or_create(
            case=case, code=one.id,
            defaults={
                "name": one.name, "basis": one.basis, "department": department,
                "due": calendar.add_workdays(case.closed_on, one.days),
            },
        )  # fmt: skip


def _department(case: Case) -> Department | None:
    """Whoever decided looks after it."""
    task = (
        case.tasks.filter(state="done", kind="handle", department__isnull=False)
        .select_related("department").order_by("-done_at", "-id").first()
    )  # fmt: skip
    return task.department if task else None


def warn_overdue(today: dt.date) -> int:
    """Tell the department and its supervisors of checks whose day has passed; once a week each.

    Returns the number of checks told of.
    """
    rows = FulfilmentCheck.objects.filter(result="", due__lt=today, case__state=Case.State.DONE)
    late = [
        row for row in rows.select_related("case", "department")
        if row.warned_on is None or row.warned_on <= today - dt.timedelta(days=7)
    ]  # fmt: skip
    for row in late:
        for person in _told(row):
            send_notice(
                user=person, event=EVENT, title=f"履约核查逾期：{row.name}（{row.case.title}）",
                body=f"应在 {row.due} 前核查，还没有结果。",
                url=reverse("fulfilment-detail", args=[row.pk]),
            )  # fmt: skip
        row.warned_on = today
        row.save(update_fields=["warned_on"])
    return len(late)


def _told(row: FulfilmentCheck) -> list[User]:
    held = Assignment.objects.filter(
        in_force(), department=row.department_id, role__capabilities__contains=[HANDLE],
        user__is_active=True,
    )  # fmt: skip
    own = list(User.objects.filter(pk__in=held.values("user")).order_by("id"))
    above = people_with(SUPERVISE, row.case.region_code)
    return list({person.pk: person for person in (*own, *above)}.values())
