"""申报数量: one project an enterprise and year, two for a lead; who holds a place in which year.

The readings decide what a refused application does and what a year is; both ways are tried.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from jigai.core.access import access_of
from jigai.core.models import Enterprise, User
from jigai.errors import JigaiError
from jigai.funding.applications.quota import Rule, places_of, require_place, rule_of
from jigai.funding.applications.services.withdraw_application import withdraw_application
from jigai.funding.models import Application, ApplicationStep, Round
from jigai.policies.models import Confirmation
from tests.factories import make_consortium, make_enterprise, make_project
from tests.funding.applications.conftest import begin, project_of, submit
from tests.funding.making import make_application, make_measure, make_pack, make_round

pytestmark = [pytest.mark.django_db, pytest.mark.system("application-quota")]


def applied(round_: Round, owner: Enterprise, state: str = "submitted", **fields: Any) -> Any:
    """An application of an enterprise that stands in a state."""
    subject = fields.pop("project", None)
    if subject is None and "consortium" not in fields:
        subject = make_project(owner)
    return make_application(round_, owner, state=state, project=subject, **fields)


def full(row: Application) -> bool:
    found = places_of(row)
    assert found is not None
    return found.full


def with_readings(round_: Round, **readings: str) -> Round:
    Round.objects.filter(pk=round_.pk).update(readings=readings)
    round_.refresh_from_db()
    return round_


def led_by(owner: Enterprise) -> Any:
    return make_consortium(members=(owner, make_enterprise()))


class TestConsumption:
    """YZ 五.3, reading 名额消耗: does a refused application use the place?"""

    @pytest.mark.parametrize(
        ("reading", "accepted", "holds"),
        [("a", False, True), ("a", True, True), ("b", False, False), ("b", True, True),
         ("c", False, False), ("c", True, False)],
    )  # fmt: skip
    def test_a_refused_one(
        self, round_: Round, owner: Enterprise, reading: str, accepted: bool, holds: bool
    ) -> None:
        with_readings(round_, quota_consumption=reading)
        first = applied(round_, owner, "refused")
        if accepted:
            ApplicationStep.objects.create(application=first, state="review", text="受理")
        assert full(applied(round_, owner, "draft")) is holds

    @pytest.mark.parametrize("reading", ["a", "b", "c"])
    @pytest.mark.parametrize(
        ("state", "holds"),
        [("draft", False), ("signing", False), ("withdrawn", False), ("submitted", True),
         ("correction", True), ("review", True), ("decided", True), ("paid", True)],
    )  # fmt: skip
    def test_the_others_under_every_reading(
        self, round_: Round, owner: Enterprise, reading: str, state: str, holds: bool
    ) -> None:
        with_readings(round_, quota_consumption=reading)
        applied(round_, owner, state)
        assert full(applied(round_, owner, "draft")) is holds

    def test_anothers_place_is_its_own(self, round_: Round, owner: Enterprise) -> None:
        applied(round_, make_enterprise())
        assert not full(applied(round_, owner, "draft"))

    def test_two_measures_of_one_project_take_one_place(
        self, round_: Round, owner: Enterprise
    ) -> None:
        project = make_project(owner)
        applied(round_, owner, project=project)
        robot = make_measure(round_, "robot")
        second = applied(round_, owner, "draft", project=project, measure=robot)
        assert not full(second)
        second.state = "submitted"
        second.save()
        assert full(applied(round_, owner, "draft"))


class TestYear:
    """Reading 名额周期: the year of application, or each round on its own."""

    def another(self, round_: Round, **fields: Any) -> Round:
        return make_round(round_.programme, pack=round_.pack, batch=2,
                          created_by=round_.created_by, **fields)  # fmt: skip

    @pytest.mark.parametrize(("reading", "holds"), [("a", True), ("b", False)])
    def test_a_second_round_of_the_same_year(
        self, round_: Round, owner: Enterprise, reading: str, holds: bool
    ) -> None:
        applied(round_, owner)
        later = with_readings(self.another(round_), quota_year=reading)
        assert full(applied(later, owner, "draft")) is holds

    @pytest.mark.parametrize("reading", ["a", "b"])
    def test_what_is_decided_in_the_next_year_belongs_to_its_own(
        self, round_: Round, owner: Enterprise, reading: str
    ) -> None:
        """Handed in for 2021 and still under way in 2022: the place of 2022 is free."""
        first = applied(round_, owner, "review")
        moment = timezone.make_aware(dt.datetime(2022, 1, 3))
        Application.objects.filter(pk=first.pk).update(submitted_at=moment)
        later = with_readings(
            self.another(round_, year=2022, as_of=dt.date(2022, 12, 31)), quota_year=reading
        )
        assert not full(applied(later, owner, "draft"))

    def test_another_document_counts_for_itself(self, round_: Round, owner: Enterprise) -> None:
        other = make_round(pack=make_pack("luan-2020"), region="341500")
        applied(other, owner)
        assert not full(applied(round_, owner, "draft"))
        assert places_of(applied(other, owner, "draft")) is None


class TestLead:
    """A lead of a consortium: two, one of them at least the consortium's."""

    @pytest.mark.parametrize(
        ("leading", "own", "led", "project", "consortium"),
        [
            ("a", 0, 0, 1, 1), ("a", 1, 0, 1, 1), ("a", 0, 1, 1, 1), ("a", 0, 2, 0, 1),
            ("b", 0, 0, 1, 2), ("b", 1, 0, 1, 1), ("b", 0, 1, 1, 2), ("b", 0, 2, 0, 2),
            ("c", 0, 0, 1, 2), ("c", 1, 1, 1, 1), ("c", 0, 2, 0, 2),
        ],
    )  # fmt: skip
    def test_limits(self, leading: str, own: int, led: int, project: int, consortium: int) -> None:
        rule = Rule(1, 2, "五.3", "c", "a", leading, "a")
        assert rule.limit("project", own, led) == project
        assert rule.limit("consortium", own, led) == consortium

    def test_one_of_each_and_no_third(self, round_: Round, owner: Enterprise) -> None:
        pools = make_measure(round_, "consortium")
        assert not full(applied(round_, owner, "draft", consortium=led_by(owner), measure=pools))
        applied(round_, owner, consortium=led_by(owner), measure=pools)
        assert not full(applied(round_, owner, "draft"))
        applied(round_, owner)
        assert full(applied(round_, owner, "draft"))
        assert full(applied(round_, owner, "draft", consortium=led_by(owner), measure=pools))

    @pytest.mark.parametrize(("reading", "holds"), [("a", False), ("b", True)])
    def test_a_plain_member(
        self, round_: Round, owner: Enterprise, reading: str, holds: bool
    ) -> None:
        with_readings(round_, member_quota_rule=reading)
        lead = make_enterprise()
        pool = make_consortium(members=(lead, owner))
        applied(round_, lead, consortium=pool, measure=make_measure(round_, "consortium"))
        assert full(applied(round_, owner, "draft")) is holds


