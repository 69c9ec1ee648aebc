"""Briefings on screen: the organiser, the tax office, the enterprise."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from jigai.core.models import User
from jigai.outreach.models import Briefing, BriefingFeedback, BriefingMaterial
from jigai.policies.models import Interpretation
from tests.factories import SIBLING, make_department, make_regions, make_user
from tests.outreach.briefing_cases import (
    CLAUSE,
    RATE,
    SLUG,
    begun,
    document,
    firm,
    handler,
    of,
    push,
    session,
)
from tests.outreach.distribution_cases import PDF, work_off

pytestmark = [pytest.mark.django_db, pytest.mark.system("policy-briefing")]


@pytest.fixture
def clerk(db: None) -> User:
    make_regions()
    document()
    return make_user("section-clerk", username="clerk")


def post(client: Client, url: str, **given: Any) -> Any:
    return client.post(url, {"nonce": str(uuid.uuid4()), **given})


def taken(client: Client, url: str) -> bytes:
    """The bytes of a file, all of them: what is left open would be noticed."""
    response = client.get(url)
    assert response.status_code == 200, url
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    return content


def page(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def test_planning_inviting_telling(client: Client, clerk: User) -> None:
    firm("示例甲公司")
    firm("示例乙公司", handled=False)
    client.force_login(clerk)
    tomorrow = timezone.localtime() + dt.timedelta(days=1)
    given = {"title": "技改政策宣讲", "held_at": f"{tomorrow:%Y-%m-%dT%H:%M}",
             "place": "示例会议室", "topics": [SLUG, RATE], "capacity": "40"}  # fmt: skip
    assert post(client, "/briefings/new/", **{**given, "place": ""}).status_code == 422
    to_invite = post(client, "/briefings/new/", **given)["Location"]
    place = post(client, to_invite)["Location"]
    shown = page(client, place)
    assert "名单上有 2 家企业，其中 1 家没有账号" in shown and "设备奖补" in shown
    post(client, f"{place}do/publish/")
    work_off()
    shown = page(client, place)
    assert "0 ÷ 对象企业 2" in shown and "无联系方式" in shown
    made = Briefing.objects.get()
    assert made.status == "published" and made.door_code in shown
    assert "技改政策宣讲" in page(client, "/briefings/?kind=session")
    assert "技改政策宣讲" not in page(client, "/briefings/?kind=push")


def test_the_tax_office_on_screen(client: Client, clerk: User) -> None:
    tax = make_user("tax", department=make_department(line="tax"))
    one = firm("示例甲公司")
    client.force_login(tax)
    assert "推送政策" in page(client, "/briefings/")
    to_invite = post(client, "/briefings/push/", title="税收优惠", topics=[SLUG])["Location"]
    wrong = post(client, to_invite, pasted="没有的公司")
    assert wrong.status_code == 422 and "没有的公司" in wrong.content.decode()
    place = post(client, to_invite, pasted="示例甲公司")["Location"]
    post(client, f"{place}do/publish/")
    work_off()
    client.force_login(handler(one))
    mine = f"/my-briefings/{of(Briefing.objects.get(), one).pk}/"
    post(client, f"{mine}do/receipt/", receipt="apply")
    client.force_login(tax)
    assert "100.0%" in page(client, place)
    listed = page(client, "/briefings/receipts/?state=receipt")
    assert "有意申报" in listed and "示例甲公司" in listed


def test_the_enterprise_reads_signs_up_comes_and_asks(client: Client, clerk: User) -> None:
    one = firm("示例甲公司")
    made = session(clerk, [one], capacity=2)
    mine = f"/my-briefings/{of(made, one).pk}/"
    client.force_login(handler(one))
    assert "未读" in page(client, "/my-briefings/")
    shown = page(client, mine)
    assert made.door_code not in shown and "确认已阅读" in shown and "提交反馈" not in shown
    assert of(made, one).read_at is None
    post(client, f"{mine}do/read/")
    assert "提交反馈" in page(client, mine)
    full = post(client, f"{mine}do/signup/", people="3")
    assert full.status_code == 422 and "只剩 2 个席位" in full.content.decode()
    post(client, f"{mine}do/signup/", people="2")
    assert "报名参加" in page(client, "/my-briefings/")
    made = begun(made)
    wrong = post(client, f"{mine}do/checkin/", code="12")
    assert wrong.status_code == 422 and "六位数字" in wrong.content.decode()
    other = f"{(int(made.door_code) + 1) % 10**6:06d}"
    assert post(client, f"{mine}do/checkin/", code=other).status_code == 422
    assert of(made, one).wrong_codes == 1
    assert post(client, f"{mine}do/checkin/", code=made.door_code).status_code == 302
    assert "已到会" in page(client, mine)
    said = {"score": "5", "question": "二手设备算不算？", "chosen": f"{SLUG}={CLAUSE}"}
    missing = post(client, f"{mine}do/feedback/", **{**said, "chosen": ""})
    assert missing.status_code == 422 and "二手设备" in missing.content.decode()
    assert post(client, f"{mine}do/feedback/", **said).status_code == 302
    client.force_login(clerk)
    found = BriefingFeedback.objects.get()
    assert "转为解释提问" in page(client, f"/briefings/{made.pk}/")
    url = post(client, f"/briefings/feedback/{found.pk}/ask/")["Location"]
    assert url == f"/desk/{Interpretation.objects.get().pk}/"
    assert url in page(client, f"/briefings/{made.pk}/")
    client.force_login(handler(one))
    assert "已转解释提问" in page(client, mine)


def test_the_clerk_at_the_door(client: Client, clerk: User) -> None:
    one = firm("示例甲公司")
    firm("示例来宾公司")
    made = begun(session(clerk, [one]))
    client.force_login(clerk)
    url = f"/briefings/{made.pk}/door/"
    assert made.door_code in page(client, url)
    assert post(client, url, who="示例甲公司")["Location"] == url
    post(client, url, who="示例来宾公司")
    wrong = post(client, url, who="没有的公司")
    assert wrong.status_code == 422 and "没有的公司" in wrong.content.decode()
    shown = page(client, f"/briefings/{made.pk}/")
    assert "1 ÷ 对象企业 1" in shown and "名单外 1" in shown


def test_materials(client: Client, clerk: User) -> None:
    one, other = firm("示例甲公司"), firm("示例乙公司")
    made = push(clerk, [one])
    client.force_login(clerk)
    url = f"/briefings/{made.pk}/material/"
    file = SimpleUploadedFile("课件.pdf", PDF)
    assert post(client, url, title="课件", upload=file).status_code == 302
    assert post(client, url, title="设备条款", chosen=f"{SLUG}={CLAUSE}").status_code == 302
    assert post(client, url, title="空").status_code == 422
    pk = BriefingMaterial.objects.get(file__isnull=False).pk
    assert taken(client, f"/briefings/materials/{pk}/") == PDF
    client.force_login(handler(one))
    shown = page(client, f"/my-briefings/{of(made, one).pk}/")
    assert f"/my-briefings/materials/{pk}/" in shown and "设备条款" in shown
    assert taken(client, f"/my-briefings/materials/{pk}/") == PDF
    client.force_login(handler(other))
    assert client.get(f"/my-briefings/materials/{pk}/").status_code == 404


def test_calling_it_off(client: Client, clerk: User) -> None:
    one = firm("示例甲公司")
    made = session(clerk, [one])
    client.force_login(clerk)
    assert post(client, f"/briefings/{made.pk}/cancel/", reason="停电").status_code == 302
    client.force_login(handler(one))
    shown = page(client, f"/my-briefings/{of(made, one).pk}/")
    assert "停电" in shown and "确认已阅读" not in shown and "提交报名" not in shown


def test_what_nobody_may(client: Client, clerk: User) -> None:
    one, other = firm("示例甲公司"), firm("示例乙公司")
    made = push(clerk, [one])
    place, mine = f"/briefings/{made.pk}/", f"/my-briefings/{of(made, one).pk}/"
    for person, url, code in (
        (make_user("section-clerk", SIBLING), place, 404), (make_user("leader"), place, 200),
        (make_user("leader"), "/briefings/new/", 403), (make_user("expert"), place, 403),
        (handler(one), place, 404), (handler(other), mine, 404), (clerk, mine, 404),
        (make_user("tax", department=make_department(line="tax")), f"{place}invite/", 404),
    ):  # fmt: skip
        client.force_login(person)
        assert client.get(url).status_code == code, (url, code)
    client.force_login(handler(other))
    assert post(client, f"{mine}do/read/").status_code == 404
    client.force_login(handler(one))
    assert post(client, f"{mine}do/nothing/").status_code == 404
    assert post(client, f"{place}do/publish/").status_code == 403
    assert of(made, one).read_at is None


def test_each_side_has_its_own_line_in_the_menu(client: Client, clerk: User) -> None:
    one = firm("示例甲公司")
    client.force_login(clerk)
    shown = page(client, "/briefings/")
    assert 'href="/briefings/"' in shown and 'href="/my-briefings/"' not in shown
    client.force_login(handler(one))
    shown = page(client, "/my-briefings/")
    assert 'href="/my-briefings/"' in shown and 'href="/briefings/"' not in shown
