"""Messages about a case: to whoever applied, to who has something to do, to who oversees it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from jigai.cases.access import APPLY, SUPERVISE
from jigai.cases.models import Case, Task
from jigai.cases.services.give_tasks import people_of
from jigai.core.access.duties import in_force
from jigai.core.models import Assignment, User
from jigai.core.services.send_notice import send_notice
from jigai.policies.addressees import people_with


def applicants(case: Case) -> list[User]:
    """The active accounts of whoever applied: who began the case and the people of its firm."""
    wanted = Q(pk=case.started_by_id)
    if case.enterprise_id is not None:
        held = Assignment.objects.filter(
            in_force(), enterprise=case.enterprise_id, role__capabilities__contains=[APPLY]
        )
        wanted |= Q(pk__in=held.values("user"))
    return list(User.objects.filter(wanted, is_active=True).order_by("id"))


def tell_applicant(case: Case, title: str, body: str = "") -> None:
    """The applicant hears how the case moved on."""
    _later(case, lambda: applicants(case), "case-moved", title, body)


def tell_tasks(
    case: Case, tasks: Iterable[Task], event: str, title: str, body: str = "",
    but: User | None = None,
) -> None:  # fmt: skip
    """Everybody who can do these tasks hears it once; who causes it need not be told."""
    listed = list(tasks)

    def people() -> list[User]:
        found = {one.pk: one for task in listed for one in people_of(task)}
        return [one for pk, one in sorted(found.items()) if but is None or pk != but.pk]

    _later(case, people, event, title, body)


def tell_supervisors(case: Case, title: str, body: str = "") -> None:
    """Who oversees the region hears that something went over its measure."""
    people = lambda: people_with(SUPERVISE, case.region_code)  # noqa: E731
    _later(case, people, "case-late", title, body)


def tell_people(case: Case, people: Iterable[User], event: str, title: str, body: str = "") -> None:
    """Certain people hear it."""
    listed = list(people)
    _later(case, lambda: listed, event, title, body)


def _later(case: Case, people, event: str, title: str, body: str) -> None:  # type: ignore[no-untyped-def]
    def send() -> None:
        url = reverse("case-detail", args=[case.number])
        for person in people():
            send_notice(user=person, event=event, title=f"{title}（{case.title}）", body=body,
                        url=url)  # fmt: skip

    transaction.on_commit(send)
