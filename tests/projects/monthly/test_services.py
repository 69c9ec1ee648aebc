"""Filling, doubting, locking, reopening and publishing months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jigai.core.access import Denied, access_of
from jigai.core.models import Notice, User
from jigai.errors import JigaiError
from jigai.projects.models import (
    LibraryEntry,
    MonthlyLockRow,
    MonthlyPeriod,
    MonthlyReport,
    Project,
)
from jigai.projects.monthly.due import due_projects, standing_of
from jigai.projects.monthly.services.accept_proposal import (
    accept_proposal,
    confirm_report,
    proposal_of,
)
from jigai.projects.monthly.services.lock_period import lock_period, still_whole
from jigai.projects.monthly.services.publish_lock import publish_lock
from jigai.projects.monthly.services.remind_unreported import remind_unreported
from jigai.projects.monthly.services.reopen_period import reopen_period
from jigai.projects.monthly.services.report_quiet import report_quiet
from tests.factories import SIBLING, make_enterprise, make_regions, make_user
from tests.projects.monthly.kit import WAN, fill, period, project

pytestmark = [pytest.mark.django_db, pytest.mark.system("monthly-investment-report")]


@pytest.fixture
def clerk(db: None) -> User:
    make_regions()
    return make_user("section-clerk")


@pytest.fixture
def chief(clerk: User) -> User:
    return make_user("section-chief")


@pytest.fixture
def row(clerk: User) -> Project:
    return project(enterprise=make_enterprise())


@pytest.fixture
def owner(row: Project) -> User:
    return make_user("enterprise-handler", enterprise=row.enterprise)


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(JigaiError) as told:
        yield
    assert told.value.code == code


def lock(month: MonthlyPeriod, by: User, reason: str = "") -> Any:
    month.refresh_from_db()
    return lock_period(
        period=month.pk, seen=month.version, reason=reason, by=by, access=access_of(by)
    )


def reopen(month: MonthlyPeriod, by: User, reason: str = "企业更正发票") -> MonthlyPeriod:
    month.refresh_from_db()
    return reopen_period(
        period=month.pk, seen=month.version, reason=reason, by=by, access=access_of(by)
    )


def test_the_enterprise_reports_its_own_project_and_no_other(row: Project, owner: User) -> None:
    report = fill(row, 1, 10, 10, owner)
    assert (report.origin, report.accepted, report.flags) == ("enterprise", True, [])
    assert report.region_code == row.region_code
    other = project(enterprise=make_enterprise(name="示例乙机械有限公司"))
    with pytest.raises(Denied):
        fill(other, 1, 10, 10, owner)


@pytest.mark.parametrize(
    ("figures", "flag"),
    [((5, 8), "E_M_DECREASE"), ((5, 40), "W_M_MISMATCH"), ((90, 100), "W_M_OVER_PLAN")],
)
def test_what_looks_odd_is_stored_only_with_a_reason(
    row: Project, owner: User, figures: tuple[int, int], flag: str
) -> None:
    fill(row, 1, 10, 10, owner, plan=50)
    with refused("no-reason"):
        fill(row, 2, *figures, owner, plan=50)
    assert not MonthlyReport.objects.filter(month=2).exists()
    report = fill(row, 2, *figures, owner, plan=50, reason="上月重复计入，已核对发票")
    assert (report.flags, report.confirmed) == ([flag], "上月重复计入，已核对发票")
    assert report.accepted


def test_a_ten_fold_jump_is_asked_about(row: Project, owner: User) -> None:
    for month in (1, 2, 3):
        fill(row, month, 10, 10 * month, owner)
    with refused("no-reason"):
        fill(row, 4, 100, 130, owner)
    assert fill(row, 4, 100, 130, owner, reason="主设备到货").flags == ["W_M_JUMP"]


def test_a_suspected_unit_mistake_is_never_stored_with_a_reason_either(
    row: Project, owner: User
) -> None:
    with refused("month-unit"):
        fill(row, 1, 300_000, 300_000, owner, reason="没有错")


def held(row: Project, clerk: User, month: int = 2) -> MonthlyReport:
    """As an import leaves a row whose unit is suspect."""
    written = {"current": 200_000 * WAN, "cumulative": 300_000 * WAN, "total": 600 * WAN}
    return MonthlyReport.objects.create(
        project=row, region_code=row.region_code, year=2021, month=month, accepted=False,
        flags=["E_M_UNIT"], written=written, origin="import", created_by=clerk,
    )  # fmt: skip


def test_a_proposal_is_taken_by_a_person_who_saw_it(row: Project, clerk: User) -> None:
    fill(row, 1, 10, 10, clerk)
    report = held(row, clerk)
    made = proposal_of(report)
    assert made is not None and (made.current, made.cumulative) == (20 * WAN, 30 * WAN)
    report.refresh_from_db()
    assert report.cumulative_fen is None and not report.accepted, "nothing happens by itself"
    with refused("other-proposal"):
        accept_proposal(report=report.pk, current_fen=20 * WAN, cumulative_fen=31 * WAN,
                        by=clerk, access=access_of(clerk))  # fmt: skip
    done = accept_proposal(report=report.pk, current_fen=20 * WAN, cumulative_fen=30 * WAN,
                           by=clerk, access=access_of(clerk))  # fmt: skip
    assert (done.accepted, done.cumulative_fen, done.flags) == (True, 30 * WAN, [])
    assert done.confirmed == "元误作万元，按建议值改正"


def test_another_month_does_not_bring_suspect_figures_in(row: Project, clerk: User) -> None:
    report = held(row, clerk)
    Project.objects.filter(pk=row.pk).update(total_fen=None)
    fill(row, 1, 10, 10, clerk)
    report.refresh_from_db()
    assert not report.accepted and report.cumulative_fen is None


def test_a_correction_clears_what_followed_and_keeps_other_confirmations(
    row: Project, clerk: User
) -> None:
    fill(row, 1, 10, 10, clerk)
    fill(row, 2, 20, 90, clerk, reason="待核")
    fill(row, 3, 5, 35, clerk, reason="冲回")
    fill(row, 2, 20, 30, clerk)
    third = MonthlyReport.objects.get(month=3)
    assert (third.flags, third.version) == ([], 2)
    assert MonthlyReport.objects.get(month=2).confirmed == ""


def test_two_people_do_not_overwrite_each_other(row: Project, clerk: User) -> None:
    fill(row, 1, 10, 10, clerk)
    with refused("changed"):
        fill(row, 1, 12, 12, clerk, seen=0)


def test_a_month_to_come_is_not_reported(row: Project, clerk: User) -> None:
    with refused("month-to-come"):
        fill(row, 1, 1, 1, clerk, year=2199)


def test_a_quiet_month_is_one_step_and_carries_the_sum_on(row: Project, owner: User) -> None:
    fill(row, 1, 10, 10, owner)
    report = report_quiet(project=row.pk, year=2021, month=2, by=owner, access=access_of(owner))
    assert (report.current_fen, report.cumulative_fen, report.origin) == (0, 10 * WAN, "quiet")
    with refused("reported"):
        report_quiet(project=row.pk, year=2021, month=2, by=owner, access=access_of(owner))


def test_a_quiet_month_after_suspect_figures_carries_the_last_accepted(
    row: Project, clerk: User
) -> None:
    fill(row, 1, 10, 10, clerk)
    held(row, clerk)
    report = report_quiet(project=row.pk, year=2021, month=3, by=clerk, access=access_of(clerk))
    assert report.cumulative_fen == 10 * WAN


def test_the_cut_off_day_is_a_decision_that_can_be_changed_while_open(chief: User) -> None:
    month = period(chief)
    assert month.cut_off == dt.date(2021, 7, 10)
    assert period(chief, cut_off=dt.date(2021, 7, 5)).cut_off == dt.date(2021, 7, 5)
    assert MonthlyPeriod.objects.count() == 1
    with refused("cut-off-early"):
        period(chief, cut_off=dt.date(2021, 6, 20))


def test_only_who_may_lock_opens_locks_and_reopens(clerk: User, chief: User) -> None:
    with pytest.raises(Denied):
        period(clerk)
    month = period(chief)
    with pytest.raises(Denied):
        lock(month, clerk)
    with pytest.raises(Denied):
        lock(month, make_user("section-chief", SIBLING))


def test_a_locked_month_is_a_version_that_stays(row: Project, chief: User, clerk: User) -> None:
    """Invariant 11: what is changed after a lock makes a new version; the old one can be read."""
    month = period(chief)
    fill(row, 6, 10, 10, clerk)
    first = lock(month, chief)
    with refused("month-locked"):
        fill(row, 6, 12, 12, clerk)
    with refused("no-reason"):
        reopen(month, chief, " ")
    reopen(month, chief)
    fill(row, 6, 12, 12, clerk)
    second = lock(month, chief)
    assert (first.number, second.number, second.reason) == (1, 2, "企业更正发票")
    assert [line.cumulative_fen for line in first.lines.all()] == [10 * WAN]
    assert [line.cumulative_fen for line in second.lines.all()] == [12 * WAN]
    assert first.sums == {row.region_code: {"reports": 1, "counted": 1,
                          "current_fen": 10 * WAN, "cumulative_fen": 10 * WAN}}  # fmt: skip
    assert still_whole(first) and still_whole(second)
    assert first.root_hash != second.root_hash


def test_the_rows_of_a_version_cannot_be_changed(row: Project, chief: User, clerk: User) -> None:
    month = period(chief)
    fill(row, 6, 10, 10, clerk)
    lock(month, chief)
    with pytest.raises(Exception, match=r"(?i)cannot|monthly_lock_rows_stay"):
        MonthlyLockRow.objects.update(cumulative_fen=1)


def test_a_move_after_the_lock_changes_no_past_month(
    row: Project, chief: User, clerk: User
) -> None:
    month = period(chief)
    fill(row, 6, 10, 10, clerk)
    Project.objects.filter(pk=row.pk).update(region_code=SIBLING)
    assert lock(month, chief).rows == 1


def test_doubts_left_need_a_reason_to_lock(row: Project, chief: User, clerk: User) -> None:
    month = period(chief)
    held(row, clerk, 6)
    with refused("doubts-left"):
        lock(month, chief)
    made = lock(month, chief, reason="企业停业，无法核对")
    assert made.sums[row.region_code] == {
        "reports": 1, "counted": 0, "current_fen": 0, "cumulative_fen": 0,
    }  # fmt: skip


def test_a_doubt_is_confirmed_afterwards(row: Project, clerk: User) -> None:
    fill(row, 1, 10, 10, clerk)
    report = MonthlyReport.objects.get()
    MonthlyReport.objects.update(flags=["W_M_MISMATCH"])
    with refused("no-reason"):
        confirm_report(report=report.pk, reason="", by=clerk, access=access_of(clerk))
    done = confirm_report(report=report.pk, reason="补计", by=clerk, access=access_of(clerk))
    assert done.confirmed == "补计"


def test_a_version_is_published_once_and_a_newer_one_again(
    row: Project, chief: User, clerk: User
) -> None:
    month = period(chief)
    fill(row, 6, 10, 10, clerk)

    def publish() -> MonthlyPeriod:
        month.refresh_from_db()
        return publish_lock(period=month.pk, seen=month.version, by=chief, access=access_of(chief))

    with refused("month-open"):
        publish()
    lock(month, chief)
    assert publish().published == 1
    with refused("already-published"):
        publish()
    reopen(month, chief)
    lock(month, chief)
    assert publish().published == 2


def test_states_of_a_period(row: Project, chief: User, clerk: User) -> None:
    month = period(chief, cut_off=dt.date(2199, 1, 1))
    zero, odd, out = project(name="零"), project(name="疑"), project(name="退", state="withdrawn")
    project(name="未开工", state="planned")
    report_quiet(project=zero.pk, year=2021, month=6, by=clerk, access=access_of(clerk))
    fill(odd, 6, 10, 10, clerk)
    MonthlyReport.objects.filter(project=odd).update(flags=["W_M_MISMATCH"])
    found = standing_of(month, access_of(chief))
    assert (found.due, found.by_state, out.state) == (
        3, {"waiting": 1, "zero": 1, "odd": 1}, "withdrawn"
    )  # fmt: skip
    month.cut_off = dt.date(2021, 7, 10)
    month.save()
    found = standing_of(month, access_of(chief))
    assert found.by_state["late"] == 1 and found.overdue == 2, "reported years after the cut-off"


def test_where_a_library_is_kept_those_in_it_report(row: Project, chief: User) -> None:
    month = period(chief, cut_off=dt.date(2199, 1, 1))
    kept = project(name="在库的", state="filed")
    entry = {"level": "county", "region_code": row.region_code, "reported_on": month.cut_off}
    LibraryEntry.objects.create(project=kept, status="in", admitted_on=dt.date(2021, 1, 1), **entry)
    assert standing_of(month, access_of(chief)).due == 1
    assert list(due_projects(month.region_code, 2021)) == [kept]


def test_reminders_go_once_to_each_person_for_all_projects(
    row: Project, owner: User, chief: User
) -> None:
    month = period(chief)
    for name in ("二", "三", "四"):
        project(name=name, enterprise=row.enterprise)
    project(name="无人", enterprise=make_enterprise(name="示例丙机械有限公司"))
    done = remind_unreported(period=month.pk, by=chief, access=access_of(chief))
    assert (done.people, done.projects, done.alone) == (1, 4, 1)
    notice = Notice.objects.get(event="monthly-due")
    assert notice.user == owner and "等 4 个项目" in notice.body and "2021-07-10" in notice.body


def test_reminding_many_takes_no_query_for_each(row: Project, chief: User) -> None:
    month = period(chief)

    def asked(more: int) -> int:
        for number in range(more):
            firm = make_enterprise(name=f"示例{more}之{number}有限公司")
            project(name=f"{more}-{number}", enterprise=firm)
            make_user("enterprise-handler", enterprise=firm)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            remind_unreported(period=month.pk, by=chief, access=access_of(chief))
        return len(queries)

    assert asked(2) == asked(6)
