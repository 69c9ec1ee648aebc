"""Cases with a history for the guide's pictures; a child of its own, as :mod:`fill`.

``python -m tests.browser.fill_cases`` hands in and works on one case by the services, on the days
on which it would have been done, and prints its number.
"""

from __future__ import annotations

import datetime as dt
import io
import sys
from typing import Any
from unittest import mock

import django

PROCEDURE = "demo-parallel-promised"
VALUES = {
    "project": "示例精密铸造产线智能化改造", "place": "示例工业园区一号路", "invest": "3200万元",
    "new_land": "是", "works": "是", "eia": "是", "hazard": "否",
}  # fmt: skip
PAPERS = ("application", "plan", "land_paper", "eia_paper", "drawings")
NAMES = {"development": "示例发改", "ecology": "示例生态"}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
# Days ago, who (an account, or the line of one made for this), what, at which step, with what.
DEEDS: tuple[tuple[int, str, str, str, dict[str, Any]], ...] = (
    (19, "approval", "accept", "accept", {}),
    (17, "clerk", "agree", "opinion", {"reason": "符合产业政策"}),
    (16, "development", "agree", "filing",
     {"reason": "同意", "values": {"filing_no": "示例备〔2026〕1号"}}),
    (16, "ecology", "pause", "ecology",
     {"reason": "专家评审环评文件", "kind": "expert", "expected_days": 8}),
    (6, "ecology", "resume", "ecology", {"reason": "评审意见已出"}),
)  # fmt: skip


def main() -> int:
    """One case of the parallel approval: a branch late, another paused for a while."""
    django.setup()
    from jigai.cases.services.load_content import FOLDER, load_file
    from jigai.cases.services.start_case import start_case, submit_case
    from jigai.core.access import access_of
    from jigai.core.evidence import store_evidence

    procedure = load_file(FOLDER / f"{PROCEDURE}.yaml")
    user = account("enterprise")
    with ago(20):
        case = start_case(procedure=procedure, by=user, access=access_of(user))
        files = {
            item: store_evidence(
                stream=io.BytesIO(PDF + item.encode()), name=f"示例{item}.pdf", owner=user,
                region_code=case.region_code, enterprise=case.enterprise,
            ).pk
            for item in PAPERS
        }  # fmt: skip
        submit_case(case=case, by=user, access=access_of(user), values=VALUES, evidence=files)
    for days, who, verb, step, data in DEEDS:
        with ago(days):
            do(case, account(who), verb, step, dict(data))
    print(case.number)
    return 0


def ago(days: int) -> Any:
    """The clock of the platform as it stood then."""
    from django.utils import timezone

    moment = timezone.now() - dt.timedelta(days=days)
    return mock.patch("django.utils.timezone.now", lambda: moment)


def account(name: str) -> Any:
    """A demo account, or one of the district's department of a line."""
    from jigai.core.models import Assignment, Department, User

    found = User.objects.filter(username=name).first()
    if found is None:
        given = Assignment.objects.select_related("role").get(user__username="approval")
        home = Department.objects.get(line=name, region_code=given.department.region_code)
        found = User.objects.create(username=name, name=NAMES[name])
        found.assignments.create(role=given.role, scope=given.scope, department=home)
    return found


def do(case: Any, user: Any, verb: str, step: str, data: dict[str, Any]) -> None:
    """One verb on the open task of a step."""
    from jigai.cases.models import Task
    from jigai.cases.services.act import act
    from jigai.core.access import access_of

    task = Task.objects.get(case=case, step__code=step, state="open")
    act(case=case.pk, verb=verb, by=user, access=access_of(user), task=task.pk, **data)


if __name__ == "__main__":
    sys.exit(main())
