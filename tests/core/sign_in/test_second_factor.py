"""The second factor: switching on, being asked, recovery codes, wrong codes, secrets at rest."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from jigai.core.access import access_of
from jigai.core.models import Notice, SignInLog, User
from jigai.core.services.person_state import reset_second_factor
from jigai.core.sign_in import SecondFactorAdapter
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"
ASK = "/account/2fa/authenticate/"


def code_now(secret: str = SECRET, steps: int = 0) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


@pytest.fixture
def guarded() -> User:
    user = make_user("section-clerk", username="guarded")
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    return user


def inside(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def test_the_code_is_asked_for_and_lets_in(client: Client, sign_in: Any, guarded: User) -> None:
    assert sign_in("guarded")["Location"] == ASK
    assert not inside(client)
    assert SignInLog.objects.filter(outcome="ok").count() == 0
    assert client.post(ASK, {"code": code_now()}).status_code == 302
    assert inside(client)
    assert SignInLog.objects.filter(outcome="ok", user=guarded).count() == 1


def test_a_code_serves_once(client: Client, sign_in: Any, guarded: User) -> None:
    code = code_now()
    sign_in("guarded")
    client.post(ASK, {"code": code})
    again = Client()
    sign_in("guarded", by=again)
    assert again.post(ASK, {"code": code}).status_code == 200
    assert not inside(again)


def test_a_recovery_code_lets_in_once(client: Client, sign_in: Any, guarded: User) -> None:
    row = Authenticator.objects.get(user=guarded, type="recovery_codes")
    code = row.wrap().get_unused_codes()[0]
    sign_in("guarded")
    client.post(ASK, {"code": code})
    assert inside(client)
    again = Client()
    sign_in("guarded", by=again)
    again.post(ASK, {"code": code})
    assert not inside(again)


def test_wrong_codes_lock_and_are_logged(client: Client, sign_in: Any, guarded: User) -> None:
    sign_in("guarded")
    for _ in range(5):
        page = client.post(ASK, {"code": "000000"})
    assert "动态码不正确" in page.content.decode()
    page = client.post(ASK, {"code": code_now()})
    assert "分钟后再试" in page.content.decode()
    assert not inside(client)
    assert SignInLog.objects.filter(user=guarded, outcome="failed").count() == 5


def test_the_secret_is_not_stored_in_the_clear(guarded: User) -> None:
    row = Authenticator.objects.get(user=guarded, type="totp")
    assert SECRET not in str(row.data)
    assert SecondFactorAdapter().decrypt(row.data["secret"]) == SECRET


def test_a_secret_of_another_key_is_said_so(settings: Any) -> None:
    stored = SecondFactorAdapter().encrypt(SECRET)
    settings.SECRET_KEY = "another"
    with pytest.raises(ValueError, match="another SECRET_KEY"):
        SecondFactorAdapter().decrypt(stored)


def test_switching_on_through_the_pages(
    client: Client, sign_in: Any, django_capture_on_commit_callbacks: Any
) -> None:
    user = make_user(username="known")
    sign_in("known")
    asked = client.get("/account/2fa/totp/activate/")
    assert asked["Location"].startswith("/account/reauthenticate/")
    client.post(asked["Location"], {"password": PASSWORD})
    page = client.get("/account/2fa/totp/activate/")
    assert page.status_code == 200
    secret = page.context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post("/account/2fa/totp/activate/", {"code": code_now(secret)})
    assert done.status_code == 302
    assert Authenticator.objects.filter(user=user, type="totp").exists()
    titles = Notice.objects.filter(user=user).order_by("id").values_list("title", flat=True)
    assert list(titles) == ["您的两步验证已启用"]


def test_an_administrator_switches_it_off_for_a_lost_phone(guarded: User, sign_in: Any) -> None:
    access = access_of(make_user("platform-admin"))
    assert reset_second_factor(by=access, user=guarded, reason="手机遗失，已当面核实") == 2
    assert sign_in("guarded")["Location"] == "/"
    assert "手机遗失" in Notice.objects.filter(user=guarded).first().body  # type: ignore[union-attr]
