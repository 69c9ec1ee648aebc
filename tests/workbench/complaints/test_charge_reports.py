"""A reported charge and its complaint are one matter: one number, one state, one answer."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from jigai.cases.models import Case
from jigai.core.access import access_of
from jigai.errors import JigaiError
from jigai.registers.models import Entry
from jigai.registers.services.report_charge import answer_report, report_charge, settle_report
from tests.factories import COUNTY, SIBLING
from tests.registers.content.loaded import load
from tests.workbench.complaints.conftest import Desk

pytestmark = [pytest.mark.django_db, pytest.mark.system("complaint-desk")]


@pytest.fixture
def lists(desk: Desk) -> None:
    load("charge-list", "charge-waivers", "charge-records", "charge-reports")


def report(**changes: Any) -> Entry:
    given = {"charge": "示例服务费", "enterprise": "示例机械有限公司", "collector": "示例中心",
             "amount": "1200元", "paid": "2021-05-20", "receipt": "NO-0001", "place": COUNTY,
             "kind": "unlisted", "reporter": "示例举报人", "contact": "示例电话",
             **changes}  # fmt: skip
    return report_charge(values=given)


def test_a_report_begins_a_case_under_its_own_number(desk: Desk, lists: None) -> None:
    entry = report()
    case = Case.objects.get()
    assert case.receipt == entry.values["number"]
    assert (case.values["subject"], case.values["amount"]) == ("unlisted", 120_000)
    assert case.values["list_says"] == entry.values["list_says"]
    assert (case.applicant_name, case.applicant_contact) == ("示例举报人", "示例电话")
    assert not case.evidence.exists()


def test_the_receipt_sent_with_a_report_is_the_proof_of_the_case(desk: Desk, lists: None) -> None:
    values = {"charge": "示例服务费", "enterprise": "示例机械", "collector": "示例中心",
              "amount": "1200元", "paid": "2021-05-20", "receipt": "NO-2", "place": COUNTY,
              "kind": "unlisted"}  # fmt: skip
    file = SimpleUploadedFile("票据.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")
    entry = report_charge(values=values, evidence=file)
    row = Case.objects.get().evidence.get(item="proof")
    assert row.file_id == entry.values["evidence"]["id"]


@pytest.mark.parametrize(
    ("found", "state", "refunded"),
    [
        ({}, "refunded", 120_000),
        ({"outcome": "part", "measure": "stop", "refund": ""}, "confirmed", None),
        ({"outcome": "false", "measure": "none", "refund": ""}, "unfounded", None),
        ({"outcome": "unverified", "measure": "none", "refund": ""}, "unfounded", None),
    ],
)
def test_the_outcome_of_the_case_is_that_of_the_report(
    desk: Desk, lists: None, found: dict[str, Any], state: str, refunded: int | None
) -> None:
    entry = report()
    case = desk.closed(Case.objects.get(), **found)
    entry.refresh_from_db()
    assert (entry.values["state"], entry.values.get("refunded")) == (state, refunded)
    assert entry.values["answer"] == case.values["answer"]
    assert entry.life.last().document == case.number


def test_a_refund_above_what_was_paid_undoes_the_closing(desk: Desk, lists: None) -> None:
    report()
    with pytest.raises(JigaiError, match="大于所缴"):
        desk.closed(Case.objects.get(), refund="1300元")
    assert Case.objects.get().state == "open"


def test_the_register_does_not_answer_beside_the_case(
    desk: Desk, lists: None, client: Client
) -> None:
    entry, user = report(), desk.people["miit"]
    case = Case.objects.get()
    with pytest.raises(JigaiError, match=case.number):
        answer_report(
            entry=entry.pk, state="confirmed", answer="属实", by=user, access=access_of(user)
        )
    client.force_login(user)
    text = client.get(reverse("charge-report", args=[entry.pk])).content.decode()
    assert reverse("case-detail", args=[case.number]) in text and "登记结果" not in text


def test_a_case_that_was_refused_leaves_the_answer_to_the_register(desk: Desk, lists: None) -> None:
    entry, user = report(), desk.people["miit"]
    desk.do(Case.objects.get(), "refuse_acceptance", "miit", reason="示例")
    answer_report(
        entry=entry.pk, state="unfounded", answer="清单内", by=user, access=access_of(user)
    )
    entry.refresh_from_db()
    assert entry.values["state"] == "unfounded"


def test_the_page_of_the_number_shows_the_progress_of_the_case(
    desk: Desk, lists: None, client: Client
) -> None:
    entry = report()
    desk.until_found(Case.objects.get())
    number = entry.values["number"]
    for name in ("portal-charge-result", "complaint-query"):
        text = client.get(reverse(name), {"number": number}).content.decode()
        assert "反馈与结案" in text and "示例举报人" not in text
    desk.do(Case.objects.get(), "agree", "miit", values={"answer": "已退还。"})
    text = client.get(reverse("portal-charge-result"), {"number": number}).content.decode()
    assert "已退还" in text and "办理结果" in text


def test_where_nobody_handles_complaints_reports_are_answered_as_before(
    desk: Desk, lists: None
) -> None:
    entry = report(place=SIBLING)
    assert entry.state == "listed" and not Case.objects.exists()


def test_what_is_written_back_needs_an_answer(desk: Desk, lists: None) -> None:
    entry = report()
    with pytest.raises(JigaiError, match="没有写答复"):
        settle_report(entry=entry.pk, state="confirmed", answer=" ", by=None)
