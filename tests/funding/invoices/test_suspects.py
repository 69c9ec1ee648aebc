"""Suspicious sets: found over the whole platform, shown with least data, ruled by a person."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jigai.core.access import access_of
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.invoices.items import ensure_items
from jigai.funding.invoices.later_papers import take_in
from jigai.funding.invoices.services.rule_suspects import rule_suspects
from jigai.funding.invoices.services.state_line import Statement, confirm_lease, state_line
from jigai.funding.invoices.suspects import find_suspects, forget_gone
from jigai.funding.models import InvoiceItem, InvoiceLine, SuspectSet
from tests.factories import SIBLING, make_enterprise, make_line, make_project, make_user
from tests.funding.facts.conftest import (
    MILLION,
    apply_with,
    buy,
    fund,
    make_sound_firm,
    make_sound_project,
    open_round,
)
from tests.query_counts import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.system("double-funding-check")]
__all__ = ["fund", "open_round"]


@pytest.fixture
def clerk(db: None) -> User:
    return make_user("section-clerk")


def line(region: str = "370812", **fields: Any) -> InvoiceLine:
    return make_line(make_project(make_enterprise(region=region)), **fields)


def kinds_of(*rows: InvoiceLine) -> list[str]:
    SuspectSet.objects.all().delete()
    take_in([row.pk for row in rows])
    return sorted(SuspectSet.objects.values_list("kind", flat=True))


def ruled(row: SuspectSet, by: User, verdict: str = "distinct", **changes: Any) -> SuspectSet:
    row.refresh_from_db()
    given = {"suspect": row.pk, "seen": row.version, "verdict": verdict, "reason": "核对了原票",
             "by": by, "access": access_of(by), **changes}  # fmt: skip
    return rule_suspects(**given)


@pytest.mark.parametrize(
    ("first", "second", "kinds"),
    [
        # One invoice with two lines is nothing.
        ({"item": "车床"}, {"item": "铣床", "amount_fen": 5, "buyer_raw": "甲"}, []),
        ({}, {"item": "铣床", "amount_fen": 5, "seller": "另一销售方"}, ["number"]),
        ({}, {"item": "铣床", "amount_fen": 5, "date": dt.date(2021, 7, 1), "buyer_raw": "甲"},
         ["number"]),
        ({}, {"invoice_no": "00000002"}, ["sum"]),
        ({"serial": "sn1"}, {"invoice_no": "00000002", "serial": "SN1", "amount_fen": 7},
         ["serial"]),
        ({}, {"buyer_raw": "甲"}, ["line"]),
        ({}, {"invoice_no": "00000002", "amount_fen": 7}, []),
    ],
)  # fmt: skip
def test_what_makes_a_set(first: dict[str, Any], second: dict[str, Any], kinds: list[str]) -> None:
    base = {"invoice_no": "00000001", "buyer_raw": "甲"}
    assert kinds_of(line(**{**base, **first}), line(**{**base, **second})) == kinds


def test_the_same_paper_of_two_counties_is_one_set_and_finding_again_adds_nothing() -> None:
    near, far = line(invoice_no="00000001"), line(SIBLING, invoice_no="00000001")
    take_in([near.pk])
    take_in([far.pk])
    found = SuspectSet.objects.get(kind="line")
    before = (found.members_count, found.version)
    find_suspects([near.pk, far.pk])
    found.refresh_from_db()
    assert (found.members_count, found.version) == before == (2, before[1])


def test_a_ruling_has_a_reason_and_a_new_paper_opens_it_again(clerk: User) -> None:
    near, far = line(invoice_no="00000001"), line(SIBLING, invoice_no="00000001")
    take_in([near.pk, far.pk])
    row = SuspectSet.objects.get(kind="line")
    with pytest.raises(JigaiError, match="还没有写理由"):
        ruled(row, clerk, reason=" ")
    with pytest.raises(JigaiError, match="结论"):
        ruled(row, clerk, verdict="maybe")
    with pytest.raises(JigaiError, match="刚有变化"):
        ruled(row, clerk, seen=0)
    assert ruled(row, clerk).state == "distinct"
    take_in([line(invoice_no="00000001").pk])
    row.refresh_from_db()
    assert (row.state, row.members_count) == ("open", 3)
    ruled(row, clerk, "repeat")
    take_in([line(invoice_no="00000001").pk])
    row.refresh_from_db()
    assert row.state == "repeat"


def test_nobody_rules_on_what_lies_elsewhere(clerk: User) -> None:
    take_in([line(SIBLING, invoice_no="1").pk, line(SIBLING, invoice_no="1").pk])
    row = SuspectSet.objects.get(kind="line")
    with pytest.raises(JigaiError, match="没有这一组"):
        ruled(row, clerk)
    web = Client()
    web.force_login(clerk)
    assert web.get(reverse("double-detail", args=[row.pk])).status_code == 404


def test_papers_out_of_reach_are_counted_and_not_named(clerk: User) -> None:
    near = line(invoice_no="00000001", buyer_raw="示例本地公司")
    far = line(SIBLING, invoice_no="00000001", buyer_raw="示例外地公司", seller="另一销售方")
    take_in([near.pk, far.pk])
    web = Client()
    web.force_login(clerk)
    row = SuspectSet.objects.get(kind="number")
    url = reverse("double-detail", args=[row.pk])
    page = web.get(url).content.decode()
    assert "示例本地公司" in page and "示例外地公司" not in page and "另一销售方" not in page
    assert "另有 1 张在其他县区" in page
    wrong = web.post(url, {"nonce": uuid.uuid4(), "seen": row.version, "verdict": "repeat"})
    assert wrong.status_code == 422
    given = {"nonce": uuid.uuid4(), "seen": row.version, "verdict": "repeat", "reason": "同一张票"}
    assert web.post(url, given).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.ruled_by) == ("repeat", clerk)
    assert "确为重复" in web.get(reverse("double-list")).content.decode()


def test_sets_go_with_papers_that_were_taken_back() -> None:
    near, far = line(invoice_no="00000001"), line(SIBLING, invoice_no="00000001")
    take_in([near.pk, far.pk])
    far.delete()
    forget_gone()
    assert not SuspectSet.objects.filter(kind="line").exists()


def test_the_list_takes_the_same_queries_for_many(clerk: User) -> None:
    def more(start: int, count: int) -> None:
        for n in range(start, start + count):
            take_in([line(invoice_no=f"{n:08d}").pk, line(invoice_no=f"{n:08d}").pk])

    web, url = Client(), reverse("double-list")
    web.force_login(clerk)
    more(0, 2)
    web.get(url)
    few = len(queries_of(web, url))
    more(10, 12)
    assert len(queries_of(web, url)) == few


# ── one line on screen, and what is said about it ────────────────────────────────────────

VAT = pytest.mark.system("vat-invoice-verification")


@VAT
def test_the_line_shows_the_engines_verdict_the_readings_and_where_it_is_counted(
    open_round: Any, clerk: User
) -> None:
    project = make_sound_project(make_sound_firm())
    bought = buy(project, 6 * MILLION, invoice_no="00000031", second_hand=True)
    row = apply_with(open_round(2021), project, bought)
    web = Client()
    web.force_login(clerk)
    page = web.get(reverse("invoice-detail", args=[bought.pk])).content.decode()
    for part in ("二手", row.number, "二手与关联方不计", "6,000,000.00", "四.1", "不含税"):
        assert part in page
    far = make_user("section-clerk", SIBLING)
    web.force_login(far)
    assert web.get(reverse("invoice-detail", args=[bought.pk])).status_code == 404


@VAT
def test_what_the_firm_says_is_sealed_under_review_and_outdates_it(
    open_round: Any, clerk: User
) -> None:
    project = make_sound_project(make_sound_firm())
    bought = buy(project, 6 * MILLION)
    firm = make_user("enterprise-handler", enterprise=project.enterprise)
    said = Statement(leased=True, serial="SN-5")
    state_line(line=bought.pk, said=said, by=firm, access=access_of(firm))
    row = apply_with(open_round(2021), project, bought)
    with pytest.raises(JigaiError, match="正在办理"):
        state_line(line=bought.pk, said=Statement(), by=firm, access=access_of(firm))
    confirm_lease(line=bought.pk, counts=True, by=clerk, access=access_of(clerk))
    row.refresh_from_db()
    bought.refresh_from_db()
    assert bought.lease_confirmed is True and "租赁" in row.stale
    plain = buy(project, MILLION)
    with pytest.raises(JigaiError, match="没有填为融资租赁"):
        confirm_lease(line=plain.pk, counts=True, by=clerk, access=access_of(clerk))


@VAT
def test_said_and_confirmed_on_screen(clerk: User) -> None:
    bought = buy(make_sound_project(make_sound_firm()), MILLION)
    web, url = Client(), reverse("invoice-detail", args=[bought.pk])
    web.force_login(clerk)
    given = {"nonce": uuid.uuid4(), "leased": "yes", "related_party": "no", "customs_no": "02-1"}
    assert web.post(url, given).status_code == 302
    assert web.post(url, {"nonce": uuid.uuid4(), "lease": "no"}).status_code == 302
    bought.refresh_from_db()
    assert (bought.leased, bought.related_party, bought.lease_confirmed) == (True, False, False)
    assert (bought.second_hand, bought.customs_no) == (None, "02-1")
    assert "不计入" in web.get(url).content.decode()
    auditor = make_user("auditor")
    web.force_login(auditor)
    assert web.post(url, given).status_code == 403


@VAT
def test_a_customs_document_stands_in_for_a_missing_number() -> None:
    bought = line(invoice_no=None, invoice_code=None, customs_no="0231-2021-1")
    ensure_items(InvoiceLine.objects.all())
    assert InvoiceItem.objects.get(lines=bought).invoice_no == "0231-2021-1"
