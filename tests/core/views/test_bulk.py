"""Bulk actions: nothing changes before the preview is confirmed, and nothing out of reach ever."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from jigai.core.models import Enterprise
from jigai.core.screens.enterprise_bulk import SetIndustry
from tests.factories import SIBLING, make_enterprise, make_user

pytestmark = pytest.mark.django_db
TOWN, INDUSTRY = "/enterprises/bulk/town/", "/enterprises/bulk/industry/"


@pytest.fixture
def clerk(client: Client) -> Client:
    client.force_login(make_user("section-clerk"))
    return client


def sent(rows: list[Enterprise], step: str, **values: Any) -> dict[str, Any]:
    return {
        "row": [row.pk for row in rows],
        "version": [f"{row.pk}:{row.version}" for row in rows],
        "step": step,
        "reason": "区划调整",
        "nonce": str(uuid.uuid4()),
        **values,
    }


def test_choose_preview_and_carry_out(clerk: Client) -> None:
    first, second = make_enterprise("甲", town="旧镇"), make_enterprise("乙", town="新兖镇")
    rows = [first, second]
    assert "下一步" in clerk.post(TOWN, {"row": [first.pk, second.pk]}).content.decode()
    preview = clerk.post(TOWN, sent(rows, "preview", town="新兖镇")).content.decode()
    assert "将修改 1 行" in preview and "不变" in preview and "旧镇" in preview
    assert Enterprise.objects.filter(version=1).count() == 2
    done = clerk.post(TOWN, sent(rows, "apply", town="新兖镇", state="?q=甲"))
    assert done.status_code == 302 and done["Location"] == "/enterprises/?q=%E7%94%B2"
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.town, first.version, second.version) == ("新兖镇", 2, 1)
    events: Any = apps.get_model("core.EnterpriseEvent")._default_manager
    event = events.filter(pgh_obj_id=first.pk).order_by("-pgh_id").first()
    assert event.pgh_context.metadata["reason"] == "区划调整"


class OnlyHeadOffices(SetIndustry):
    """An action with a rule of its own."""

    def refusal(self, row: Enterprise, values: dict[str, Any]) -> str:
        return "只改总厂" if row.legal_type == "branch" else ""


def test_refused_rows_say_why_and_stay(clerk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SetIndustry, "refusal", OnlyHeadOffices.refusal)
    rows = [make_enterprise("总厂"), make_enterprise("分厂", legal_type="branch")]
    preview = clerk.post(INDUSTRY, sent(rows, "preview", industry_code="3421")).content.decode()
    assert "不能修改" in preview and "只改总厂" in preview
    clerk.post(INDUSTRY, sent(rows, "apply", industry_code="3421"))
    stored = dict(Enterprise.objects.values_list("name", "industry_code"))
    assert stored == {"总厂": "3421", "分厂": ""}
    assert Enterprise.objects.get(name="总厂").industry_name != ""


def test_a_row_changed_after_the_preview_stays(clerk: Client) -> None:
    row, other = make_enterprise("甲", town="旧镇"), make_enterprise("乙")
    data = sent([row, other], "apply", town="新镇")
    Enterprise.objects.filter(pk=row.pk).update(town="别人填的", version=2)
    answer = clerk.post(TOWN, data, follow=True)
    assert "预览之后被他人修改" in answer.content.decode()
    assert dict(Enterprise.objects.values_list("name", "town")) == {"甲": "别人填的", "乙": "新镇"}


@pytest.mark.system("role-access")
def test_rows_out_of_reach_are_counted_but_never_shown_or_changed(clerk: Client) -> None:
    own, foreign = make_enterprise("甲"), make_enterprise("邻县企业", SIBLING)
    preview = clerk.post(TOWN, sent([own, foreign], "preview", town="新镇")).content.decode()
    assert "有 1 行不在您可修改的范围内" in preview and "邻县企业" not in preview
    clerk.post(TOWN, sent([own, foreign], "apply", town="新镇"))
    foreign.refresh_from_db()
    assert foreign.town == ""


@pytest.mark.system("role-access")
def test_readers_may_not_change(client: Client) -> None:
    row = make_enterprise("甲")
    client.force_login(make_user("leader"))
    assert client.post(TOWN, sent([row], "apply", town="新镇")).status_code == 403
    assert "data-check-row" not in client.get("/enterprises/").content.decode()


def test_wrong_input_is_answered_gently(clerk: Client) -> None:
    row = make_enterprise("甲")
    assert "还没有选择行" in clerk.post(TOWN, {}).content.decode()
    assert "还没有选择行" in clerk.post(TOWN, {"row": ["x", "-1", "9" * 30]}).content.decode()
    many = clerk.post(TOWN, {"row": list(range(1, 502))})
    assert "一次最多修改 500 行" in many.content.decode()
    unknown = clerk.post(INDUSTRY, sent([row], "preview", industry_code="9999"))
    assert "is-invalid" in unknown.content.decode()
    assert clerk.post("/enterprises/bulk/nonsense/", {"row": [row.pk]}).status_code == 404
    assert clerk.get(TOWN).status_code == 302
    without = sent([row], "apply", town="新镇") | {"nonce": "no"}
    assert clerk.post(TOWN, without).status_code == 422


def test_confirming_twice_changes_once(clerk: Client) -> None:
    row = make_enterprise("甲")
    data = sent([row], "apply", town="新镇")
    for _ in range(2):
        assert clerk.post(TOWN, data).status_code == 302
    row.refresh_from_db()
    assert row.version == 2
