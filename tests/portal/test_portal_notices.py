"""Money on the portal: open rounds, notices, objections without an account, promised and paid."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jigai.cases.models import Case
from jigai.funding.models import Objection, Publicity, Round
from jigai.funding.publicity.services.end_notices import end_notices
from tests.factories import COUNTY, make_regions
from tests.funding.making import make_application, make_round
from tests.funding.publicity.decided import fresh, published
from tests.query_counts import assert_query_count

pytestmark = [pytest.mark.django_db, pytest.mark.system("application-workflow")]


def objects(client: Client, notice: Publicity, **changes: Any) -> Any:
    line = notice.lines.order_by("place").first()
    assert line is not None
    data = {"told": "示例：名称不符", "nonce": str(uuid.uuid4()), **changes}
    return client.post(f"/portal/notices/{notice.pk}/object/{line.pk}/", data)


def test_everybody_sees_open_rounds_and_running_notices(client: Client) -> None:
    notice = published(2)
    draft = make_round(state="draft")
    page = client.get("/portal/notices/").content.decode()
    assert notice.title in page and notice.round.name in page and "20,000.00" in page
    assert draft.name not in page
    assert client.get(f"/portal/rounds/{draft.pk}/").status_code == 404
    shown = client.get(f"/portal/rounds/{notice.round_id}/").content.decode()
    assert "/calculate/yanzhou-2020/equipment/" in shown and "营业执照" in shown
    assert "承诺拨付" in shown and "登录后申报" in shown


def test_a_row_tells_amount_to_the_fen_and_leads_to_its_clause(client: Client) -> None:
    notice = published(1)
    page = client.get(f"/portal/notices/{notice.pk}/").content.decode()
    line = notice.lines.get()
    assert "10,000.00" in page and line.name in page
    assert 'href="/portal/policies/yanzhou-2020/#四.1"' in page
    assert client.get("/portal/policies/yanzhou-2020/").status_code == 200
    data = client.get(f"/portal/notices/{notice.pk}/csv/")
    text = b"".join(data.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.splitlines()[1].endswith("10000.00,公示中") and line.name in text


def test_what_begins_later_is_not_shown_yet(client: Client) -> None:
    notice = published(1, starts_on=timezone.localdate() + dt.timedelta(days=3))
    assert client.get(f"/portal/notices/{notice.pk}/").status_code == 404
    assert notice.title not in client.get("/portal/notices/").content.decode()
    assert objects(client, notice).status_code == 404


def test_anybody_objects_and_looks_the_answer_up_by_number(client: Client) -> None:
    notice = published(2)
    done = objects(client, notice, name="示例提出人")
    found = Objection.objects.get()
    assert done.status_code == 302 and found.case.receipt in done.headers["Location"]
    page = client.get(done.headers["Location"]).content.decode()
    assert found.case.receipt in page and "核查中" in page and "示例提出人" not in page
    assert "异议处理中" in client.get(f"/portal/notices/{notice.pk}/").content.decode()
    assert client.get("/portal/objections/?number=YY-2222-2222-2222").status_code == 404
    assert fresh(found.line.application).state == "held"


def test_a_filled_trap_and_a_notice_that_is_over_are_refused(client: Client) -> None:
    notice = published(1)
    refused = objects(client, notice, homepage="http://example.invalid")
    assert refused.status_code == 422 and "应当空着" in refused.content.decode()
    notice.starts_on -= dt.timedelta(days=60)
    notice.ends_on -= dt.timedelta(days=60)
    notice.save()
    assert "提异议" not in client.get(f"/portal/notices/{notice.pk}/").content.decode()
    assert objects(client, notice).status_code == 422
    assert not Case.objects.exists()


def test_after_the_end_it_stays_as_an_archive(client: Client) -> None:
    notice = published(1)
    end_notices(notice.ends_on + dt.timedelta(days=1))
    page = client.get("/portal/notices/").content.decode()
    assert notice.title in page.split("存档")[1]
    assert "已归档" in client.get(f"/portal/notices/{notice.pk}/").content.decode()


def test_words_and_pages_narrow_a_long_notice(client: Client) -> None:
    notice = published(60)
    line = notice.lines.order_by("place").last()
    assert line is not None
    url = f"/portal/notices/{notice.pk}/"
    assert line.name not in client.get(url).content.decode()
    assert line.name in client.get(f"{url}?page=2").content.decode()
    assert line.name in client.get(f"{url}?q={line.name}").content.decode()


def test_promised_and_paid_are_told_only_where_enough_stand_behind(client: Client) -> None:
    make_regions()
    round_ = make_round(name="示例拨付批次")
    year = timezone.localdate().year
    Round.objects.filter(pk=round_.pk).update(year=year)
    make_application(round_, state="paid", fen=100_00)
    page = client.get(f"/portal/payments/?place={COUNTY}&year={year}").content.decode()
    assert "示例拨付批次" in page and "100.00" not in page
    assert "没有认出" in client.get("/portal/payments/?place=没有的地方").content.decode()


def test_a_longer_notice_asks_no_more(client: Client) -> None:
    notice = published(3)

    def grow(size: int) -> None:
        from jigai.funding.models import PublicityLine

        lines = notice.lines.count()
        PublicityLine.objects.bulk_create([
            PublicityLine(publicity=notice, application=make_application(notice.round),
                          place=place, name="示例", title="示例", measure="示例", clause="四.1",
                          amount_fen=1)
            for place in range(lines, size)
        ])  # fmt: skip

    assert_query_count(client, f"/portal/notices/{notice.pk}/", grow, most=20)
