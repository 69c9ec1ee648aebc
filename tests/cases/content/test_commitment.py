"""承诺审批制与先建后验: what was promised is looked at, and a broken promise has consequences."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from jigai.cases.models import Case, Commitment, FulfilmentCheck, Revocation
from jigai.cases.services.record_check import record_check
from jigai.cases.services.revoke_conclusion import revoke_conclusion
from jigai.cases.services.schedule_checks import schedule_checks, warn_overdue
from jigai.cases.services.sign_commitment import commitment_hash, sign_commitment
from jigai.core.access import Denied, access_of
from jigai.core.calendar import add_workdays
from jigai.core.models import Notice
from jigai.errors import JigaiError
from jigai.registers.models import Entry
from jigai.workbench.case_links.credit import propose_credit
from tests.cases.content.town import Town, files, open_tasks, ship
from tests.factories import make_enterprise, make_user
from tests.registers.content.shipped import ship as ship_register

pytestmark = [pytest.mark.django_db]
VALUES = {"project": "示例承诺项目", "promise": "六月底前建成治污设施"}
FIRST = {"project": "示例先建项目", "standard": "示例标准", "finish": "2027-06-30"}
DAY = dt.timedelta(days=1)


def agreed(town: Town, zone: str) -> Case:
    procedure = ship("pilot-commitment")
    values = {**VALUES, "zone": zone}
    user = town["applicant"]
    case = town.draft(procedure)
    town.do(case, "save", "applicant", values=values)
    sign_commitment(case=case.pk, by=user, access=access_of(user))
    from tests.cases.conftest import make_file

    papers = {item: make_file(user).pk for item in files(procedure)}
    case = town.do(case, "submit", "applicant", values=values, evidence=papers)
    case = town.do(case, "accept", "approval")
    return town.do(case, "agree", "approval")


def check_of(case: Case, code: str = "first") -> FulfilmentCheck:
    return FulfilmentCheck.objects.get(case=case, code=code)


def recorded(town: Town, case: Case, result: str, who: str = "approval") -> FulfilmentCheck:
    return record_check(check=check_of(case).pk, result=result, words="示例：到现场看过",
                        by=town[who], access=access_of(town[who]))  # fmt: skip


@pytest.mark.system("commitment-approval")
def test_nothing_goes_in_unsigned_and_what_is_signed_can_be_proved(town: Town, zone: str) -> None:
    procedure = ship("pilot-commitment")
    with pytest.raises(JigaiError, match="还没有签署承诺书"):
        town.submit(procedure, {**VALUES, "zone": zone}, files(procedure))
    case = agreed(town, zone)
    held = Commitment.objects.get(case=case)
    assert procedure.spec.commitment.strip() in held.text and town.firm.name in held.signer
    assert held.sha256 == commitment_hash(case.number, held.signer, held.signed_at, held.text)
    other = held.text + "。"
    assert held.sha256 != commitment_hash(case.number, held.signer, held.signed_at, other)
    assert held.by == town["applicant"]


@pytest.mark.system("commitment-approval")
def test_only_the_applicant_signs_and_a_changed_title_needs_a_new_paper(
    town: Town, zone: str
) -> None:
    case = town.draft(ship("pilot-commitment"))
    stranger = make_user("enterprise-handler", enterprise=make_enterprise())
    with pytest.raises(Denied):
        sign_commitment(case=case.pk, by=stranger, access=access_of(stranger))
    user = town["applicant"]
    sign_commitment(case=case.pk, by=user, access=access_of(user))
    from tests.cases.conftest import make_file

    papers = {item: make_file(user).pk for item in files(case.procedure)}
    with pytest.raises(JigaiError, match="承诺书对不上"):
        town.do(case, "submit", "applicant", values={**VALUES, "zone": zone}, evidence=papers)


@pytest.mark.system("commitment-approval")
def test_an_agreement_brings_checks_with_days_and_a_department(town: Town, zone: str) -> None:
    case = agreed(town, zone)
    assert case.result == Case.Result.AGREED and case.closed_on is not None
    rows = {one.code: one for one in case.fulfilment.all()}
    assert {code: one.due for code, one in rows.items()} == {
        "first": add_workdays(case.closed_on, 40), "second": add_workdays(case.closed_on, 120),
    }  # fmt: skip
    assert {one.department.line for one in rows.values()} == {"approval"}
    schedule_checks(case, None)
    assert case.fulfilment.count() == 2


@pytest.mark.system("commitment-approval")
def test_a_refusal_brings_no_checks(town: Town, zone: str) -> None:
    procedure = ship("pilot-commitment")
    user = town["applicant"]
    from tests.cases.conftest import make_file

    case = town.draft(procedure)
    papers = {item: make_file(user).pk for item in files(procedure)}
    case = town.do(case, "submit", "applicant", values={**VALUES, "zone": zone},
                   evidence=papers, commitment=True)  # fmt: skip
    case = town.do(case, "accept", "approval")
    case = town.do(case, "disagree", "approval", reason="材料不实")
    assert case.state == Case.State.DONE and not case.fulfilment.exists()


@pytest.mark.system("commitment-approval")
def test_checks_nobody_made_are_told_of_again_and_again(town: Town, zone: str) -> None:
    case = agreed(town, zone)
    chief, due = town["chief"], check_of(case).due
    told = Notice.objects.filter(user=chief, event="case-check")
    assert warn_overdue(due) == 0 and not told.exists()
    assert warn_overdue(due + DAY) == 1 and told.count() == 1
    assert warn_overdue(due + 2 * DAY) == 0
    assert warn_overdue(due + 8 * DAY) == 1 and told.count() == 2
    recorded(town, case, "kept")
    assert warn_overdue(due + 30 * DAY) == 0


@pytest.mark.system("commitment-approval")
def test_a_result_needs_words_comes_once_and_from_the_right_office(town: Town, zone: str) -> None:
    case = agreed(town, zone)
    for who in ("applicant", "ecology"):
        with pytest.raises(Denied):
            recorded(town, case, "kept", who)
    with pytest.raises(JigaiError, match="没有写核查情况"):
        record_check(check=check_of(case).pk, result="kept", words=" ", by=town["approval"],
                     access=access_of(town["approval"]))  # fmt: skip
    found = recorded(town, case, "kept")
    assert (found.result, found.done_on) == ("kept", timezone.localdate())
    with pytest.raises(JigaiError, match="已经登记：已履行"):
        recorded(town, case, "broken")


def revoked(town: Town, case: Case, who: str = "chief") -> Revocation:
    return revoke_conclusion(
        case=case.pk, reason="治污设施没有建", basis="承诺书第三条", by=town[who],
        access=access_of(town[who]),
    )  # fmt: skip


@pytest.mark.system("commitment-approval")
def test_a_broken_promise_undoes_the_agreement_and_goes_to_credit(
    town: Town, zone: str, django_capture_on_commit_callbacks: Any
) -> None:
    ship_register("credit-record-types")
    ship_register("credit-records")
    case = agreed(town, zone)
    with pytest.raises(JigaiError, match="没有“未履行承诺”的核查结果"):
        revoked(town, case)
    chief = town["chief"]
    with django_capture_on_commit_callbacks(execute=True):
        recorded(town, case, "broken")
    assert Notice.objects.filter(user=chief, title__startswith="未履行承诺").exists()
    with pytest.raises(Denied):
        revoked(town, case, "approval")
    with pytest.raises(JigaiError, match="结论没有撤销"):
        propose_credit(case=case, by=chief, access=access_of(chief))
    with django_capture_on_commit_callbacks(execute=True):
        revoked(town, case)
    case.refresh_from_db()
    assert (case.state, case.result) == (Case.State.LAPSED, Case.Result.NONE)
    assert Notice.objects.filter(user=town["applicant"], title__startswith="结论已撤销").exists()
    with pytest.raises(JigaiError, match="没有可以撤销的结论"):
        revoked(town, case)
    entry = propose_credit(case=Case.objects.get(pk=case.pk), by=chief, access=access_of(chief))
    assert entry.state == Entry.State.PROPOSED and entry.enterprise == town.firm
    assert "治污设施没有建" in entry.values["content"]
    assert entry.values["type"]["name"] == "企业信用记录（地方采集）"


def permitted(town: Town, zone: str) -> Case:
    procedure = ship("pilot-build-first")
    user = town["applicant"]
    from tests.cases.conftest import make_file

    case = town.draft(procedure)
    papers = {item: make_file(user).pk for item in files(procedure)}
    case = town.do(case, "submit", "applicant", values={**FIRST, "zone": zone},
                   evidence=papers, commitment=True)  # fmt: skip
    case = town.do(case, "accept", "approval")
    return town.do(case, "agree", "approval")


def accepting(town: Town, permit: str) -> Case:
    procedure = ship("pilot-build-verify")
    values = {"project": "示例先建项目", "permit": permit, "finished": "2027-06-01"}
    case = town.submit(procedure, values, files(procedure))
    return town.do(case, "accept", "approval")


@pytest.mark.system("build-then-verify")
def test_building_first_is_watched_and_verified_by_all_at_once(town: Town, zone: str) -> None:
    permit = permitted(town, zone)
    assert [one.code for one in permit.fulfilment.order_by("due")] == ["base", "main", "completion"]
    case = accepting(town, permit.number)
    assert open_tasks(case) == ["joint"] * 4
    for line in ("housing", "land", "emergency", "ecology"):
        case = town.do(case, "agree", line)
    case = town.do(case, "agree", "approval", values={"first_result": "通过"})
    assert open_tasks(case) == ["conclude"]
    case = town.do(case, "agree", "approval")
    permit.refresh_from_db()
    assert case.result == permit.result == Case.Result.AGREED


def failed_once(town: Town, permit: Case) -> Case:
    case = accepting(town, permit.number)
    for line in ("housing", "land", "emergency"):
        town.do(case, "agree", line)
    case = town.do(case, "disagree", "ecology", reason="废气超标")
    with pytest.raises(JigaiError, match="验收不通过，汇总不能写通过"):
        town.do(case, "agree", "approval", values={"first_result": "通过"})
    case = town.do(case, "agree", "approval", values={"first_result": "不通过"})
    assert open_tasks(case) == ["rectify"]
    with pytest.raises(JigaiError, match="没有填写：整改情况"):
        town.do(case, "agree", "applicant")
    case = town.do(case, "agree", "applicant", values={"rectified": "已换装置"})
    assert open_tasks(case) == ["again"] * 4
    return case


@pytest.mark.system("build-then-verify")
def test_one_failure_may_be_put_right(town: Town, zone: str) -> None:
    permit = permitted(town, zone)
    case = failed_once(town, permit)
    for line in ("housing", "land", "emergency", "ecology"):
        case = town.do(case, "agree", line)
    case = town.do(case, "agree", "approval")
    permit.refresh_from_db()
    assert case.result == permit.result == Case.Result.AGREED


@pytest.mark.system("build-then-verify")
def test_a_second_failure_ends_the_permit_and_can_go_to_credit(town: Town, zone: str) -> None:
    permit = permitted(town, zone)
    case = failed_once(town, permit)
    case = town.do(case, "disagree", "ecology", reason="仍然超标")
    assert (case.state, case.result) == (Case.State.DONE, Case.Result.REFUSED)
    permit.refresh_from_db()
    assert (permit.state, permit.result) == (Case.State.LAPSED, Case.Result.NONE)
    assert case.number in Revocation.objects.get(case=permit).reason
    ship_register("credit-record-types")
    ship_register("credit-records")
    chief = town["chief"]
    entry = propose_credit(case=permit, by=chief, access=access_of(chief))
    assert case.number in entry.values["content"]
    with pytest.raises(JigaiError, match="没有有效的准予"):
        accepting(town, permit.number)


@pytest.mark.system("build-then-verify")
def test_acceptance_without_a_permit_of_ones_own_is_refused(town: Town, zone: str) -> None:
    permit = permitted(town, zone)
    with pytest.raises(JigaiError, match="没有本企业编号为“没有这个”的准予先建"):
        accepting(town, "没有这个")
    Case.objects.filter(pk=permit.pk).update(enterprise=make_enterprise())
    with pytest.raises(JigaiError, match="没有本企业编号"):
        accepting(town, permit.number)
