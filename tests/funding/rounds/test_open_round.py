"""Rounds are prepared by one and opened by another; what was promised stays."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from docx import Document

from jigai.core.access import Denied, access_of
from jigai.core.evidence import path_of
from jigai.core.jobs import run_job
from jigai.core.models import Job, Notice
from jigai.core.services.install_workdays import install_workdays
from jigai.errors import JigaiError
from jigai.funding.models import Round
from jigai.funding.rounds.overlap import overlapping
from jigai.funding.rounds.services import edit_round as edits
from jigai.funding.rounds.services.close_round import cancel_round, close_due, close_round
from jigai.funding.rounds.services.open_round import open_round
from jigai.funding.rounds.timetable import promise_of, read_timetable
from jigai.funding.rounds.window import require_open
from jigai.policies.models import Interpretation
from jigai.policies.standing import readings_on
from tests.factories import SIBLING, make_enterprise, make_user
from tests.funding.making import make_application, make_programme
from tests.funding.rounds.prepared import opened, prepared

pytestmark = [pytest.mark.django_db, pytest.mark.system("application-workflow")]
BASIS = "invoice_amount_basis"


def test_who_prepared_it_does_not_open_it() -> None:
    chief = make_user("section-chief")
    row = prepared(by=chief)
    with pytest.raises(Denied, match="不能自己开放"):
        open_round(round_=row.pk, by=chief, access=access_of(chief))
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.filter(pk=row.pk).update(opened_by=chief)
    assert Round.objects.get().state == "draft"


def test_a_clerk_may_not_open_and_nobody_from_elsewhere() -> None:
    row = prepared()
    for person in (make_user("section-clerk"), make_user("section-chief", SIBLING)):
        with pytest.raises(Denied):
            open_round(round_=row.pk, by=person, access=access_of(person))


def test_opening_seals_every_reading_chosen_or_not() -> None:
    """An answer given after the opening changes nothing of the round."""
    row = opened()
    assert row.readings == readings_on("yanzhou-2020", row.as_of) and BASIS in row.readings
    other = "b" if row.readings[BASIS] != "b" else "a"
    person = make_user("section-chief")
    Interpretation.objects.create(
        slug="yanzhou-2020", clause="四.1", question="示例", asked_by=person, answered_by=person,
        answer="示例", status="answered", reading=BASIS, option=other, number="示例1号",
        effective_from=dt.date(2021, 1, 1), answered_at=timezone.now(), region_code="370812",
    )  # fmt: skip
    assert readings_on("yanzhou-2020", row.as_of)[BASIS] == other
    assert Round.objects.get(pk=row.pk).readings[BASIS] != other


@pytest.mark.parametrize("part", ["basics", "measures", "readings", "timetable"])
def test_after_opening_nothing_sealed_changes(part: str) -> None:
    row = opened()
    clerk = make_user("section-clerk")
    before = Round.objects.filter(pk=row.pk).values().get()
    common: dict[str, Any] = {"round_": row.pk, "seen": row.version, "by": clerk,
                              "access": access_of(clerk)}  # fmt: skip
    values = {name: getattr(row, name) for name in edits.BASICS}
    days = dict.fromkeys(("formal", "review", "decision", "publicity", "payment"), 1)
    deeds = {
        "basics": lambda: edits.edit_basics(values=values, **common),
        "measures": lambda: edits.edit_measures(codes=[], details={}, **common),
        "readings": lambda: edits.edit_readings(readings={}, priorities=[], **common),
        "timetable": lambda: edits.edit_timetable(days=days, overlap_reason="", **common),
    }  # fmt: skip
    with pytest.raises(JigaiError, match="已经封存"):
        deeds[part]()
    assert Round.objects.filter(pk=row.pk).values().get() == before
    assert row.measures.count() == 1


def test_the_notice_tells_window_measures_evidence_and_the_promise() -> None:
    install_workdays()
    row = opened()
    assert row.notice is not None and row.notice.number == row.number
    document = Document(io.BytesIO(path_of(row.notice.file).read_bytes()))
    text = "\n".join(p.text for p in document.paragraphs)
    closes = timezone.localtime(row.closes_at)
    assert f"{closes:%Y年%-m月%-d日%H:%M}" in text and f"{row.pay_by_days}个工作日" in text
    assert row.notice.code in text
    cells = [cell.text for line in document.tables[0].rows for cell in line.cells]
    assert "装备升级奖补（设备投资）" in cells and any("核准或备案文件" in c for c in cells)


def test_enterprises_of_the_region_are_told_and_no_others() -> None:
    here, away = make_enterprise(), make_enterprise(region=SIBLING)
    mine = make_user("enterprise-handler", enterprise=here)
    other = make_user("enterprise-handler", enterprise=away)
    opened()
    run_job(Job.objects.get(kind="round-tell").pk)
    told = set(Notice.objects.filter(event="round-opened").values_list("user", flat=True))
    assert mine.pk in told and other.pk not in told


def test_no_measures_or_a_past_window_cannot_be_opened() -> None:
    chief = make_user("section-chief")
    bare = prepared(codes=())
    with pytest.raises(JigaiError, match="还没有选开放哪些措施"):
        open_round(round_=bare.pk, by=chief, access=access_of(chief))
    past = prepared(closes_at=timezone.now() - dt.timedelta(minutes=1))
    with pytest.raises(JigaiError, match="截止时间已经过去"):
        open_round(round_=past.pk, by=chief, access=access_of(chief))


def test_an_overlap_needs_a_reason() -> None:
    fund, chief, clerk = make_programme(), make_user("section-chief"), make_user("section-clerk")
    first = opened(by=chief, programme=fund)
    second = prepared(by=clerk, programme=fund)
    assert list(overlapping(second)) == [first]
    with pytest.raises(JigaiError, match="已由"):
        open_round(round_=second.pk, by=chief, access=access_of(chief))
    edits.edit_timetable(
        round_=second.pk, days=second.timetable, overlap_reason="示例：补报", seen=second.version,
        by=clerk, access=access_of(clerk),
    )  # fmt: skip
    assert open_round(round_=second.pk, by=chief, access=access_of(chief)).state == "open"


@pytest.mark.parametrize("change", ["measure", "year", "window"])
def test_another_measure_year_or_window_is_no_overlap(change: str) -> None:
    fund = make_programme()
    first = opened(programme=fund)
    fields: dict[str, Any] = {"codes": ("robot",)} if change == "measure" else {}
    if change == "year":
        fields = {"year": 2022}
    if change == "window":
        fields = {"opens_at": first.closes_at, "closes_at": first.closes_at + dt.timedelta(days=9)}
    assert list(overlapping(prepared(programme=fund, **fields))) == []


def test_two_people_editing_are_told() -> None:
    row, clerk = prepared(), make_user("section-clerk")
    given: dict[str, Any] = {"round_": row.pk, "days": row.timetable, "overlap_reason": "",
                             "by": clerk, "access": access_of(clerk)}  # fmt: skip
    edits.edit_timetable(seen=row.version, **given)
    with pytest.raises(JigaiError, match="刚被别人改过"):
        edits.edit_timetable(seen=row.version, **given)


def test_the_promise_counts_working_days_from_the_close_over_holidays() -> None:
    install_workdays()
    zone = timezone.get_current_timezone()
    row = prepared(closes_at=dt.datetime(2021, 9, 28, 17, 0, tzinfo=zone),
                   opens_at=dt.datetime(2021, 9, 1, 8, 0, tzinfo=zone))  # fmt: skip
    row.pay_by_days = 5
    # 09-29, 09-30, then 国庆 to 10-07, 10-08, 10-09 (worked Saturday), 10-11.
    assert promise_of(row).on == dt.date(2021, 10, 11)
    assert not promise_of(row).provisional
    row.closes_at = dt.datetime(2031, 9, 28, 17, 0, tzinfo=zone)
    assert promise_of(row).provisional


@pytest.mark.parametrize("days", [None, 0, 999])
def test_a_stage_without_days_is_no_timetable(days: int | None) -> None:
    given = {"formal": 5, "review": 5, "decision": 5, "payment": 5}
    with pytest.raises(JigaiError, match="公示"):
        read_timetable({**given, **({} if days is None else {"publicity": days})})


def test_the_window_is_judged_by_the_clock_of_the_database() -> None:
    row = opened()
    moment = require_open(row)
    assert abs(moment - timezone.now()) < dt.timedelta(minutes=1)
    require_open(row, row.closes_at - dt.timedelta(microseconds=1))
    with pytest.raises(JigaiError, match="已经截止"):
        require_open(row, row.closes_at)
    with pytest.raises(JigaiError, match="还没有开始"):
        require_open(row, row.opens_at - dt.timedelta(seconds=1))
    Round.objects.filter(pk=row.pk).update(
        opens_at=timezone.now() - dt.timedelta(days=2),
        closes_at=timezone.now() - dt.timedelta(seconds=1),
    )
    with pytest.raises(JigaiError, match="已经截止"):
        require_open(row)


def test_nobody_closes_before_the_promised_end() -> None:
    row, chief = opened(), make_user("section-chief")
    with pytest.raises(JigaiError, match="不能提前截止"):
        close_round(round_=row.pk, by=chief, access=access_of(chief))
    assert close_due() == 0
    Round.objects.filter(pk=row.pk).update(closes_at=timezone.now() - dt.timedelta(seconds=1))
    assert close_due() == 1 and close_due() == 0
    assert Round.objects.get(pk=row.pk).state == "closed"


def test_a_round_with_applications_is_not_cancelled() -> None:
    row, chief = opened(), make_user("section-chief")
    given: dict[str, Any] = {"round_": row.pk, "by": chief, "access": access_of(chief)}
    application = make_application(row, state="submitted")
    with pytest.raises(JigaiError, match="已有企业提交"):
        cancel_round(reason="示例", **given)
    application.state = "withdrawn"
    application.save()
    with pytest.raises(JigaiError, match="没有写取消的理由"):
        cancel_round(reason=" ", **given)
    assert cancel_round(reason="示例：条件写错", **given).state == "cancelled"
