"""A notice of an approved list: what it shows, how long it runs, what ends it."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from docx import Document

from jigai.core.access import Denied, access_of
from jigai.core.calendar import shipped_calendar
from jigai.core.evidence import path_of
from jigai.core.jobs import run_job
from jigai.core.models import Job
from jigai.core.services.install_workdays import install_workdays
from jigai.errors import JigaiError
from jigai.funding.models import Application, Publicity, PublicityLine
from jigai.funding.publicity.period import period_from, period_words
from jigai.funding.publicity.services.end_notices import end_notices
from jigai.funding.publicity.services.publish_list import publish_list
from jigai.funding.publicity.views import pages
from tests.factories import SIBLING, make_enterprise, make_user
from tests.funding.making import make_application, make_round
from tests.funding.publicity.decided import FEN, decided, nonce, published, publisher

pytestmark = [pytest.mark.django_db, pytest.mark.system("application-workflow")]


def test_every_supported_row_is_published_and_its_application_says_so() -> None:
    notice = published(3)
    lines = list(notice.lines.order_by("place"))
    assert [line.amount_fen for line in lines] == [FEN] * 3
    assert {line.state for line in lines} == {"running"}
    assert lines[0].measure == "设备奖补" and lines[0].clause == "四.1"
    assert set(Application.objects.values_list("state", flat=True)) == {"public"}
    step = lines[0].application.steps.get()
    assert step.state == "public" and notice.number in step.text


def test_only_a_list_approved_for_good_is_published_and_only_once() -> None:
    by = publisher()
    draft = decided(1, state="submitted", binding=False)
    with pytest.raises(JigaiError, match="不能公示"):
        publish_list(decision_list=draft, by=by, access=access_of(by))
    bureau = decided(1, binding=False)
    with pytest.raises(JigaiError, match="还要提请下一环节"):
        publish_list(decision_list=bureau, by=by, access=access_of(by))
    last = decided(1, round_=bureau.round)
    publish_list(decision_list=last, by=by, access=access_of(by))
    with pytest.raises(JigaiError, match="已经公示过"):
        publish_list(decision_list=last, by=by, access=access_of(by))
    assert Publicity.objects.count() == 1


def test_who_has_no_reach_publishes_nothing() -> None:
    row, far = decided(1), publisher(SIBLING)
    with pytest.raises(Denied):
        publish_list(decision_list=row, by=far, access=access_of(far))
    finance = make_user("finance")
    with pytest.raises(Denied):
        publish_list(decision_list=row, by=finance, access=access_of(finance))
    assert not Publicity.objects.exists()


def test_a_holiday_and_a_worked_weekend_count_as_the_calendar_says() -> None:
    """From 2021-09-29: 国庆 is off to 10-07, 10-09 (Saturday) is worked, 09-26 was before."""
    period = period_from(dt.date(2021, 9, 29), 5, shipped_calendar())
    assert period.ends == dt.date(2021, 10, 12) and not period.provisional
    plain = period_from(dt.date(2021, 6, 1), 5, shipped_calendar())
    assert plain.ends == dt.date(2021, 6, 8)


def test_a_year_without_calendar_is_told_as_open_and_counted_again_later() -> None:
    period = period_from(dt.date(2031, 5, 6), 5, shipped_calendar())
    assert period.provisional
    notice = Publicity(starts_on=period.starts, ends_on=period.ends, days=5, provisional=True)
    assert "待定" in period_words(notice)


def test_the_period_is_never_shorter_than_promised_once_the_calendar_is_known() -> None:
    """Counted on weekends alone it would end before 国庆; the holidays push it out."""
    install_workdays()
    notice = published(1)
    begins = dt.date(2021, 9, 29)
    Publicity.objects.filter(pk=notice.pk).update(
        starts_on=begins, ends_on=dt.date(2021, 10, 6), provisional=True
    )
    assert end_notices(dt.date(2021, 10, 8)) == 0
    notice.refresh_from_db()
    assert notice.ends_on == dt.date(2021, 10, 12) and not notice.provisional
    assert notice.state == "running"
    assert end_notices(dt.date(2021, 10, 12)) == 0
    assert end_notices(dt.date(2021, 10, 13)) == 1


def test_at_the_end_rows_without_objection_may_be_paid() -> None:
    notice = published(2)
    assert end_notices(notice.ends_on) == 0
    held = notice.lines.order_by("place").first()
    assert held is not None
    held.state = "held"
    held.save()
    Application.objects.filter(pk=held.application_id).update(state="held")
    after = notice.ends_on + dt.timedelta(days=1)
    assert end_notices(after) == 1 and end_notices(after) == 0
    notice.refresh_from_db()
    assert notice.state == "ended"
    states = dict(PublicityLine.objects.values_list("application_id", "state"))
    assert states.pop(held.application_id) == "held" and set(states.values()) == {"cleared"}
    assert set(Application.objects.values_list("state", flat=True)) == {"held", "cleared"}


def test_a_notice_without_waiting_rows_goes_to_the_archive() -> None:
    notice = published(1)
    end_notices(notice.ends_on + dt.timedelta(days=1))
    notice.refresh_from_db()
    assert notice.state == "archived"
    assert notice.lines.get().cleared_on == notice.ends_on + dt.timedelta(days=1)


def test_the_paper_names_rows_sum_period_and_contact_and_masks_a_person() -> None:
    by, row = publisher(), decided(1)
    person = make_enterprise("兖州示例某某机械加工部", uscc="92370812MA3TEST01X")
    private = make_application(row.round, person, state="decided", fen=123_45)
    row.lines.create(application=private, place=2, name=person.name, reviewed_fen=123_45,
                     decided_fen=123_45)  # fmt: skip
    notice = publish_list(decision_list=row, by=by, access=access_of(by), contact="示例股 0000")
    assert notice.document is not None
    document = Document(io.BytesIO(path_of(notice.document.file).read_bytes()))
    text = "\n".join(p.text for p in document.paragraphs)
    assert "10,123.45元" in text and "共2项" in text and "示例股 0000" in text
    assert f"{notice.ends_on:%Y-%m-%d}" in text
    cells = [cell.text for line in document.tables[0].rows for cell in line.cells]
    assert "123.45" in cells and "兖州＊＊＊工部" in cells and person.name not in cells
    assert person.name not in text and notice.number in text


def test_a_first_day_that_is_past_is_refused() -> None:
    by, row = publisher(), decided(1)
    with pytest.raises(JigaiError, match="已经过去"):
        publish_list(decision_list=row, by=by, access=access_of(by),
                     starts_on=timezone.localdate() - dt.timedelta(days=1))  # fmt: skip


def test_more_rows_need_no_more_statements() -> None:
    """50,000 rows are published like three: sets, no row by row."""
    counts = []
    for size in (3, 40):
        row, by = decided(size, round_=make_round()), publisher()
        with CaptureQueriesContext(connection) as caught:
            notice = publish_list(decision_list=row, by=by, access=access_of(by))
        end = CaptureQueriesContext(connection)
        with end:
            assert end_notices(notice.ends_on + dt.timedelta(days=1)) == 1
        counts.append((len(caught), len(end)))
    assert counts[0] == counts[1]


def test_a_long_list_is_published_by_a_job_with_the_same_result(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "AT_ONCE", 2)
    row, by = decided(3), publisher()
    client.force_login(by)
    given = {"starts_on": timezone.localdate().isoformat(), "contact": "示例股", "nonce": nonce()}
    done = client.post(f"/publicity/lists/{row.pk}/new/", given)
    job = Job.objects.get(kind="publicity-publish")
    assert done.headers["Location"] == f"/jobs/{job.pk}/" and not Publicity.objects.exists()
    run_job(job.pk)
    job.refresh_from_db()
    assert job.status == "done" and Publicity.objects.get().lines.count() == 3
