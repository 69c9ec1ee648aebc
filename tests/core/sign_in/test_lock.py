"""Lock-out: counted before it is checked, told in minutes, the same for names nobody bears."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jigai.core.access import access_of
from jigai.core.models import SignInLock, SignInLog
from jigai.core.services.person_state import unlock_person
from jigai.core.sign_in.lock import Locked, locked_until
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def wrong(sign_in: Any, name: str, times: int) -> str:
    for _ in range(times):
        page = sign_in(name, "wrong-password-1")
    return str(page.content.decode())


def test_five_wrong_passwords_lock_and_say_how_long(client: Client, sign_in: Any) -> None:
    user = make_user(username="known")
    assert "登录已锁定，请稍后再试" in wrong(sign_in, "known", 5)
    page = sign_in("known").content.decode()
    assert "请 10 分钟后再试" in page and "平台管理员解锁" in page
    assert "_auth_user_id" not in client.session
    assert SignInLog.objects.filter(user=user, outcome="locked").count() == 1
    assert locked_until(user) is not None


def test_a_right_password_forgets_the_wrong_ones(client: Client, sign_in: Any) -> None:
    make_user(username="known")
    wrong(sign_in, "known", 4)
    assert sign_in("known").status_code == 302
    client.post("/account/logout/")
    assert "再错 4 次" in wrong(sign_in, "known", 1)


def test_an_account_has_one_count_for_all_its_names(sign_in: Any) -> None:
    make_user(username="known", mobile="13812345678")
    wrong(sign_in, "known", 3)
    wrong(sign_in, "13812345678", 2)
    assert "分钟后再试" in sign_in("KNOWN").content.decode()


def test_a_name_nobody_bears_locks_just_the_same(sign_in: Any) -> None:
    wrong(sign_in, "nobody", 5)
    assert "请 10 分钟后再试" in sign_in("Nobody ").content.decode()
    assert "nobody" not in SignInLock.objects.get().key


def test_the_lock_ends_by_itself(sign_in: Any) -> None:
    make_user(username="known")
    wrong(sign_in, "known", 5)
    SignInLock.objects.update(locked_until=timezone.now() - timedelta(seconds=1))
    assert sign_in("known").status_code == 302
    assert not SignInLock.objects.exists()


def test_wrong_ones_long_ago_do_not_count(sign_in: Any) -> None:
    make_user(username="known")
    wrong(sign_in, "known", 4)
    SignInLock.objects.update(first_at=timezone.now() - timedelta(seconds=601))
    assert "再错 4 次" in wrong(sign_in, "known", 1)


def test_an_administrator_unlocks(sign_in: Any) -> None:
    user = make_user("section-clerk", username="known")
    wrong(sign_in, "known", 5)
    access = access_of(make_user("platform-admin"))
    assert unlock_person(by=access, user=user, reason="本人来电")
    assert not unlock_person(by=access, user=user, reason="再按一次")
    assert sign_in("known").status_code == 302


def test_the_words_round_up_to_whole_minutes() -> None:
    for seconds, words in ((30, " 1 分钟"), (60, " 1 分钟"), (61.5, " 2 分钟"), (-5, " 1 分钟")):
        assert words in Locked(timezone.now() + timedelta(seconds=seconds)).message


def test_an_address_that_tries_too_many_names_waits(sign_in: Any, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login_failed": "3/m/ip"}
    for name in ("a1", "a2", "a3"):
        wrong(sign_in, name, 1)
    assert "这个网络地址的登录请求过多" in wrong(sign_in, "a4", 1)
