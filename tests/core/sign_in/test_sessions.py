"""Sessions: how many, how long idle, and what a lost one answers."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from jigai.core.models import User
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db


def open_for(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def test_the_fourth_sign_in_ends_the_oldest(sign_in: Any) -> None:
    make_user(username="known")
    browsers = [Client() for _ in range(4)]
    for browser in browsers:
        sign_in("known", by=browser)
    assert [open_for(browser) for browser in browsers] == [False, True, True, True]
    assert UserSession.objects.count() == 3


def test_the_number_is_a_setting(sign_in: Any, settings: Any) -> None:
    settings.SESSIONS_PER_ACCOUNT = 1
    make_user(username="known")
    first, second = Client(), Client()
    sign_in("known", by=first)
    sign_in("known", by=second)
    assert not open_for(first) and open_for(second)


def test_another_account_is_left_alone(sign_in: Any, settings: Any) -> None:
    settings.SESSIONS_PER_ACCOUNT = 1
    make_user(username="one")
    make_user(username="two")
    first, second = Client(), Client()
    sign_in("one", by=first)
    sign_in("two", by=second)
    assert open_for(first) and open_for(second)


def be_idle(client: Client, seconds: int) -> None:
    session = client.session
    session["seen"] -= seconds
    session.save()


def test_an_idle_session_ends_and_says_so(client: Client, sign_in: Any) -> None:
    make_user(username="known")
    sign_in("known")
    assert open_for(client)
    be_idle(client, 1799)
    assert open_for(client)
    be_idle(client, 1802)
    gone = client.get("/me/")
    assert gone.status_code == 302 and gone["Location"] == "/account/login/?next=/me/"
    assert "超过 30 分钟没有操作" in client.get(gone["Location"]).content.decode()
    assert not UserSession.objects.exists()


def test_a_session_is_touched_once_a_minute(client: Client, sign_in: Any) -> None:
    make_user(username="known")
    sign_in("known")
    client.get("/me/")
    seen = client.session["seen"]
    be_idle(client, 30)
    client.get("/me/")
    assert client.session["seen"] == seen - 30
    be_idle(client, 31)
    client.get("/me/")
    assert client.session["seen"] >= seen


def test_a_part_of_a_page_answers_401_in_words_when_the_session_is_lost(client: Client) -> None:
    answer = client.get("/notices/bell/", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.content.decode() == "登录已失效，请重新登录后继续"
    posted = client.post("/delegations/new/", {"reason": "x"}, headers={"HX-Request": "true"})
    assert posted.status_code == 401


def test_one_ends_single_sessions_or_all_others(client: Client, sign_in: Any) -> None:
    user = make_user(username="known")
    other, third = Client(), Client()
    for browser in (other, third, client):
        sign_in("known", by=browser)
    row = UserSession.objects.get(user=user, session_key=other.session.session_key)
    client.post(f"/me/sessions/{row.pk}/end/")
    assert not open_for(other) and open_for(third) and open_for(client)
    client.post("/me/sessions/end/")
    assert not open_for(third) and open_for(client)


def test_nobody_ends_the_session_of_another(client: Client, sign_in: Any) -> None:
    make_user(username="known")
    make_user(username="other")
    theirs = Client()
    sign_in("other", by=theirs)
    sign_in("known")
    row = UserSession.objects.get(session_key=theirs.session.session_key)
    assert client.post(f"/me/sessions/{row.pk}/end/").status_code == 404
    assert open_for(theirs)


def test_a_deactivated_account_is_out_at_once(client: Client, sign_in: Any) -> None:
    user = make_user(username="known")
    sign_in("known")
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/me/").status_code == 302


def test_a_form_without_protection_is_explained(sign_in: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    make_user(username="known")
    page = strict.post("/account/login/", {"login": "known", "password": PASSWORD})
    assert page.status_code == 403
    text = page.content.decode()
    assert "CSRF verification" not in text and "返回上一页" in text


@pytest.mark.parametrize("path", ["/account/login/", "/me/", "/no-such-page/", "/notices/"])
def test_every_page_carries_the_security_headers(client: Client, path: str) -> None:
    client.force_login(make_user())
    answer = client.get(path)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert "no-store" in answer["Cache-Control"]