class TestRefusal:
    def test_it_names_the_held_places_and_the_clause(
        self, round_: Round, owner: Enterprise, person: User
    ) -> None:
        first = submit(begin(round_, project_of(owner), person), person)
        second = begin(round_, project_of(owner), person)
        with pytest.raises(JigaiError) as caught:
            submit(second, person)
        assert caught.value.code == "quota-full"
        told = str(caught.value)
        assert "五.3" in told and "1 项" in told
        assert first.number in told and first.title in told and "已提交" in told
        second.refresh_from_db()
        assert second.state == "draft"

    def test_a_withdrawn_one_gives_its_place_back(
        self, round_: Round, owner: Enterprise, person: User
    ) -> None:
        first = submit(begin(round_, project_of(owner), person), person)
        second = begin(round_, project_of(owner), person)
        withdraw_application(application=first.pk, reason="换项目", by=person,
                             access=access_of(person))  # fmt: skip
        assert submit(second, person).state == "submitted"

    def test_an_exception_approved_in_writing(
        self, round_: Round, owner: Enterprise, person: User
    ) -> None:
        applied(round_, owner)
        row = applied(round_, owner, "draft")
        assert full(row)
        Confirmation.objects.create(
            year=2021, region_code=round_.region_code, subject="project",
            subject_key=str(row.project_id), term="quota_exception_approved", value=True,
            by=person, label=row.title, note="工作组会议纪要", term_name="数量例外已批准",
            at=timezone.now(),
        )  # fmt: skip
        assert places_of(row) is None
        require_place(row)

    def test_a_document_without_a_limit_has_none(self, owner: Enterprise) -> None:
        assert rule_of(make_round(pack=make_pack("luan-2020"), region="341500")) is None


def test_the_rule_is_read_from_the_document(round_: Round) -> None:
    rule = rule_of(round_)
    assert rule == Rule(1, 2, "五.3", "c", "a", "a", "a")
