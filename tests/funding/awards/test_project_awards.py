"""示范项目奖励: through a round into the same ledger, one project once, following its money."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from jigai.errors import JigaiError
from jigai.funding.applications.checks import problems_of
from jigai.funding.applications.services.move_application import move_many
from jigai.funding.awards.services.grant_award import pay_award
from jigai.funding.models import Application, AwardGrant, Programme, Round
from jigai.policies.standing import current_version
from tests.factories import make_project
from tests.funding.awards import titles as t
from tests.funding.awards.test_awards import as_user, refused
from tests.funding.budgets.funds import Two
from tests.funding.making import make_application, make_measure, make_round

pytestmark = [pytest.mark.django_db, pytest.mark.system("title-award-ledger")]
CODE, WAN = "demonstration-project", 1_000_000


@pytest.fixture(scope="module")
def in_force(tmp_path_factory: Any) -> Path:
    return Path(tmp_path_factory.mktemp("luan"))


@pytest.fixture
def people() -> Two:
    return t.two()


@pytest.fixture
def fund(people: Two, in_force: Path) -> Programme:
    t.install(in_force)
    return t.fund(people, 500 * WAN)


def opened(fund: Programme) -> Round:
    found = make_round(fund, measures=(), pack=current_version("luan-2020"))
    make_measure(found, CODE, name="市级技改示范项目奖励", clause="三.二")
    make_measure(found, "equipment-software-subsidy", name="设备软件补贴", place=1)
    return found


def asked(round_: Round, project: Any, state: str = "public", code: str = CODE) -> Application:
    return make_application(
        round_, project=project, state=state, fen=50 * WAN,
        measure=round_.measures.get(code=code),
    )  # fmt: skip


def to(row: Application, state: str) -> None:
    move_many(applications=[row.pk], to=state, text="测试", by=None)


def test_it_is_entered_when_it_may_be_paid_and_follows_its_money(fund: Programme) -> None:
    round_ = opened(fund)
    row = asked(round_, make_project(t.firm(), "示例智能化改造项目"))
    other = asked(round_, make_project(t.firm("示例第二有限公司")),
                  code="equipment-software-subsidy")  # fmt: skip
    for each in (row, other):
        to(each, "cleared")
    award = AwardGrant.objects.get()
    assert (award.application_id, award.amount_fen, award.state) == (row.pk, 50 * WAN, "approved")
    assert (award.title, award.level, award.clause) == ("LA-R01", "市级", "三.二")
    to(row, "paying")
    # Returned by the bank and paid again: the same award.
    to(row, "cleared")
    to(row, "paying")
    Application.objects.filter(pk=row.pk).update(paid_on=dt.date(2022, 3, 1))
    to(row, "paid")
    award = AwardGrant.objects.get()
    assert (award.state, award.paid_on) == ("paid", dt.date(2022, 3, 1))


def test_a_row_taken_back_leaves_the_ledger_and_may_come_again(fund: Programme) -> None:
    row = asked(opened(fund), make_project(t.firm()))
    for state in ("cleared", "held"):
        to(row, state)
    assert AwardGrant.objects.get().state == "cancelled"
    to(row, "cleared")
    assert list(AwardGrant.objects.order_by("id").values_list("state", flat=True)) == [
        "cancelled", "approved",
    ]  # fmt: skip


def test_a_project_is_rewarded_once_however_it_is_asked_for(fund: Programme) -> None:
    """Under another number in the next year's round: told at the door, and stopped at the end."""
    project = make_project(t.firm())
    first = asked(opened(fund), project)
    second = asked(opened(fund), project, "draft")
    assert f"这个项目已在 {first.number} 里申请同一项奖励" in said(second)
    to(first, "cleared")
    award = AwardGrant.objects.get()
    assert f"第 {award.pk} 号" in said(second)
    assert "500,000.00 元" in said(second)
    # Past every check by another way.
    Application.objects.filter(pk=second.pk).update(state="public", decided_fen=50 * WAN)
    with pytest.raises(JigaiError, match="一个项目只奖一次") as caught:
        to(second, "cleared")
    assert caught.value.code == "already-awarded"
    assert AwardGrant.objects.count() == 1
    # Another project of the enterprise is no repetition, nor is another measure on this one.
    assert said(asked(opened(fund), make_project(first.enterprise, "另一项目"), "draft")) == ""
    software = asked(opened(fund), project, "draft", "equipment-software-subsidy")
    assert said(software) == ""


def said(row: Application) -> str:
    """What stops it for being paid for twice."""
    found = Application.objects.select_related("round__programme", "measure").get(pk=row.pk)
    rows = [p for p in problems_of(found, None) if p.part == "重复奖补" and p.blocking]
    return "；".join(problem.text for problem in rows)


def test_its_money_is_not_moved_a_second_time_by_hand(fund: Programme, people: Two) -> None:
    row = asked(opened(fund), make_project(t.firm()))
    to(row, "cleared")
    award = AwardGrant.objects.get()
    refused("by-round", lambda: pay_award(award=award.pk, document="x", on=t.DAY, **people.over))
    chief = as_user(people.chief)
    page = chief.get(reverse("award-detail", args=[award.pk])).content.decode()
    assert row.number in page
    assert "记兑付</button>" not in page
    assert row.enterprise.name in chief.get(reverse("award-list")).content.decode()
    worth = chief.get(reverse("award-worth", args=[fund.pk])).content.decode()
    assert "市级技改示范项目奖励到项目" in worth
