"""The day land is delivered: who is told that the permit can be issued, or what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from jigai.cases.models import Case
from jigai.core.models import Notice
from jigai.errors import JigaiError
from tests.cases.content.test_pilots import LAND
from tests.cases.content.town import Town, files, open_tasks, ship

pytestmark = [pytest.mark.django_db, pytest.mark.system("land-and-start")]
Do = Callable[..., Case]


@pytest.fixture
def do(town: Town, django_capture_on_commit_callbacks: Any) -> Do:
    """A verb with its messages sent."""

    def done(case: Case, verb: str, who: str, **data: Any) -> Case:
        with django_capture_on_commit_callbacks(execute=True):
            return town.do(case, verb, who, **data)

    return done


@pytest.fixture
def case(town: Town, zone: str) -> Case:
    """Accepted: three prior items are on their way, and the delivery."""
    for who in ("land", "housing", "ecology", "emergency", "approval", "chief", "development"):
        town[who]
    procedure = ship("pilot-land-start")
    handed = town.submit(procedure, {**LAND, "zone": zone}, files(procedure, "safety_paper"))
    return town.do(handed, "accept", "approval")


def deliver(do: Do, case: Case, day: dt.date | None = None) -> Case:
    task = case.tasks.get(step__code="delivery", state="open")
    values = {"land_delivered": str(day or timezone.localdate())}
    return do(case, "agree", "land", task=task.pk, values=values)


def design(do: Do, case: Case) -> Case:
    task = case.tasks.get(step__code="design_review", state="open")
    return do(case, "agree", "land", task=task.pk)


def told(town: Town) -> dict[str, list[str]]:
    """The titles of the messages of the day, by who got them."""
    names = {user.pk: name for name, user in town.known.items()}
    found: dict[str, list[str]] = {}
    for row in Notice.objects.filter(event="case-land").order_by("id"):
        found.setdefault(names[row.user_id], []).append(row.title)
    return found


def test_complete_everybody_hears_that_the_permit_can_be_issued(
    town: Town, case: Case, do: Do
) -> None:
    design(do, case)
    do(case, "agree", "housing")
    do(case, "agree", "ecology")
    assert told(town) == {}, "土地还没有交付"
    case = deliver(do, case)
    assert open_tasks(case) == ["issue"]
    title = f"今日可发证（{case.title}）"
    # Neither the safety department, which this case does not need, nor anybody without a part.
    assert told(town) == {
        who: [title] for who in ("applicant", "approval", "chief", "land", "housing", "ecology")
    }  # fmt: skip
    lead = case.tasks.get(step__code="issue").department.name
    words = f"土地 {timezone.localdate()} 交付，4 项先审事项都已办完，由{lead}出证。"
    assert set(Notice.objects.filter(event="case-land").values_list("body", flat=True)) == {words}


def test_incomplete_names_what_is_missing_and_whose_it_is(town: Town, case: Case, do: Do) -> None:
    do(case, "agree", "ecology")
    case = deliver(do, case)
    assert open_tasks(case) == ["design_review", "drawing_review"]
    found = told(town)
    house = case.tasks.get(step__code="drawing_review").department.name
    land = case.tasks.get(step__code="design_review").department.name
    missing = f"规划方案预审（由{land}办）、施工图审查（由{house}办）"
    assert found["housing"] == [f"土地已交付，还缺您单位的施工图审查（{case.title}）"]
    assert found["land"] == [f"土地已交付，还缺您单位的规划方案预审（{case.title}）"]
    for who in ("applicant", "approval", "ecology", "chief"):
        assert found[who] == [f"今日还不能发证，还缺 {missing}（{case.title}）"], who
    assert set(found) == {"housing", "land", "applicant", "approval", "ecology", "chief"}
    assert case.records.get(verb="land-day").reason.endswith(f"还缺 {missing}")


def test_what_was_missing_comes_in_and_the_day_is_told_of_once(
    town: Town, case: Case, do: Do
) -> None:
    do(case, "agree", "ecology")
    design(do, case)
    case = deliver(do, case)
    before = told(town)
    assert before["housing"] == [f"土地已交付，还缺您单位的施工图审查（{case.title}）"]
    case = do(case, "agree", "housing")
    after = told(town)
    ready = f"今日可发证（{case.title}）"
    for who in ("applicant", "approval", "land", "housing", "ecology"):
        assert after[who] == [*before[who], ready], who


def test_delivery_taken_back_and_registered_again_is_not_told_twice(
    town: Town, case: Case, do: Do
) -> None:
    case = deliver(do, case)
    before = told(town)
    case = do(case, "recall", "land", task=case.tasks.get(step__code="delivery").pk, reason="示例")
    assert "delivery" in open_tasks(case)
    case = deliver(do, case)
    assert told(town) == before and case.records.filter(verb="land-day").count() == 1
    case = do(
        case,
        "recall",
        "land",
        task=case.tasks.filter(step__code="delivery").last().pk,
        reason="示例",
    )
    deliver(do, case, timezone.localdate() - dt.timedelta(days=1))
    assert all(len(titles) == 2 for titles in told(town).values()), "改了日期的另告知一次"


def test_land_that_is_delivered_later_is_not_registered_now(town: Town, case: Case, do: Do) -> None:
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    with pytest.raises(JigaiError, match=f"土地 {tomorrow} 才交付"):
        deliver(do, case, tomorrow)
    assert "delivery" in open_tasks(case) and told(town) == {}
