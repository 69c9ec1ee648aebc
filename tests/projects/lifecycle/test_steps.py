"""The life of a project: what may follow, what a step asks for, and what stays on record."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from jigai.core.access import Denied, access_of
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.projects.lifecycle.selectors import way_of
from jigai.projects.lifecycle.services.record_step import record_step
from jigai.projects.lifecycle.services.take_back_step import take_back_step
from jigai.projects.models import Project, ProjectStep
from jigai.projects.states import ENDED, FINISHED, LIFE, NOT_STARTED, UNDER_WAY, State, may_follow
from tests.factories import COUNTY, SIBLING, make_project, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.system("project-lifecycle")]
DAY = dt.date(2021, 3, 1)


@pytest.fixture
def clerk() -> User:
    return make_user("section-clerk", COUNTY)


@pytest.fixture
def project() -> Project:
    return make_project(state=State.PLANNED)


def go(project: Project, by: User, to: State, **more: object) -> ProjectStep:
    given = {"happened_on": DAY, "duty": "示例机械设备处", "proven": True, "reason": "",
             "filing_no": "示备1号", "seen": Project.objects.get(pk=project.pk).version,
             **more}  # fmt: skip
    return record_step(project=project.pk, to=to, by=by, access=access_of(by), **given)


def test_every_state_belongs_to_one_part_of_life() -> None:
    parts = [NOT_STARTED, UNDER_WAY, FINISHED, ENDED]
    assert sorted(state for part in parts for state in part) == sorted(State)


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
def test_every_state_against_every_other(
    before: State, after: State, project: Project, clerk: User
) -> None:
    Project.objects.filter(pk=project.pk).update(state=before)
    allowed = after in may_follow(before) and after is not State.ADMITTED
    if allowed:
        go(project, clerk, after, reason="资金没有到位")
        assert Project.objects.get(pk=project.pk).state == after
    else:
        with pytest.raises(JigaiError) as raised:
            go(project, clerk, after, reason="资金没有到位")
        assert raised.value.code in {"step-order", "step-admit"}
        assert Project.objects.get(pk=project.pk).state == before
        assert not ProjectStep.objects.exists()


def test_nobody_goes_back_and_who_left_does_not_return() -> None:
    for place, state in enumerate(LIFE):
        assert not set(may_follow(state)) & set(LIFE[: place + 1])
    assert may_follow(State.WITHDRAWN) == ()
    assert State.STOPPED not in may_follow(State.COMPLETED)


@pytest.mark.parametrize(
    ("to", "less", "code"),
    [
        (State.STARTED, {"proven": False}, "step-proof"),
        (State.STARTED, {"duty": " "}, "step-duty"),
        (State.STOPPED, {"reason": " "}, "step-reason"),
        (State.FILED, {"filing_no": ""}, "step-filing"),
        (State.STARTED, {"happened_on": dt.date(2999, 1, 1)}, "step-future"),
    ],
)
def test_a_step_without_what_it_asks_for_is_not_recorded(
    to: State, less: dict[str, object], code: str, project: Project, clerk: User
) -> None:
    Project.objects.filter(pk=project.pk).update(filing_no=None)
    with pytest.raises(JigaiError) as raised:
        go(project, clerk, to, **less)
    assert raised.value.code == code
    assert Project.objects.get(pk=project.pk).state == State.PLANNED


def test_a_start_and_an_end_settle_the_days(project: Project, clerk: User) -> None:
    go(project, clerk, State.STARTED)
    go(project, clerk, State.COMPLETED, happened_on=dt.date(2021, 9, 30))
    row = Project.objects.get(pk=project.pk)
    assert (row.start, row.start_precision) == (DAY, "day")
    assert (row.end, row.end_precision) == (dt.date(2021, 9, 30), "day")
    go(project, clerk, State.ACCEPTED, happened_on=dt.date(2021, 11, 1))
    assert Project.objects.get(pk=project.pk).end == dt.date(2021, 9, 30)


def test_a_day_before_the_last_stage_is_refused(project: Project, clerk: User) -> None:
    go(project, clerk, State.STARTED)
    with pytest.raises(JigaiError, match="早于上一阶段"):
        go(project, clerk, State.COMPLETED, happened_on=dt.date(2021, 2, 1))


def test_a_correction_keeps_both_records(project: Project, clerk: User) -> None:
    go(project, clerk, State.STARTED)
    go(project, clerk, State.COMPLETED, happened_on=dt.date(2021, 9, 30))
    version = Project.objects.get(pk=project.pk).version
    take_back_step(project=project.pk, reason="竣工日期记到了别的项目", seen=version, by=clerk,
                   access=access_of(clerk))  # fmt: skip
    row = Project.objects.get(pk=project.pk)
    assert (row.state, row.state_since) == (State.STARTED, DAY)
    assert [step.after for step in ProjectStep.objects.order_by("id")] == [
        "started", "completed", "started",
    ]  # fmt: skip
    take_back_step(project=project.pk, reason="还没有开工", seen=row.version, by=clerk,
                   access=access_of(clerk))  # fmt: skip
    assert Project.objects.get(pk=project.pk).state == State.PLANNED
    with pytest.raises(JigaiError) as raised:
        take_back_step(
            project=project.pk, reason="再来一次", by=clerk, access=access_of(clerk),
            seen=Project.objects.get(pk=project.pk).version,
        )  # fmt: skip
    assert raised.value.code == "no-step"


def test_the_way_shows_how_far_a_halted_project_came(project: Project, clerk: User) -> None:
    go(project, clerk, State.STARTED)
    go(project, clerk, State.STOPPED, reason="资金没有到位", happened_on=dt.date(2021, 5, 1))
    way = way_of(Project.objects.get(pk=project.pk), ProjectStep.objects.all())
    assert [label for label, state in way if state == "done"] == ["谋划", "已开工"]
    assert way[-1] == ("停建", "current")


def test_steps_cannot_be_changed_or_dropped(project: Project, clerk: User) -> None:
    step = go(project, clerk, State.STARTED)
    with pytest.raises(Exception, match="Cannot update"), connection.cursor() as cursor:
        cursor.execute("UPDATE projects_projectstep SET after = 'planned' WHERE id = %s", [step.pk])


def test_another_county_cannot_record(project: Project) -> None:
    with pytest.raises(Denied):
        go(project, make_user("section-clerk", SIBLING), State.STARTED)


def test_a_number_is_given_once_and_stays(clerk: User) -> None:
    first, second = make_project(), make_project()
    assert first.number and second.number and first.number != second.number
    assert first.number.startswith(f"{COUNTY}-2021-")
    with pytest.raises(Exception, match="Cannot update"):
        Project.objects.filter(pk=first.pk).update(number="370812-2021-99999")
