"""Accounts: in whose name, checked by another, one at a time, masked on screen."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from jigai.core.access import Denied, access_of
from jigai.core.models import AccessLog, Enterprise, User
from jigai.core.models.enterprise import EnterpriseName
from jigai.errors import JigaiError
from jigai.funding.models import BankAccount
from jigai.funding.payments.accounts import checked_branch, checked_number, masked
from jigai.funding.payments.services.give_account import give_account
from jigai.funding.payments.services.verify_account import verify_account
from tests.factories import SIBLING, make_enterprise, make_user
from tests.funding.payments.scene import make_account
from tests.query_counts import assert_query_count

pytestmark = [pytest.mark.django_db, pytest.mark.system("application-workflow")]
NUMBER = "3700 1016 1234-5678 901"


@pytest.fixture
def firm() -> Enterprise:
    return make_enterprise("示例精工机械有限公司")


@pytest.fixture
def person(firm: Enterprise) -> User:
    return make_user("enterprise-handler", enterprise=firm)


def give(firm: Enterprise, by: User, **changes: Any) -> BankAccount:
    given = {"holder": firm.name, "bank": "示例银行兖州支行", "number": NUMBER, **changes}
    return give_account(enterprise=firm, by=by, access=access_of(by), **given)


def verify(row: BankAccount, by: User, agrees: bool = True, note: str = "") -> BankAccount:
    return verify_account(account=row.pk, agrees=agrees, note=note, by=by, access=access_of(by))


def test_an_account_in_another_name_is_stopped_with_the_next_step(
    firm: Enterprise, person: User
) -> None:
    with pytest.raises(JigaiError) as error:
        give(firm, person, holder="示例精工商贸有限公司")
    assert error.value.code == "account-other-name"
    assert "更名证明" in error.value.hint and firm.name in error.value.message
    assert not BankAccount.objects.exists()


def test_brackets_and_a_former_name_are_no_other_name(firm: Enterprise, person: User) -> None:
    EnterpriseName.objects.create(enterprise=firm, name="示例（兖州）机械厂")
    assert give(firm, person, holder="示例(兖州) 机械厂").state == "proposed"


@pytest.mark.parametrize("number", ["1234567", "12345678x", "1" * 31, "", "＝1+1"])
def test_what_is_no_account_number(number: str) -> None:
    with pytest.raises(JigaiError) as error:
        checked_number(number)
    assert error.value.code == "account-number"


def test_numbers_are_kept_bare_and_shown_masked() -> None:
    assert checked_number("３７００ 1016－1234") == "370010161234"
    assert checked_branch("") == "" and checked_branch("105461000001") == "105461000001"
    assert masked("370010161234") == "**** **** 1234"
    with pytest.raises(JigaiError):
        checked_branch("123")


def test_the_second_person_is_another_and_in_reach(firm: Enterprise, person: User) -> None:
    row = give(firm, person)
    assert row.number == "3700101612345678901"
    for by in (person, make_user("finance", SIBLING), make_user("leader")):
        with pytest.raises(Denied):
            verify(row, by)
    clerk = make_user("section-clerk")
    with pytest.raises(JigaiError) as error:
        verify(row, clerk, agrees=False)
    assert error.value.code == "no-reason"
    assert verify(row, clerk).state == "verified"


def test_who_proposed_it_cannot_verify_it_whatever_the_role(firm: Enterprise) -> None:
    clerk = make_user("section-clerk")
    row = make_account(firm, proposed_by=clerk)
    with pytest.raises(Denied):
        verify(row, clerk)
    row.state, row.verified_by = "verified", clerk
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_a_change_retires_the_old_and_there_is_never_more_than_one(
    firm: Enterprise, person: User
) -> None:
    clerk = make_user("section-clerk")
    first = verify(give(firm, person), clerk)
    with pytest.raises(JigaiError) as error:
        give(firm, person)
    assert error.value.code == "account-there"
    waiting, second = give(firm, person, number="88880001"), give(firm, person, number="88880002")
    verify(second, clerk)
    states = dict(BankAccount.objects.order_by("id").values_list("pk", "state"))
    assert states == {first.pk: "retired", waiting.pk: "retired", second.pk: "verified"}
    with pytest.raises(IntegrityError), transaction.atomic():
        make_account(firm, proposed_by=person, verified_by=clerk)


def test_somebody_elses_account_cannot_be_given(firm: Enterprise) -> None:
    stranger = make_user("enterprise-handler", enterprise=make_enterprise())
    for by in (stranger, make_user("section-clerk")):
        with pytest.raises(Denied):
            give(firm, by)


def test_the_number_is_seen_in_full_by_few_and_each_look_is_on_record(
    client: Client, firm: Enterprise, person: User
) -> None:
    row = give(firm, person)
    url = reverse("account-detail", args=[row.pk])
    client.force_login(person)
    assert "3700 1016 1234 5678 901" in client.get(url).content.decode()
    assert not AccessLog.objects.filter(kind="bank-account").exists()
    clerk = make_user("section-clerk")
    client.force_login(clerk)
    assert "3700 1016 1234 5678 901" in client.get(url).content.decode()
    seen = AccessLog.objects.get(kind="bank-account")
    assert seen.user == clerk and "3700" not in seen.label
    assert "3700 1016" not in client.get(reverse("account-list")).content.decode()
    for role in ("leader", "auditor"):
        client.force_login(make_user(role))
        assert client.get(url).status_code == 403
    other = make_user("enterprise-handler", enterprise=make_enterprise())
    client.force_login(other)
    assert client.get(url).status_code == 404


def test_the_form_says_why_it_was_stopped(client: Client, firm: Enterprise, person: User) -> None:
    client.force_login(person)
    url = reverse("account-new")
    nonce = client.get(url).content.decode().split('name="nonce" value="')[1].split('"')[0]
    given = {"holder": "别人有限公司", "bank": "示例银行", "number": "12345678", "nonce": nonce}
    answer = client.post(url, given)
    assert answer.status_code == 422 and "更名证明" in answer.content.decode()
    answer = client.post(url, {**given, "holder": firm.name})
    assert answer.status_code == 302
    # The same form sent again is the same deed.
    assert client.post(url, {**given, "holder": firm.name})["Location"] == answer["Location"]
    assert BankAccount.objects.count() == 1


def test_the_list_asks_the_same_at_two_sizes(client: Client) -> None:
    clerk = make_user("section-clerk")
    client.force_login(clerk)

    def grow(size: int) -> None:
        while BankAccount.objects.count() < size:
            make_account(make_enterprise(), proposed_by=clerk)

    assert_query_count(client, reverse("account-list"), grow, most=16)
