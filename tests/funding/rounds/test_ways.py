"""免申即享 and 即申即享: what the platform does itself, and what it never does silently."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jigai.core.access import Denied, access_of
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.applications.services import submit_application as submitting
from jigai.funding.models import Application, Round
from jigai.funding.rounds.services import settle_instantly as instant
from jigai.funding.rounds.services.close_round import close_due
from jigai.funding.rounds.services.confirm_offer import confirm_offer
from jigai.funding.rounds.services.offer_applications import offer_applications
from jigai.rules.explanation import Explanation, Unverified
from tests.factories import (
    make_department,
    make_enterprise,
    make_line,
    make_project,
    make_regions,
    make_user,
)
from tests.funding.making import make_application, make_round

pytestmark = [pytest.mark.django_db, pytest.mark.system("application-workflow")]


def quiet(step: str, share: float) -> None:
    """Progress nobody watches."""


def held_project(firm: Any, fen: int = 1_000_000_000) -> Any:
    enterprise = firm(f"兖州示例{fen // 100}机械有限公司")
    project = make_project(enterprise, in_statistics=True, filing="yes", filing_no="370812-1",
                           nature="retrofit")  # fmt: skip
    make_line(project, amount_fen=fen, total_fen=fen * 113 // 100, buyer_matches=True,
              arithmetic_ok=True)  # fmt: skip
    return project


def offering() -> Round:
    """A round of 免申即享 over 2021; its window ends when the document still was in force."""
    zone = timezone.get_current_timezone()
    round_ = make_round(mode="confirm", opens_at=dt.datetime(2021, 11, 1, tzinfo=zone),
                        closes_at=dt.datetime(2021, 12, 31, tzinfo=zone))  # fmt: skip
    round_.measures.update(evidence=[])
    return round_


@pytest.fixture
def offered(firm: Any) -> Application:
    """What the platform prepared for one who qualifies; another is below the threshold."""
    make_regions()
    project = held_project(firm)
    held_project(firm, 100_000_000)
    round_ = offering()
    assert offer_applications(round_=round_, by=None, progress=quiet) == 1
    row = Application.objects.get()
    assert row.project == project
    return row


def owner_of(row: Application) -> User:
    return make_user("enterprise-handler", enterprise=row.enterprise)


def test_whoever_qualifies_is_offered_what_the_rules_give(offered: Application) -> None:
    assert offered.state == "draft" and offered.estimate_fen == 30_000_000
    assert offered.decision is not None and offered.claimed_fen == 1_000_000_000
    assert offered.lines.get().share_fen == 1_000_000_000
    assert offered.decision.run.population["round"] == str(offered.round_id)


def test_the_list_again_offers_nothing_twice(offered: Application) -> None:
    assert offer_applications(round_=offered.round, by=None, progress=quiet) == 0
    assert Application.objects.count() == 1


def test_not_confirmed_is_not_applied_and_never_paid(offered: Application) -> None:
    assert close_due() == 1
    offered.refresh_from_db()
    assert offered.state == "draft" and offered.submitted_at is None
    person = owner_of(offered)
    with pytest.raises(JigaiError, match="已经截止"):
        confirm_offer(application=offered, by=person, access=access_of(person))
    offered.refresh_from_db()
    assert offered.state == "draft" and offered.decided_fen is None


def test_one_click_hands_it_in_and_a_second_click_changes_nothing(
    offered: Application, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = dt.datetime(2021, 12, 1, tzinfo=timezone.get_current_timezone())
    monkeypatch.setattr(submitting, "require_open", lambda _round: moment)
    for line in ("miit", "finance", "tax", "ecology", "safety", "market", "statistics"):
        make_department(line=line)
    client.force_login(owner_of(offered))
    page = f"/rounds/{offered.round_id}/"
    shown = client.get(page).content.decode()
    assert "确认享受" in shown and "300,000.00" in shown
    for _ in range(2):
        done = client.post(f"{page}offers/{offered.pk}/confirm/", {"nonce": str(uuid.uuid4())})
        assert done.status_code == 302
    offered.refresh_from_db()
    assert offered.submitted_at == moment and offered.receipt and offered.state != "draft"
    assert offered.steps.filter(text="已提交").count() == 1
    assert "确认享受" not in client.get(page).content.decode()


def test_nobody_confirms_for_another(offered: Application, client: Client) -> None:
    other = make_user("enterprise-handler", enterprise=make_enterprise())
    with pytest.raises(Denied):
        confirm_offer(application=offered, by=other, access=access_of(other))
    client.force_login(other)
    url = f"/rounds/{offered.round_id}/offers/{offered.pk}/confirm/"
    assert client.post(url, {"nonce": str(uuid.uuid4())}).status_code == 404
    offered.refresh_from_db()
    assert offered.state == "draft"


def test_only_rounds_of_that_way_offer(firm: Any) -> None:
    with pytest.raises(JigaiError, match="免申即享"):
        offer_applications(round_=make_round(), by=None, progress=quiet)
    person = make_user("enterprise-handler", enterprise=make_application().enterprise)
    with pytest.raises(JigaiError, match="不是免申即享"):
        confirm_offer(application=Application.objects.get(), by=person, access=access_of(person))


def told(**changes: Any) -> instant.Estimate:
    """An estimate of 符合 over 100 元, changed."""
    explanation = Explanation(
        pack="p", title="t", number="n", subject="project", key=1, status="issued",
        simulated=False, judged_on="2021-12-31", verdict="符合", amount=100_00, low=100_00,
        high=100_00, selected=True, paid=100_00, chosen=["equipment"],
    )  # fmt: skip
    for name, value in changes.items():
        setattr(explanation, name, value)
    return instant.Estimate(changes.get("amount", 100_00), 100_00, 100_00, explanation)


@pytest.mark.parametrize(
    ("changes", "passes"),
    [
        ({}, True), ({"verdict": "缺数据"}, False), ({"amount": None}, False),
        ({"amount": 0}, False), ({"selected": False}, False),
        ({"unverified": [Unverified("管理规范", "", "区工信局", 1, "manual")]}, False),
    ],
)  # fmt: skip
def test_at_once_only_where_nothing_waits_for_a_person(
    changes: dict[str, Any], passes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = make_application(make_round(mode="instant"), state="submitted")
    monkeypatch.setattr(instant, "estimate", lambda _row: told(**changes))
    assert instant.settle_instantly(application=row, by=None) is passes
    row.refresh_from_db()
    assert row.state == ("reviewed" if passes else "submitted")
    assert row.reviewed_fen == (100_00 if passes else None)


def test_a_sign_of_double_funding_waits_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    row = make_application(make_round(mode="instant"), state="submitted")
    monkeypatch.setattr(instant, "estimate", lambda _row: told())
    monkeypatch.setattr(instant, "double_findings", lambda _row: ["示例"])
    assert not instant.settle_instantly(application=row, by=None)


def test_other_rounds_are_never_settled_at_once() -> None:
    row = make_application(make_round(), state="submitted")
    assert not instant.settle_instantly(application=row, by=None)
