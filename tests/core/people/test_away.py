"""Delegation when away, and the hand-over of an enterprise's responsible person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from jigai.core.access import Access, Denied, access_of
from jigai.core.models import Delegation, Enterprise, Handover, Notice, User
from jigai.core.services.delegate_duties import delegate_duties, revoke_delegation
from jigai.core.services.handover_enterprise import (
    accept_handover,
    offer_handover,
    refuse_handover,
    withdraw_handover,
)
from jigai.core.sign_in import find_user
from jigai.errors import JigaiError
from tests.factories import SIBLING, make_enterprise, make_role, make_user

pytestmark = pytest.mark.django_db


def delegate(giver: User, taker: User, starts: int = 0, ends: int = 2) -> Delegation:
    now = timezone.now()
    return delegate_duties(
        by=access_of(giver), taker=taker, starts=now + timedelta(days=starts),
        ends=now + timedelta(days=ends), reason="出差",
    )  # fmt: skip


def code_of(act: Any) -> str:
    with pytest.raises(JigaiError) as problem:
        act()
    return problem.value.code


def test_the_taker_acts_and_is_told() -> None:
    giver, taker = make_user("section-chief", SIBLING), make_user("section-clerk")
    row = delegate(giver, taker)
    assert access_of(taker).can("enterprise.undo")
    assert Notice.objects.get(user=taker).title == f"{giver} 委托您代行职责"
    revoke_delegation(by=access_of(giver), delegation=row)
    assert not access_of(taker).can("enterprise.undo")
    assert (
        code_of(lambda: revoke_delegation(by=access_of(giver), delegation=row)) == "delegation-over"
    )


def test_the_taker_may_give_it_back_and_nobody_else_may() -> None:
    giver, taker = make_user("leader"), make_user("leader")
    row = delegate(giver, taker)
    with pytest.raises(Denied):
        revoke_delegation(by=access_of(make_user("leader")), delegation=row)
    revoke_delegation(by=access_of(taker), delegation=row)
    assert Notice.objects.filter(user=giver, event="delegation").exists()


@pytest.mark.parametrize(
    ("starts", "ends"), [(2, 2), (2, 1), (-5, -1), (0, 181)], ids=str
)  # fmt: skip
def test_spans_that_make_no_sense(starts: int, ends: int) -> None:
    giver, taker = make_user("leader"), make_user("leader")
    assert code_of(lambda: delegate(giver, taker, starts, ends)) == "delegation-span"


def test_not_to_oneself_nor_twice_nor_to_a_closed_account() -> None:
    giver, taker = make_user("leader"), make_user("leader")
    closed = make_user("leader", is_active=False)
    assert code_of(lambda: delegate(giver, giver)) == "delegation-self"
    assert code_of(lambda: delegate(giver, closed)) == "delegation-taker"
    delegate(giver, taker, 0, 5)
    assert code_of(lambda: delegate(giver, taker, 4, 9)) == "delegation-twice"
    delegate(giver, taker, 6, 9)


def test_who_has_nothing_has_nothing_to_give() -> None:
    assert code_of(lambda: delegate(make_user(), make_user("leader"))) == "delegation-empty"


@pytest.mark.system("data-privacy")
def test_only_inside_one_house() -> None:
    clerk, admin = make_user("section-clerk"), make_user("platform-admin")
    handler = make_user("enterprise-handler", enterprise=make_enterprise())
    other = make_user("enterprise-handler", enterprise=make_enterprise())
    assert code_of(lambda: delegate(clerk, handler)) == "delegation-taker"
    assert code_of(lambda: delegate(handler, other)) == "delegation-taker"
    assert code_of(lambda: delegate(handler, clerk)) == "delegation-taker"
    assert code_of(lambda: delegate(admin, clerk)) == "duty-clash"
    assert code_of(lambda: delegate(clerk, admin)) == "duty-clash"


def test_colleagues_of_one_enterprise_may() -> None:
    enterprise = make_enterprise()
    first = make_user("enterprise-handler", enterprise=enterprise)
    assert delegate(first, make_user("enterprise-handler", enterprise=enterprise)).pk


@pytest.fixture
def enterprise() -> Enterprise:
    return make_enterprise()


@pytest.fixture
def giver(enterprise: Enterprise) -> User:
    user = make_user("enterprise-handler", enterprise=enterprise)
    user.assignments.update(is_primary=True)
    return user


def offer(by: Access, enterprise: Enterprise, taker: User, **fields: Any) -> Handover:
    return offer_handover(by=by, enterprise=enterprise, taker=taker, reason="离职", **fields)


def test_nothing_changes_before_it_is_accepted(enterprise: Enterprise, giver: User) -> None:
    taker = make_user()
    row = offer(access_of(giver), enterprise, taker)
    assert find_user(enterprise.uscc or "") == giver and not access_of(taker).grants
    duty = accept_handover(by=access_of(taker), handover=row)
    assert duty.is_primary and find_user(enterprise.uscc or "") == taker
    assert access_of(taker).can("handover.give")
    assert not access_of(giver).grants
    row.refresh_from_db()
    assert row.status == "done" and row.closed_at is not None
    assert Notice.objects.filter(user=giver, title__contains="已接收").exists()


def test_the_giver_may_stay_as_a_second_person(enterprise: Enterprise, giver: User) -> None:
    taker = make_user("enterprise-handler", enterprise=enterprise)
    row = offer(access_of(giver), enterprise, taker, giver_leaves=False)
    accept_handover(by=access_of(taker), handover=row)
    assert access_of(giver).can("enterprise.view")
    assert not giver.assignments.get().is_primary
    assert taker.assignments.count() == 1


def test_refusing_and_withdrawing_leave_everything(enterprise: Enterprise, giver: User) -> None:
    taker = make_user()
    refuse_handover(by=access_of(taker), handover=offer(access_of(giver), enterprise, taker))
    row = offer(access_of(giver), enterprise, taker)
    withdraw_handover(by=access_of(giver), handover=row)
    assert find_user(enterprise.uscc or "") == giver
    states = Handover.objects.order_by("id").values_list("status", flat=True)
    assert list(states) == ["refused", "withdrawn"]
    assert code_of(lambda: accept_handover(by=access_of(taker), handover=row)) == "handover-closed"


def test_one_open_hand_over_at_a_time(enterprise: Enterprise, giver: User) -> None:
    offer(access_of(giver), enterprise, make_user())
    assert code_of(lambda: offer(access_of(giver), enterprise, make_user())) == "handover-open"


def test_only_the_taker_answers(enterprise: Enterprise, giver: User) -> None:
    row = offer(access_of(giver), enterprise, make_user())
    for person in (giver, make_user("platform-admin", scope="all")):
        with pytest.raises(Denied):
            accept_handover(by=access_of(person), handover=row)


def test_who_may_offer(enterprise: Enterprise, giver: User) -> None:
    second = make_user("enterprise-handler", enterprise=enterprise)
    elsewhere = make_user("platform-admin", SIBLING)
    clerk = make_user("section-clerk")
    for person in (second, elsewhere, clerk):
        with pytest.raises(Denied):
            offer(access_of(person), enterprise, make_user())
    assert offer(access_of(make_user("platform-admin")), enterprise, make_user()).giver == giver


def test_an_administrator_places_the_first_where_there_is_none(enterprise: Enterprise) -> None:
    make_role("enterprise-handler")
    taker = make_user()
    row = offer(access_of(make_user("platform-admin")), enterprise, taker)
    assert row.giver is None
    assert accept_handover(by=access_of(taker), handover=row).is_primary


def test_not_to_the_bureau_nor_to_the_same_person(enterprise: Enterprise, giver: User) -> None:
    by = access_of(giver)
    assert code_of(lambda: offer(by, enterprise, make_user("section-clerk"))) == "handover-taker"
    assert code_of(lambda: offer(by, enterprise, giver)) == "handover-taker"
    closed = make_user(is_active=False)
    assert code_of(lambda: offer(by, enterprise, closed)) == "handover-taker"
