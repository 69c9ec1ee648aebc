"""Who stands on a rung: the handlers of a task, the head of their office, who oversees them."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from jigai.cases.access import HANDLE, SUPERVISE
from jigai.cases.models import CaseStep, Task
from jigai.cases.services.daily.lift import office_above
from jigai.cases.services.give_tasks import people_of
from jigai.core.access.duties import in_force
from jigai.core.models import Assignment, User
from jigai.core.services.send_notice import send_notice
from jigai.policies.addressees import people_with

_ROLES = {"chief": "section-chief", "leader": "leader"}
# Whoever has much to do reads a list, not a hundred messages.
_MOST = 20


class RungPeople:
    """Looks people up once for each department and rung."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int | None, str], list[int]] = {}

    def of(self, task: Task, to: str, region: str) -> list[int]:
        """The ids of the accounts a rung tells about a task."""
        if to == "handler" and task.department_id is None:
            return [one.pk for one in people_of(task)]
        if to == "handler" and task.person_id is not None:
            return [one.pk for one in people_of(task)]
        key = (to, task.department_id, region)
        if key not in self._known:
            self._known[key] = self._found(task, to, region)
        return self._known[key]

    def _found(self, task: Task, to: str, region: str) -> list[int]:
        if to == "handler":
            return [one.pk for one in people_of(task)]
        above = office_above(task, region) if to == "above" else None
        office = above.pk if above else task.department_id
        held = Assignment.objects.filter(
            in_force(), department=office, department__isnull=False, user__is_active=True,
        )  # fmt: skip
        role = _ROLES.get(to, _ROLES["leader"])
        named = held.filter(role__code=role, role__capabilities__overlap=[HANDLE, SUPERVISE])
        for rows in (named, held.filter(role__capabilities__contains=[SUPERVISE])):
            people = sorted(set(rows.values_list("user", flat=True)))
            if people:
                return people
        # A department without a head of its own answers to whoever oversees the region.
        return [one.pk for one in people_with(SUPERVISE, above.region_code if above else region)]


def send_digests(told: dict[int, list[tuple[CaseStep, str]]]) -> None:
    """One message a person, however many steps it is about."""
    users = User.objects.in_bulk(list(told))

    def send() -> None:
        for pk, rows in sorted(told.items()):
            _send(users[pk], rows)

    transaction.on_commit(send)


def _send(person: User, rows: list[tuple[CaseStep, str]]) -> None:
    lines = [f"{step.case.title}“{step.name}”{said}" for step, said in rows[:_MOST]]
    more = f"等 {len(rows)} 件" if len(rows) > _MOST else ""
    one = len(rows) == 1
    send_notice(
        user=person, event="case-late",
        title=lines[0] if one else f"临期或超期的办件 {len(rows)} 件",
        body="；".join(lines) + more,
        url=reverse("case-detail", args=[rows[0][0].case.number]) if one else reverse("case-inbox"),
    )  # fmt: skip
