"""Who gets in by which name, and what is said to those who do not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from jigai.core.models import Assignment, SignInLog, User
from jigai.core.sign_in import find_user
from jigai.core.sign_in.backend import IdentifierBackend
from jigai.core.sign_in.identify import shortened
from tests.factories import PASSWORD, make_enterprise, make_user

pytestmark = pytest.mark.django_db


def signed_in(client: Client) -> bool:
    return bool(get_user(client).is_authenticated)  # type: ignore[arg-type]


@pytest.mark.parametrize("typed", ["Zhang.San", "zhang.san", " ZHANG.SAN ", "13812345678"])
def test_by_user_name_in_any_case_or_by_mobile(client: Client, sign_in: Any, typed: str) -> None:
    make_user("section-clerk", username="Zhang.San", mobile="13812345678")
    assert sign_in(typed).status_code == 302
    assert signed_in(client)


def test_by_credit_code_as_the_responsible_person(client: Client, sign_in: Any) -> None:
    enterprise = make_enterprise()
    second = make_user("enterprise-handler", enterprise=enterprise)
    first = make_user("enterprise-handler", enterprise=enterprise)
    first.assignments.update(is_primary=True)
    assert find_user(enterprise.uscc) == first
    assert find_user(enterprise.uscc.lower()) == first
    assert sign_in(enterprise.uscc).status_code == 302
    assert client.session["_auth_user_id"] == str(first.pk) != str(second.pk)


@pytest.mark.parametrize(
    "change",
    [{"is_primary": False}, {"valid_to": -1}, {"valid_from": 1}],
    ids=["not responsible", "ended", "not yet"],
)
def test_a_credit_code_without_a_responsible_person_opens_nothing(change: dict[str, Any]) -> None:
    enterprise = make_enterprise()
    make_user("enterprise-handler", enterprise=enterprise)
    today = timezone.localdate()
    days = {k: today + timedelta(days=v) for k, v in change.items() if k.startswith("valid")}
    Assignment.objects.update(**{"is_primary": True, **change, **days})
    assert find_user(enterprise.uscc) is None


@pytest.mark.parametrize("typed", ["", "  ", "\x00", "nobody", "1381234567", "9" * 18, "a" * 500])
def test_names_that_mean_nobody(typed: str) -> None:
    make_user(mobile="")
    assert find_user(typed) is None


def test_an_empty_mobile_number_finds_nobody() -> None:
    make_user(mobile="")
    make_user(mobile="")
    assert find_user("") is None


@pytest.mark.parametrize(
    ("name", "password"), [("known", "wrong-password-1"), ("unknown", PASSWORD)]
)
def test_the_same_words_for_a_wrong_password_and_an_unknown_name(
    client: Client, sign_in: Any, name: str, password: str
) -> None:
    make_user(username="known")
    page = sign_in(name, password).content.decode()
    assert "用户名或密码不正确，再错 4 次将被锁定" in page
    assert not signed_in(client)


def test_an_inactive_account_is_told_nothing_more(client: Client, sign_in: Any) -> None:
    make_user(username="gone", is_active=False)
    assert "用户名或密码不正确" in sign_in("gone").content.decode()
    assert not signed_in(client)


def test_an_unknown_name_costs_a_hash_too(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[Any] = []
    real = User.set_password
    monkeypatch.setattr(
        User, "set_password", lambda self, word: (hashed.append(word), real(self, word))[1]
    )
    assert IdentifierBackend().authenticate(None, username="nobody", password="x") is None
    assert hashed == ["x"]


def test_where_one_wanted_to_go_and_nowhere_else(client: Client, sign_in: Any) -> None:
    make_user("section-clerk", username="known")
    inside = client.post(
        "/account/login/?next=/me/", {"login": "known", "password": PASSWORD, "next": "/me/"}
    )
    assert inside["Location"] == "/me/"
    client.post("/account/logout/")
    away = {"login": "known", "password": PASSWORD, "next": "https://evil.example/"}
    assert client.post("/account/login/", away)["Location"] == "/"


def test_reading_the_page_signs_nobody_out(client: Client, sign_in: Any) -> None:
    make_user(username="known")
    sign_in("known")
    client.get("/account/logout/")
    assert signed_in(client)
    client.post("/account/logout/")
    assert not signed_in(client)


def test_the_log_holds_every_outcome_and_no_password(client: Client, sign_in: Any) -> None:
    user = make_user(username="known", mobile="13812345678")
    sign_in("known", "a-wrong-secret-9", HTTP_USER_AGENT="x" * 400)
    sign_in("13812345678")
    client.post("/account/logout/")
    sign_in("MySecretPassword1")
    rows = list(SignInLog.objects.order_by("id"))
    assert [row.outcome for row in rows] == ["failed", "ok", "out", "failed"]
    assert [row.user_id for row in rows] == [user.pk, user.pk, user.pk, None]
    assert len(rows[0].agent) == 200 and rows[0].address == "127.0.0.1"
    told = " ".join(f"{row.identifier} {row.agent}" for row in rows)
    assert "secret" not in told.lower()
    assert rows[3].identifier == "My…（17 字）"


@pytest.mark.parametrize(
    ("typed", "known", "kept"),
    [
        ("13812345678", True, "138****5678"),
        ("91370812MA3TEST001", True, "913708…T001"),
        ("clerk", True, "clerk"),
        ("hunter2!", False, "hu…（8 字）"),
        ("x", False, "…"),
        ("a\x00bc", True, "abc"),
    ],
)
def test_what_the_log_keeps_of_a_name(typed: str, known: bool, kept: str) -> None:
    assert shortened(typed, known=known) == kept


def test_the_log_can_only_grow() -> None:
    SignInLog.objects.create(outcome="failed", identifier="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        SignInLog.objects.update(outcome="ok")


def test_a_proxy_is_believed_only_where_one_is_declared(
    client: Client, sign_in: Any, settings: Any
) -> None:
    sign_in("nobody", HTTP_X_FORWARDED_FOR="203.0.113.9")
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    sign_in("nobody", HTTP_X_FORWARDED_FOR="203.0.113.9")
    addresses = SignInLog.objects.order_by("id").values_list("address", flat=True)
    assert list(addresses) == ["127.0.0.1", "203.0.113.9"]


@pytest.mark.parametrize(
    "path",
    ["signup/", "email/", "confirm-email/", "password/set/", "password/reset/", "social/signup/",
     "3rdparty/", "2fa/webauthn/", "login/code/", "login/code/confirm/", "phone/verify/"],
)  # fmt: skip
def test_pages_of_the_library_that_are_not_used_do_not_exist(client: Client, path: str) -> None:
    client.force_login(make_user())
    assert client.get(f"/account/{path}").status_code == 404
    assert client.post(f"/account/{path}").status_code == 404
