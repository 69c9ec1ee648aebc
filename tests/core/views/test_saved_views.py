"""Saved views: own and shared ones, the default, and nobody else's."""

from __future__ import annotations

import html
import re
import uuid
from typing import Any

import pytest
from django.test import Client

from jigai.core.models import SavedView
from tests.factories import SIBLING, make_enterprise, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(client: Client) -> Client:
    client.force_login(make_user("section-clerk", name="张经办"))
    make_enterprise("甲", town="东镇", pinyin="a")
    make_enterprise("乙", town="西镇", pinyin="b")
    return client


def keep(client: Client, name: str = "东镇的", state: str = "?q=东镇&cols=name&sort=-town",
         **more: str) -> Any:  # fmt: skip
    data = {"page": "enterprises", "name": name, "state": state, "nonce": str(uuid.uuid4()), **more}
    return client.post("/views/save/", data)


def test_a_view_keeps_conditions_columns_and_order(clerk: Client) -> None:
    answer = keep(clerk)
    view = SavedView.objects.get()
    assert (view.query, view.columns, view.sort) == ({"q": ["东镇"]}, ["name"], "-town")
    text = clerk.get(answer["Location"]).content.decode()
    assert ">甲</a>" in text and ">乙</a>" not in text
    assert re.search(r'class="dropdown-item active"[^>]*>\s*东镇的', text)
    keep(clerk, state="?q=西镇")
    view.refresh_from_db()
    assert view.query == {"q": ["西镇"]} and SavedView.objects.count() == 1


def test_the_default_view_opens_by_itself_and_can_be_left(clerk: Client) -> None:
    keep(clerk, is_default="1")
    keep(clerk, name="西镇的", state="?q=西镇", is_default="1")
    assert SavedView.objects.filter(is_default=True).count() == 1
    text = clerk.get("/enterprises/").content.decode()
    assert ">乙</a>" in text and ">甲</a>" not in text
    everything = clerk.get("/enterprises/?view=").content.decode()
    assert ">乙</a>" in everything and ">甲</a>" in everything


@pytest.mark.system("role-access")
def test_shared_views_reach_the_department_and_show_each_what_they_may_see(clerk: Client) -> None:
    keep(clerk, shared="1")
    keep(clerk, name="自己的")
    colleague, stranger = Client(), Client()
    colleague.force_login(make_user("section-chief"))
    stranger.force_login(make_user("section-chief", SIBLING))
    text = colleague.get("/enterprises/").content.decode()
    assert "张经办共享" in text and "自己的" not in text
    assert "张经办共享" not in stranger.get("/enterprises/").content.decode()
    view = SavedView.objects.get(name="东镇的")
    assert colleague.post(f"/views/{view.pk}/delete/").status_code == 404
    assert f"/views/{view.pk}/delete/" not in text
    link = re.search(rf'href="(\?[^"]*view={view.pk})"', text)
    assert link is not None
    assert ">甲</a>" in colleague.get("/enterprises/" + html.unescape(link[1])).content.decode()


def test_a_view_is_deleted_by_its_owner(clerk: Client) -> None:
    keep(clerk)
    assert clerk.post(f"/views/{SavedView.objects.get().pk}/delete/").status_code == 302
    assert not SavedView.objects.exists()


def test_wrong_input_is_refused_gently(clerk: Client) -> None:
    assert "还没有名称" in keep(clerk, name="  ").content.decode()
    assert keep(clerk, page="no-such").status_code == 422
    assert keep(clerk, nonce="x").status_code == 422
    keep(clerk, state="?sort=nonsense&cols=nonsense&size=9&unknown=1")
    assert SavedView.objects.get().sort == ""
    for n in range(30):
        keep(clerk, name=f"视图{n}")
    assert SavedView.objects.count() == 30
    client = Client(raise_request_exception=False)
    client.force_login(make_user("platform-admin"))
    assert keep(client).status_code == 403
