"""一次办好与流程再造: once, without papers the platform has, and with a word from the applicant."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from jigai.cases.models import Case, CaseEvidence, CaseRating
from jigai.cases.services.rate_case import rate_case
from jigai.core.access import Denied, access_of
from jigai.core.models import Enterprise, Notice
from jigai.errors import JigaiError
from jigai.registers.models import Register
from jigai.workbench.approvals.figures import (
    SMALLEST,
    ratings,
    to_be_rated,
    visit_groups,
    visit_rows,
)
from tests.cases.content.town import FILE, Town, open_tasks, ship
from tests.factories import make_enterprise
from tests.registers.content.shipped import put
from tests.registers.content.shipped import ship as ship_register

pytestmark = [pytest.mark.django_db]
VALUES = {"project": "示例技改项目", "matter": "备案变更", "detail": "示例"}
CODE = "2101-370812-07-02-123456"


def certificate(town: Town, firm: Enterprise | None = None, **more: Any) -> Register:
    """A filing in force of a project of the enterprise."""
    owner = firm or town.firm
    register = ship_register("filing-records")
    put(register, {
        "certificate": "示例备〔2025〕1号", "kind": "filing", "name": "示例技改项目",
        "enterprise": {"id": owner.pk, "name": owner.name}, "organ": "示例机关",
        "decided": "2025-03-01", "place": "370812", **more})  # fmt: skip
    return register


def closed(town: Town) -> Case:
    case = town.submit(ship("yanzhou-one-stop"), VALUES, {"request": FILE})
    case = town.do(case, "accept", "approval")
    town.do(case, "agree", "miit", values={"answer": "已办"})
    return town.do(case, "agree", "approval")


@pytest.mark.system("process-redesign")
def test_what_the_platform_has_is_not_asked_for_again(town: Town) -> None:
    certificate(town)
    case = town.submit(ship("yanzhou-one-stop"), VALUES, {"request": FILE})
    rows = {row.item: row for row in case.evidence.all()}
    assert {rows[name].state for name in ("licence", "filing")} == {CaseEvidence.State.SHARED}
    assert rows["filing"].file is None and "示例备〔2025〕1号" in rows["filing"].words
    assert str(town.firm.uscc) in rows["licence"].words
    assert open_tasks(case) == ["accept"]


@pytest.mark.system("process-redesign")
def test_what_it_does_not_have_is_asked_for_and_may_be_uploaded(town: Town) -> None:
    ship_register("filing-records")
    procedure = ship("yanzhou-one-stop")
    with pytest.raises(JigaiError, match="平台没有查到：项目备案证或核准文件") as caught:
        town.submit(procedure, VALUES, {"request": FILE})
    assert "营业执照" not in caught.value.message
    assert not CaseEvidence.objects.filter(case__state=Case.State.SUBMITTED).exists()
    case = town.submit(procedure, VALUES, {"request": FILE, "filing": FILE})
    assert case.evidence.get(item="filing").state == CaseEvidence.State.GIVEN


@pytest.mark.system("process-redesign")
def test_somebody_elses_certificate_or_one_that_ended_does_not_do(town: Town) -> None:
    other = make_enterprise()
    certificate(town, other, code=CODE)
    procedure = ship("yanzhou-one-stop")
    with pytest.raises(JigaiError, match="平台没有查到"):
        town.submit(procedure, {**VALUES, "project_code": CODE}, {"request": FILE})
    certificate(town, certificate="示例备2号", valid_to="2025-12-31")
    with pytest.raises(JigaiError, match="平台没有查到"):
        town.submit(procedure, VALUES, {"request": FILE})


@pytest.mark.system("process-redesign")
def test_an_enterprise_without_credit_code_shows_its_licence(town: Town) -> None:
    certificate(town)
    Enterprise.objects.filter(pk=town.firm.pk).update(uscc=None)
    with pytest.raises(JigaiError, match="平台没有查到：营业执照"):
        town.submit(ship("yanzhou-one-stop"), VALUES, {"request": FILE})


@pytest.mark.system("process-redesign")
def test_the_applicant_rates_once_when_it_is_over(town: Town) -> None:
    certificate(town)
    user = town["applicant"]
    case = town.submit(ship("yanzhou-one-stop"), VALUES, {"request": FILE})
    given = {"by": user, "access": access_of(user), "words": ""}
    with pytest.raises(JigaiError, match="办结以后才能评价"):
        rate_case(case=case.pk, score=5, **given)
    done = closed(town)
    assert [row.pk for row in to_be_rated(access_of(user))] == [done.pk]
    for score, said in ((0, "没有选择满意度"), (6, "没有选择满意度"), (1, "不满意的请写明")):
        with pytest.raises(JigaiError, match=said):
            rate_case(case=done.pk, score=score, **given)
    with pytest.raises(Denied):
        rate_case(case=done.pk, score=5, words="", by=town["miit"], access=access_of(town["miit"]))
    rate_case(case=done.pk, score=2, by=user, access=access_of(user), words="跑了两趟")
    with pytest.raises(JigaiError, match="已经评价过"):
        rate_case(case=done.pk, score=5, **given)
    assert to_be_rated(access_of(user)) == []


@pytest.mark.system("process-redesign")
def test_few_ratings_are_not_shown_and_no_total_tells_them(town: Town) -> None:
    certificate(town)
    access = access_of(town["chief"])
    for number in range(1, SMALLEST + 1):
        CaseRating.objects.create(case=closed(town), score=5 if number < SMALLEST else 1)
        groups, shown = ratings(access)
        assert len(groups) == 1
        if number < SMALLEST:
            assert (groups[0].hidden, groups[0].number, shown) == (True, 0, 0)
    assert (groups[0].number, groups[0].average, groups[0].content) == (5, "4.20", "80.0%")
    assert shown == SMALLEST


@pytest.mark.system("one-stop-handling")
def test_the_second_visit_exceeds_the_promise_and_somebody_is_told(
    town: Town, django_capture_on_commit_callbacks: Any
) -> None:
    certificate(town)
    chief = town["chief"]
    case = town.do(town.submit(ship("yanzhou-one-stop"), VALUES, {"request": FILE}), "accept",
                   "approval")  # fmt: skip
    told = Notice.objects.filter(user=chief, title__startswith="跑动超次")
    with django_capture_on_commit_callbacks(execute=True):
        town.do(case, "visit", "miit", reason="交原件")
    assert not told.exists()
    with django_capture_on_commit_callbacks(execute=True):
        town.do(case, "visit", "miit", reason="签字")
    assert told.count() == 1


@pytest.mark.system("one-stop-handling")
def test_figures_by_month_and_department_lead_to_the_cases(town: Town) -> None:
    certificate(town)
    done = [closed(town) for _ in range(3)]
    for case, times in zip(done, (0, 1, 3), strict=True):
        for _ in range(times):
            town.do(case, "visit", "approval", reason="示例")
    access, today = access_of(town["chief"]), timezone.localdate()
    groups, total = visit_groups(access, today.year)
    assert len(groups) == 1 and groups[0].month == today.replace(day=1)
    one = groups[0]
    assert (one.cases, one.visits, one.average, one.over, one.share) == (3, 4, "1.33", 1, "66.7%")
    assert (total.cases, total.over) == (3, 1)
    assert [row.pk for row in visit_rows(access).filter(over=True)] == [done[2].pk]
    before, nothing = visit_groups(access, today.year - 1)
    assert before == [] and (nothing.cases, nothing.average, nothing.share) == (0, "—", "—")


@pytest.mark.system("one-stop-handling")
def test_a_procedure_that_promises_nothing_is_not_counted(town: Town) -> None:
    certificate(town)
    case = closed(town)
    assert visit_rows(access_of(town["chief"])).count() == 1
    release = case.release
    content = {**release.content, "visits": 0}
    case.procedure.versions.create(number=99, content=content, sha256="0" * 64, published=True)
    Case.objects.filter(pk=case.pk).update(release=case.procedure.versions.get(number=99))
    assert visit_rows(access_of(town["chief"])).count() == 0
