"""From submission to an opinion: the case and the application never say different things."""

from __future__ import annotations

from typing import Any

import pytest

from jigai.cases.models import Case
from jigai.core.access import access_of
from jigai.core.models import Notice
from jigai.errors import JigaiError
from jigai.funding.invoices.uses import uses_of
from jigai.funding.models import Application, EvidenceCheck
from jigai.funding.review.course import application_of
from jigai.funding.review.services.audit_lines import audit_lines
from jigai.funding.review.services.check_evidence import check_evidence
from jigai.funding.review.services.correct_application import answer_correction, ask_correction
from jigai.funding.review.services.open_review import open_review
from tests.funding.making import make_round
from tests.funding.review.conftest import DEPARTMENTS, WAN, Do, Office, hand_in

pytestmark = [pytest.mark.django_db, pytest.mark.system("application-workflow")]


def active(application: Application) -> list[str]:
    assert application.case is not None
    steps = application.case.steps.filter(state="active")
    return sorted(steps.values_list("code", flat=True))


def audit_all(application: Application, office: Office, cut: int = 0) -> None:
    """The auditor accepts every line, the first less ``cut`` fen."""
    figures = {}
    for place, line in enumerate(application.lines.order_by("id")):
        less = cut if place == 0 else 0
        figures[line.pk] = (line.share_fen - less, "不是设备款" if less else "")
    audit_lines(application=application, figures=figures, by=office["audit"])


def to_conclusion(application: Application, do: Do, office: Office) -> None:
    do(application, "accept", "miit")
    for line in DEPARTMENTS:
        do(application, "agree", line)
    audit_all(application, office)
    do(application, "agree", "audit")
    do(application, "agree", "chief")


def amount(application: Application, fen: int | None) -> None:
    Application.objects.filter(pk=application.pk).update(reviewed_fen=fen, stale="")


def test_submission_opens_one_case_and_a_second_time_the_same(
    application: Application, office: Office
) -> None:
    again = open_review(application=application, by=office["applicant"])
    assert application.case == again
    assert Case.objects.count() == 1
    assert active(application) == ["formal"]
    assert again.enterprise == office.firm
    assert again.values["claimed"] == "2,000,000.00 元"


def test_acceptance_asks_six_departments_and_the_auditor_side_by_side(
    application: Application, do: Do
) -> None:
    do(application, "accept", "miit")
    assert application.state == "review"
    assert active(application) == [
        "audit", "credit", "ecology", "market", "safety", "statistics", "tax",
    ]  # fmt: skip


def test_limits_are_those_of_the_timetable(application: Application, do: Do) -> None:
    do(application, "accept", "miit")
    assert application.case is not None
    days = dict(application.case.steps.values_list("code", "days"))
    assert (days["formal"], days["tax"]) == (5, 20)


def test_without_invoices_nobody_audits(office: Office, round_: Any, do: Do) -> None:
    row = hand_in(office, round_, lines=0)
    do(row, "accept", "miit")
    assert "audit" not in active(row)


def test_the_named_auditor_alone_gets_the_audit(
    application: Application, do: Do, office: Office
) -> None:
    office["audit-2"]
    with pytest.raises(JigaiError, match="不是审计机构的账号"):
        do(application, "accept", "miit", values={"auditor": "nobody"})
    do(application, "accept", "miit", values={"auditor": office["audit-2"].username})
    with pytest.raises(JigaiError, match="不由您办理"):
        audit_all(application, office)


def test_insufficient_items_become_the_notice_and_the_answer_goes_on(
    application: Application, do: Do, office: Office
) -> None:
    clerk, firm = office["miit"], office["applicant"]
    check_evidence(
        application=application, by=clerk,
        marks={"licence": ("fine", ""), "filing": ("short", "缺盖章页"),
               "form": ("short", "投资额与备案不符")},
    )  # fmt: skip
    ask_correction(application=application, by=clerk, access=access_of(clerk), reason="请补齐")
    application.refresh_from_db()
    assert application.state == "correction"
    step = application.steps.order_by("-id")[0]
    assert {one["id"]: one["say"] for one in step.data["asked"]} == {
        "materials": "备案证明：缺盖章页", "form": "投资额与备案不符",
    }  # fmt: skip
    with pytest.raises(JigaiError, match="在申报页面"):
        do(application, "supply", "applicant", values={"materials": "x", "form": "y"})
    answer_correction(application=application, by=firm, access=access_of(firm))
    application.refresh_from_db()
    assert application.state == "submitted"
    assert list(EvidenceCheck.objects.values_list("item", flat=True)) == ["licence"]


def test_nothing_marked_is_no_notice(application: Application, office: Office) -> None:
    clerk = office["miit"]
    with pytest.raises(JigaiError, match="还没有标出"):
        ask_correction(application=application, by=clerk, access=access_of(clerk), reason="请补齐")


