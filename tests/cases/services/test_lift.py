"""上报上一级: to whom a step that stays overdue goes, and that they can read it from then on."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from jigai.cases.access import visible_cases
from jigai.cases.flow.shapes import read_procedure
from jigai.cases.models import Case, CaseStep, Task
from jigai.cases.services.daily.lift import lift, office_above
from jigai.cases.services.daily_round import daily_round
from jigai.core.access import access_of
from jigai.core.models import Notice
from tests.cases.conftest import CONTENT, Do, People, publish
from tests.cases.time_travel import Clock
from tests.cases.time_travel import clock as clock
from tests.factories import CITY, COUNTY, PROVINCE, make_department, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.system("issue-coordination")]


@pytest.mark.parametrize(("line", "region", "above"), [
    ("land", COUNTY, (CITY, "land")), ("land", CITY, (PROVINCE, "miit")),
    ("market", COUNTY, (CITY, "miit")), ("miit", PROVINCE, None), ("", COUNTY, (CITY, "miit")),
])  # fmt: skip
def test_the_same_line_one_level_up_else_the_bureau(
    people: People, line: str, region: str, above: tuple[str, str] | None
) -> None:
    make_department(CITY, "land")
    for place in (CITY, PROVINCE):
        make_department(place)
    own = make_department(region, line) if line else None
    found = office_above(Task(department=own), region)
    assert (found and (found.region_code, found.line)) == above


def test_nobody_above_is_nobody(people: People) -> None:
    assert office_above(Task(department=make_department(line="land")), COUNTY) is None


@pytest.fixture
def late(people: People, submitted: Case, do: Do) -> CaseStep:
    return do(submitted, "accept", "approval").steps.get(code="land")


def test_each_office_is_let_in_once(people: People, late: CaseStep) -> None:
    office = make_department(CITY, "land")
    reader = make_user("approval", CITY, department=office, scope="department")
    assert not visible_cases(access_of(reader)).exists()
    assert (lift([late]), lift([late])) == (1, 0)
    task = Task.objects.get(kind="copy")
    assert task.department == office and task.state == "open"
    assert visible_cases(access_of(reader)).get().pk == late.case_id


def test_a_procedure_says_when_it_goes_up(
    people: People, clock: Clock, do: Do, django_capture_on_commit_callbacks: Any, draft: Case
) -> None:
    content = {**CONTENT, "ladder": [{"left": -2, "to": "above"}]}
    publish(content, code="approval-test")
    draft.release = draft.procedure.versions.order_by("-number").first()
    draft.save()
    head = make_user("leader", CITY, department=make_department(CITY, "land"))
    from tests.cases.conftest import VALUES, make_file

    user = people["applicant"]
    files = {"application": make_file(user).pk, "land_paper": make_file(user).pk}
    do(draft, "submit", "applicant", values=VALUES, evidence=files)
    case = do(draft, "accept", "approval")
    due = case.steps.get(code="land").due
    assert due == dt.date(2026, 3, 12)
    for day, told in ((13, 0), (16, 1), (17, 1)):
        with django_capture_on_commit_callbacks(execute=True):
            daily_round(clock.at(3, day))
        assert Notice.objects.filter(user=head, event="case-late").count() == told, day
    record = case.records.get(verb="remind", step__code="land")
    assert "提醒上一级同条线部门" in record.reason
    assert read_procedure(content).ladder[0].to == "above"
