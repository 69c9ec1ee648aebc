"""One enterprise: its page, editing with two people at once, correcting a figure."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from jigai.core.models import AccessLog, Enterprise, EnterpriseFigure
from tests.factories import SIBLING, make_enterprise, make_figure, make_user
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(client: Client) -> Client:
    client.force_login(make_user("section-clerk", name="张经办"))
    return client


def form_of(row: Enterprise, **changes: Any) -> dict[str, Any]:
    fields = ("name", "uscc", "legal_type", "registered_region", "town", "address", "industry_code",
              "industry_name", "version")  # fmt: skip
    data = {name: getattr(row, name) or "" for name in fields}
    return {**data, "founded": row.founded or "", "nonce": str(uuid.uuid4()), **changes}


def test_page_shows_figures_with_their_origin_and_what_they_replaced(clerk: Client) -> None:
    row = make_enterprise("甲企业", figures={2021: {"revenue": 123_456_789, "grade": "B"}})
    make_figure(row, "grade", 2021, "A", source="更正通知", recorded_by=make_user(name="李审核"))
    text = clerk.get(f"/enterprises/{row.pk}/").content.decode()
    for words in ("1,234,567.89", "更正通知", "李审核", "以前的数", "已被替代", "测试名录"):
        assert words in text


def test_reading_is_recorded_but_not_for_the_enterprise_itself(client: Client) -> None:
    row = make_enterprise("甲企业")
    reader = make_user("leader")
    client.force_login(reader)
    client.get(f"/enterprises/{row.pk}/")
    log = AccessLog.objects.get()
    assert (log.user, log.action, log.kind, log.key) == (reader, "view", "enterprise", str(row.pk))
    client.force_login(make_user("enterprise-handler", enterprise=row))
    client.get(f"/enterprises/{row.pk}/")
    assert AccessLog.objects.count() == 1


@pytest.mark.system("role-access")
def test_only_editors_within_reach_may_edit(client: Client) -> None:
    row = make_enterprise("甲企业")
    for role, region, status in (
        ("section-clerk", "370812", 200),
        ("section-clerk", SIBLING, 404),
        ("leader", "370812", 403),
    ):
        client.force_login(make_user(role, region))
        assert client.get(f"/enterprises/{row.pk}/edit/").status_code == status
        sent = client.post(f"/enterprises/{row.pk}/edit/", form_of(row, town="新镇"))
        assert sent.status_code == (302 if status == 200 else status)
        figure = client.get(f"/enterprises/{row.pk}/figures/2021/grade/")
        assert figure.status_code == status


def test_editing_bumps_the_version_and_tells_the_audit_why(clerk: Client) -> None:
    row = make_enterprise("甲企业", town="旧镇")
    sent = clerk.post(f"/enterprises/{row.pk}/edit/", form_of(row, town="新镇", reason="区划调整"))
    assert sent.status_code == 302, sent.content.decode()
    row.refresh_from_db()
    assert (row.town, row.version) == ("新镇", 2)
    events: Any = apps.get_model("core.EnterpriseEvent")._default_manager
    event = events.filter(pgh_obj_id=row.pk).order_by("-pgh_id").first()
    assert event.town == "新镇"
    assert event.pgh_context.metadata["reason"] == "区划调整"


def test_the_same_form_sent_twice_changes_once(clerk: Client) -> None:
    row = make_enterprise("甲企业")
    data = form_of(row, town="新镇")
    first = clerk.post(f"/enterprises/{row.pk}/edit/", data)
    second = clerk.post(f"/enterprises/{row.pk}/edit/", data)
    assert (
        first.status_code == second.status_code == 302 and first["Location"] == second["Location"]
    )
    row.refresh_from_db()
    assert row.version == 2


def test_two_editors_meet_in_a_notice_with_both_versions(clerk: Client) -> None:
    row = make_enterprise("甲企业", town="旧镇")
    mine = form_of(row, town="我的镇")
    other = Client()
    other.force_login(make_user("section-chief", name="王科长"))
    other.post(f"/enterprises/{row.pk}/edit/", form_of(row, town="他的镇", address="某路"))
    answer = clerk.post(f"/enterprises/{row.pk}/edit/", mine)
    text = answer.content.decode()
    assert answer.status_code == 200
    for words in ("刚被别人改过", "王科长", "我的镇", "他的镇", "某路"):
        assert words in text
    row.refresh_from_db()
    assert row.town == "他的镇"
    assert 'name="version" value="2"' in text
    again = clerk.post(f"/enterprises/{row.pk}/edit/", {**mine, "version": "2",
                                                         "nonce": str(uuid.uuid4())})  # fmt: skip
    assert again.status_code == 302
    row.refresh_from_db()
    assert (row.town, row.version) == ("我的镇", 3)


def test_a_code_that_fails_its_check_needs_acceptance_and_a_reason(clerk: Client) -> None:
    row = make_enterprise("甲企业")
    url, wrong = f"/enterprises/{row.pk}/edit/", "913708126138000001"
    assert "校验位不符" in clerk.post(url, form_of(row, uscc=wrong)).content.decode()
    unreasoned = clerk.post(url, form_of(row, uscc=wrong, accept_code="on"))
    assert "请写明核实的依据" in unreasoned.content.decode()
    sent = clerk.post(url, form_of(row, uscc=wrong, accept_code="on", reason="早年闽赣编码"))
    assert sent.status_code == 302
    row.refresh_from_db()
    assert row.uscc == wrong


def test_a_code_of_another_enterprise_is_refused_and_the_form_stays_usable(clerk: Client) -> None:
    other, row = make_enterprise("乙"), make_enterprise("甲")
    sent = clerk.post(f"/enterprises/{row.pk}/edit/", form_of(row, uscc=other.uscc))
    assert sent.status_code in (200, 422)
    assert "另一家企业已登记" in sent.content.decode()


def test_renaming_keeps_the_former_name_on_request_and_sorts_by_the_new_one(clerk: Client) -> None:
    row = make_enterprise("旧名机械")
    clerk.post(f"/enterprises/{row.pk}/edit/", form_of(row, name="新名机械", keep_former_name="on"))
    row.refresh_from_db()
    assert row.pinyin == "xin ming ji xie"
    assert [former.name for former in row.former_names.all()] == ["旧名机械"]
    assert "旧名机械" in clerk.get(f"/enterprises/{row.pk}/").content.decode()


def test_a_new_industry_gives_a_new_size_class(clerk: Client) -> None:
    figures = {"employees": 500, "revenue": 3_000_000_000_00, "size_computed": "medium"}
    row = make_enterprise("甲", industry_code="3421", figures={2021: figures})
    clerk.post(f"/enterprises/{row.pk}/edit/", form_of(row, industry_code="6510", industry_name=""))
    row.refresh_from_db()
    newest = row.figures.filter(term="size_computed").order_by("-id").first()
    assert (newest is not None and newest.source == "按划分标准计算") or row.figures.count() == 3


def correction(row: Enterprise, value: str, seen: Any = "", **more: str) -> dict[str, str]:
    return {"value": value, "source": "统计年报", "reason": "抄录有误", "seen": str(seen),
            "nonce": str(uuid.uuid4()), **more}  # fmt: skip


def test_a_correction_is_a_new_fact_with_source_and_reason(clerk: Client) -> None:
    row = make_enterprise("甲", figures={2021: {"revenue": 100}})
    old = row.figures.get()
    url = f"/enterprises/{row.pk}/figures/2021/revenue/"
    assert 'value="1.00"' in clerk.get(url).content.decode()
    sent = clerk.post(url, correction(row, "12,345.67", old.pk))
    assert sent.status_code == 302, sent.content.decode()
    newest = row.figures.filter(term="revenue").order_by("-id").first()
    assert newest is not None
    assert (newest.number, newest.source, newest.reason) == (1_234_567, "统计年报", "抄录有误")
    assert newest.recorded_by is not None and newest.recorded_by.name == "张经办"
    old.refresh_from_db()
    assert old.number == 100 and old.withdrawn_at is None
    row.refresh_from_db()
    assert row.version == 2


def test_a_correction_of_a_figure_somebody_just_corrected_is_refused(clerk: Client) -> None:
    row = make_enterprise("甲", figures={2021: {"grade": "A"}})
    seen = row.figures.get().pk
    make_figure(row, "grade", 2021, "B")
    sent = clerk.post(f"/enterprises/{row.pk}/figures/2021/grade/", correction(row, "C", seen))
    assert "刚有人更正过" in sent.content.decode()
    assert row.figures.count() == 2


@pytest.mark.parametrize(
    ("term", "value", "column", "stored"),
    [
        ("land", "12.5", "number", 833_333),
        ("employees", "0", "number", 0),
        ("echelon", "no", "text", "no"),
        ("violation_date", "2021-03-04", "day", "2021-03-04"),
        ("grade", "", "text", None),
    ],
)
def test_values_are_kept_in_the_whole_unit_of_their_term(
    clerk: Client, term: str, value: str, column: str, stored: Any
) -> None:
    row = make_enterprise("甲")
    sent = clerk.post(f"/enterprises/{row.pk}/figures/2021/{term}/", correction(row, value))
    assert sent.status_code == 302, sent.content.decode()
    found = getattr(row.figures.get(term=term), column)
    assert found == stored or str(found) == stored


@pytest.mark.parametrize(
    ("term", "value"),
    [("revenue", "约三千"), ("revenue", "9" * 30), ("revenue", "9" * 19), ("revenue", "1e25"),
     ("land", "1e25"), ("employees", "-1"), ("grade", "Z"), ("violation_date", "昨天")],
)  # fmt: skip
def test_unreadable_values_are_named_and_nothing_is_kept(
    clerk: Client, term: str, value: str
) -> None:
    row = make_enterprise("甲")
    sent = clerk.post(f"/enterprises/{row.pk}/figures/2021/{term}/", correction(row, value))
    assert sent.status_code == 200 and "is-invalid" in sent.content.decode()
    assert not EnterpriseFigure.objects.exists()


def test_an_amount_beyond_all_measure_is_named_as_such(clerk: Client) -> None:
    row = make_enterprise("甲")
    sent = clerk.post(f"/enterprises/{row.pk}/figures/2021/revenue/", correction(row, "1e25"))
    assert "数值太大" in sent.content.decode()


@pytest.mark.parametrize(
    "path", ["2021/size_computed", "2021/nonsense", "1900/grade", "9999/grade"]
)
def test_figures_that_follow_from_others_are_not_entered(clerk: Client, path: str) -> None:
    row = make_enterprise("甲")
    assert clerk.get(f"/enterprises/{row.pk}/figures/{path}/").status_code == 404


def test_query_count_of_the_page_does_not_grow(clerk: Client) -> None:
    row = make_enterprise("甲企业")
    made: list[Any] = []

    def grow(size: int) -> None:
        while len(made) < size:
            year = 2000 + len(made)
            made.append(make_figure(row, "grade", year, "A", recorded_by=make_user()))
            make_figure(row, "revenue", year, 5, recorded_at=timezone.now())
            row.former_names.create(name=f"旧名{year}")

    assert_query_count(clerk, f"/enterprises/{row.pk}/", grow, most=16)
