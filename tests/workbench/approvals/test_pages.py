"""The screens of approvals: what people see and may do on them."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jigai.cases.models import Case, CaseRating, Commitment, FulfilmentCheck, Revocation
from jigai.core.models import User
from jigai.registers.models import Entry
from tests.cases.content.test_commitment import VALUES, agreed
from tests.cases.content.test_one_stop import certificate, closed
from tests.cases.content.town import Town, files, ship
from tests.query_counts import assert_query_count
from tests.registers.content.shipped import ship as ship_register

pytestmark = [pytest.mark.django_db]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(response: Any) -> str:
    return re.sub(r"\s+", "", response.content.decode())


def post(client: Client, url: str, **data: Any) -> Any:
    return client.post(url, {"nonce": uuid.uuid4(), **data})


@pytest.mark.system("commitment-approval")
def test_signing_on_screen_and_handing_in(town: Town, zone: str) -> None:
    case = town.draft(ship("pilot-commitment"))
    papers = {item: _file(town) for item in files(case.procedure)}
    town.do(case, "save", "applicant", values={**VALUES, "zone": zone}, evidence=papers)
    client, url = signed_in(town["applicant"]), reverse("case-commitment", args=[case.number])
    page = text_of(client.get(url))
    assert "还没有签署" in page and "接受事后核查" in page and town.firm.name in page
    draft = reverse("case-draft", args=[case.number])
    look = client.get(draft + "?look=1").content.decode()
    assert 'name="commitment"' in look and "签署并提交" in look
    refused = post(client, draft, do="hand-in")
    assert refused.status_code == 422 and "还没有签署承诺书" in text_of(refused)
    assert post(client, url).status_code == 302
    held = Commitment.objects.get(case=case)
    assert held.sha256 in text_of(client.get(url))
    assert 'name="commitment"' not in client.get(draft + "?look=1").content.decode()
    assert post(client, draft, do="hand-in").status_code == 302
    case.refresh_from_db()
    assert case.state == Case.State.SUBMITTED and Commitment.objects.count() == 1


def _file(town: Town) -> int:
    from tests.cases.conftest import make_file

    return int(make_file(town["applicant"]).pk)


@pytest.mark.system("commitment-approval")
def test_the_box_on_the_last_page_signs(town: Town, zone: str) -> None:
    case = town.draft(ship("pilot-commitment"))
    papers = {item: _file(town) for item in files(case.procedure)}
    town.do(case, "save", "applicant", values={**VALUES, "zone": zone}, evidence=papers)
    draft = reverse("case-draft", args=[case.number])
    done = post(signed_in(town["applicant"]), draft, do="hand-in", commitment="yes")
    assert done.status_code == 302 and Commitment.objects.get(case=case).by == town["applicant"]


@pytest.mark.system("commitment-approval")
def test_from_a_broken_promise_to_credit_on_screen(town: Town, zone: str) -> None:
    ship_register("credit-record-types")
    ship_register("credit-records")
    case = agreed(town, zone)
    check = FulfilmentCheck.objects.get(case=case, code="first")
    url = reverse("fulfilment-detail", args=[check.pk])
    clerk, chief = signed_in(town["approval"]), signed_in(town["chief"])
    assert "登记核查结果" in text_of(clerk.get(url))
    assert post(clerk, url, result="broken").status_code == 422
    assert post(clerk, url, result="broken", words="没有建").status_code == 302
    assert "撤销理由" not in text_of(clerk.get(url))
    assert "撤销理由" in text_of(chief.get(url))
    revoke = reverse("fulfilment-revoke", args=[check.pk])
    assert post(clerk, revoke, reason="没有建", basis="承诺书").status_code == 403
    assert post(chief, revoke, reason="没有建", basis="承诺书第三条").status_code == 302
    assert Revocation.objects.get(case=case).by == town["chief"]
    assert "提出信用记录" in text_of(chief.get(url))
    assert post(chief, reverse("fulfilment-credit", args=[check.pk])).status_code == 302
    assert Entry.objects.get(register__code="credit-records").state == Entry.State.PROPOSED
    shown = text_of(chief.get(url))
    assert "提出信用记录</button>" not in shown and "待审核" in shown


@pytest.mark.system("commitment-approval")
def test_the_list_tells_late_ones_and_nobody_elses(town: Town, zone: str) -> None:
    case = agreed(town, zone)
    FulfilmentCheck.objects.filter(code="first").update(
        due=timezone.localdate() - dt.timedelta(days=1)
    )
    url = reverse("fulfilment-list")
    page = text_of(signed_in(town["approval"]).get(url + "?state=late"))
    assert "首次履约核查" in page and "再次履约核查" not in page and "逾期未核查" in page
    assert case.title not in text_of(signed_in(town["ecology"]).get(url))
    detail = reverse("fulfilment-detail", args=[case.fulfilment.first().pk])
    assert signed_in(town["ecology"]).get(detail).status_code == 404
    part = reverse("case-follow-up", args=[case.pk])
    assert "首次履约核查" in text_of(signed_in(town["chief"]).get(part))
    assert "已履行" not in text_of(signed_in(town["chief"]).get(part))


@pytest.mark.system("commitment-approval")
def test_the_list_asks_no_more_for_more_rows(town: Town, zone: str) -> None:
    case = agreed(town, zone)
    client = signed_in(town["chief"])

    def grow(number: int) -> None:
        have = case.fulfilment.count()
        for at in range(have, number):
            FulfilmentCheck.objects.create(
                case=case, code=f"c{at}", name=f"示例核查{at}", due=timezone.localdate()
            )

    assert_query_count(client, reverse("fulfilment-list"), grow, most=25)


@pytest.mark.system("process-redesign")
def test_rating_on_screen(town: Town) -> None:
    certificate(town)
    case = closed(town)
    client, url = signed_in(town["applicant"]), reverse("case-rate", args=[case.number])
    assert "去评价" in text_of(client.get(reverse("rating-statistics")))
    assert post(client, url, score="1").status_code == 422
    assert post(client, url, score="4", words="很快").status_code == 302
    assert CaseRating.objects.get(case=case).score == 4
    assert "很快" in text_of(signed_in(town["approval"]).get(url))
    page = text_of(signed_in(town["chief"]).get(reverse("rating-statistics")))
    assert "少于5件，不显示" in page and "4.00" not in page
    stranger = signed_in(town["ecology"]).get(url)
    assert stranger.status_code == 404


@pytest.mark.system("process-redesign")
def test_a_running_case_has_no_rating_page(town: Town) -> None:
    certificate(town)
    case = closed(town)
    Case.objects.filter(pk=case.pk).update(state="open")
    url = reverse("case-rate", args=[case.number])
    assert signed_in(town["applicant"]).get(url).status_code == 404


@pytest.mark.system("one-stop-handling")
def test_figures_on_screen_open_their_cases(town: Town) -> None:
    certificate(town)
    one, two = closed(town), closed(town)
    for _ in range(2):
        town.do(two, "visit", "approval", reason="示例")
    client = signed_in(town["chief"])
    page = client.get(reverse("visit-statistics")).content.decode()
    assert "50.0%" in page and "1.00" in page
    over = re.search(r'href="([^"]*over=1)"', page)
    assert over is not None
    rows = client.get(over.group(1).replace("&amp;", "&")).content.decode()
    assert two.number in rows and one.number not in rows
    assert client.get(reverse("visit-cases") + "?month=wrong").status_code == 404
    assert "没有办结" in client.get(reverse("visit-statistics") + "?year=2001").content.decode()
    wrong = client.get(reverse("visit-statistics") + "?year=abc")
    assert wrong.status_code == 422 and "请填四位年份" in wrong.content.decode()


@pytest.mark.system("land-and-start")
def test_the_board_names_what_is_missing(town: Town, zone: str) -> None:
    procedure = ship("pilot-land-start")
    values = {"project": "示例新厂", "parcel": "示例", "eia": "否", "hazard": "否", "zone": zone}
    papers = files(procedure, "safety_paper", "eia_paper")
    case = town.do(town.submit(procedure, values, papers), "accept", "approval")
    town.do(case, "agree", "housing")
    client = signed_in(town["chief"])
    page = text_of(client.get(reverse("land-start")))
    assert "规划方案预审" in page and "施工图审查" not in page and "3/4" in page
    Case.objects.filter(pk=case.pk).update(
        values={**case.values, "land_delivered": str(timezone.localdate())}
    )
    assert "拿地时没有具备条件" in text_of(client.get(reverse("land-start")))


@pytest.mark.system("time-limited-approval")
def test_the_board_says_open_where_nobody_has_set_a_limit(town: Town) -> None:
    ship("yanzhou-major")
    client = signed_in(town["chief"])
    page = text_of(client.get(reverse("time-limits")))
    assert "重大项目容缺预审与限时办结" in page and "未定" in page and "3/3" in page


@pytest.mark.system("time-limited-approval")
def test_a_case_without_a_limit_says_open_and_not_unlimited(town: Town) -> None:
    procedure = ship("yanzhou-major")
    values = {"project": "示例重大项目", "invest": "3亿元", "major": "示例〔2026〕1号"}
    case = town.do(town.submit(procedure, values, files(procedure)), "accept", "approval")
    page = text_of(signed_in(town["chief"]).get(reverse("case-detail", args=[case.number])))
    assert re.search("总时限(<[^>]*>)+未定", page)
    assert "时限未定" in page and "不限时" not in page