@pytest.mark.parametrize(
    ("marks", "said"),
    [({"filing": ("short", " ")}, "要写明问题"), ({"no-such": ("fine", "")}, "没有“no-such”")],
)
def test_a_mark_says_what_is_missing(
    application: Application, office: Office, marks: Any, said: str
) -> None:
    with pytest.raises(JigaiError, match=said):
        check_evidence(application=application, marks=marks, by=office["miit"])
    assert not EvidenceCheck.objects.exists()


def test_a_lowered_line_keeps_both_figures_and_frees_the_rest(
    application: Application, do: Do, office: Office
) -> None:
    do(application, "accept", "miit")
    audit_all(application, office, cut=30 * WAN)
    do(application, "agree", "audit")
    assert application.audited_fen is None
    do(application, "agree", "chief")
    assert (application.claimed_fen, application.audited_fen) == (200 * WAN, 170 * WAN)
    first = application.lines.order_by("id")[0]
    assert (first.share_fen, first.audited_fen, first.audit_reason) == (
        100 * WAN, 70 * WAN, "不是设备款",
    )  # fmt: skip
    assert sum(uses_of(application).values()) == 170 * WAN
    assert application.stale


@pytest.mark.parametrize(
    ("fen", "reason", "said"),
    [(100 * WAN + 1, "多了", "超过申报"), (-1, "负", "超过申报"), (1, " ", "核减要写理由")],
)
def test_an_audit_only_lowers_and_says_why(
    application: Application, do: Do, office: Office, fen: int, reason: str, said: str
) -> None:
    do(application, "accept", "miit")
    line = application.lines.order_by("id")[0]
    with pytest.raises(JigaiError, match=said):
        audit_lines(application=application, figures={line.pk: (fen, reason)}, by=office["audit"])
    line.refresh_from_db()
    assert line.audited_fen is None


def test_the_audit_is_not_done_while_a_line_is_open(application: Application, do: Do) -> None:
    do(application, "accept", "miit")
    with pytest.raises(JigaiError, match="还有 2 行发票"):
        do(application, "agree", "audit")


def test_no_opinion_without_an_amount_that_stands(
    application: Application, do: Do, office: Office
) -> None:
    to_conclusion(application, do, office)
    for fen, said in ((None, "还没有按审定基数测算"), (0, "金额是零")):
        amount(application, fen)
        with pytest.raises(JigaiError, match=said):
            do(application, "agree", "chief")
    Application.objects.update(reviewed_fen=5 * WAN, stale="红字发票")
    with pytest.raises(JigaiError, match="待重算：红字发票"):
        do(application, "agree", "chief")
    amount(application, 5 * WAN)
    do(application, "agree", "chief")
    assert application.state == "reviewed"


def test_whoever_did_the_formal_check_does_not_conclude(
    application: Application, do: Do, office: Office
) -> None:
    to_conclusion(application, do, office)
    amount(application, 5 * WAN)
    with pytest.raises(JigaiError):
        do(application, "agree", "miit")
    application.refresh_from_db()
    assert application.state == "review"


def test_a_refusal_tells_reason_clause_and_how_to_object_and_frees_invoices(
    application: Application, do: Do, office: Office, django_capture_on_commit_callbacks: Any
) -> None:
    to_conclusion(application, do, office)
    with django_capture_on_commit_callbacks(execute=True):
        do(application, "disagree", "chief", reason="项目没有完工")
    assert application.state == "refused"
    assert application.refusal["reason"] == "项目没有完工"
    assert application.refusal["clause"] == "四.1"
    assert uses_of(application) == {}
    told = Notice.objects.get(user=office["applicant"], event="application-moved")
    assert "项目没有完工" in told.body
    assert "四.1" in told.body
    assert "行政复议" in told.body


def test_a_department_that_disagrees_is_recorded_and_decides_nothing(
    application: Application, do: Do
) -> None:
    do(application, "accept", "miit")
    do(application, "disagree", "tax", reason="有欠税")
    assert application.state == "review"
    assert application.case is not None
    assert application.case.steps.get(code="tax").result == "disagree"


def test_withdrawal_in_the_case_withdraws_the_application(application: Application, do: Do) -> None:
    do(application, "accept", "miit")
    do(application, "withdraw", "applicant", reason="另行申报")
    assert application.state == "withdrawn"
    assert uses_of(application) == {}


def test_a_competition_is_scored_by_experts_before_the_opinion(office: Office, do: Do) -> None:
    office["audit"], office["expert"]
    row = hand_in(office, make_round(mode="compete"))
    to_conclusion(row, do, office)
    assert active(row) == ["panel"]
    do(row, "agree", "expert")
    amount(row, 5 * WAN)
    with pytest.raises(JigaiError, match="没有评分"):
        do(row, "agree", "chief")
    do(row, "agree", "chief", values={"score": "87.5"})
    assert (row.state, str(row.score)) == ("reviewed", "87.5000")


def test_a_case_of_another_matter_moves_no_application(
    application: Application, office: Office
) -> None:
    case = open_review(application=application, by=office["applicant"])
    Case.objects.filter(pk=case.pk).update(about="project:1")
    case.refresh_from_db()
    assert application_of(case) is None
