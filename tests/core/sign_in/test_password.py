"""Changing the password: by rule, by force, and what follows."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from jigai.core.models import Notice, User
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
CHANGE = "/account/password/change/"
NEW = "Another-horse-34"


def change(client: Client, new: str = NEW, old: str = PASSWORD) -> Any:
    return client.post(CHANGE, {"oldpassword": old, "password1": new, "password2": new})


def test_a_first_password_is_changed_before_anything_else(client: Client, sign_in: Any) -> None:
    user = make_user("section-clerk", username="fresh", must_change_password=True)
    sign_in("fresh")
    for path in ("/me/", "/regions/", "/notices/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, CHANGE)
    assert client.get(CHANGE).status_code == 200
    assert change(client)["Location"] == "/me/"
    user.refresh_from_db()
    assert not user.must_change_password and user.password_changed_at is not None
    assert client.get("/me/").status_code == 200


def test_a_part_of_a_page_is_led_there_as_a_whole(client: Client, sign_in: Any) -> None:
    make_user(username="fresh", must_change_password=True)
    sign_in("fresh")
    answer = client.get("/notices/bell/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, CHANGE)


def test_somebody_with_a_first_password_can_leave(client: Client, sign_in: Any) -> None:
    make_user(username="fresh", must_change_password=True)
    sign_in("fresh")
    assert client.post("/account/logout/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_the_same_password_again_is_no_change(client: Client, sign_in: Any) -> None:
    user = make_user(username="fresh", must_change_password=True)
    sign_in("fresh")
    assert "新密码不能与现在的密码相同" in change(client, PASSWORD).content.decode()
    user.refresh_from_db()
    assert user.must_change_password


def test_other_sessions_end_and_the_person_is_told(client: Client, sign_in: Any) -> None:
    user = make_user(username="known")
    other = Client()
    sign_in("known", by=other)
    sign_in("known")
    assert change(client).status_code == 302
    assert client.get("/me/").status_code == 200
    assert other.get("/me/").status_code == 302
    assert Notice.objects.get(user=user).title == "您的登录密码已修改"


def test_the_old_password_must_be_known(client: Client, sign_in: Any) -> None:
    user = make_user(username="known")
    sign_in("known")
    assert change(client, old="not-the-old-1").status_code == 200
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("Short-1", "password_too_short"),
        ("password12", "password_too_common"),
        ("8274619350", "password_entirely_numeric"),
        ("qzjxvkwmpb", "password_one_kind"),
        ("zhangsanfeng1", "password_too_similar"),
        ("13812345678a", "password_too_similar"),
    ],
)
def test_the_rules(word: str, code: str) -> None:
    user = make_user(username="zhangsanfeng", mobile="13812345678")
    with pytest.raises(ValidationError) as refused:
        validate_password(word, user)
    assert code in {error.code for error in refused.value.error_list}


def test_a_good_password_passes() -> None:
    validate_password(NEW, make_user())


def test_the_platform_hashes_with_argon2() -> None:
    from jigai.config import settings

    assert settings.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
