"""Opens an account with a first duty and a password that is shown once."""

from __future__ import annotations

import re
import secrets

import pghistory
from django.db import transaction

from jigai.core.access.grants import Access
from jigai.core.models.access import Assignment
from jigai.core.models.user import User
from jigai.core.services.assign_role import assign_role
from jigai.core.sign_in.identify import CREDIT_CODE, MOBILE
from jigai.errors import JigaiError

USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,31}")
# Without signs that are read as another one: 0 O o, 1 l I.
_SIGNS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def new_password() -> str:
    """Sixteen signs in groups of four, easy to read out and 92 bits strong."""
    while True:
        groups = ["".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(4)]
        word = "-".join(groups)
        if any(c.isdigit() for c in word) and any(c.isalpha() for c in word):
            return word


def create_person(
    *, by: Access, username: str, name: str, mobile: str = "", email: str = "",
    duty: Assignment, reason: str,
) -> tuple[User, str]:  # fmt: skip
    """The account and its first password, which must be changed at the first sign-in.

    ``duty`` is a first assignment made up without a person; it is checked as every other one.
    Raises ``JigaiError`` for names and numbers that are taken or would be read as another kind.
    """
    by.require("person.manage")
    username = username.strip().lower()
    check_names(username=username, mobile=mobile, email=email)
    password = new_password()
    with transaction.atomic(), pghistory.context(reason=reason):
        user = User.objects.create_user(
            username, password, name=name.strip(), mobile=mobile, email=email,
            must_change_password=True, created_by=by.user,
        )  # fmt: skip
        duty.user = user
        assign_role(by=by, duty=duty, reason=reason)
    return user, password


def check_names(*, username: str, mobile: str, email: str, but: User | None = None) -> None:
    """Raises ``JigaiError`` unless each can be used to find this account and no other."""
    if not USERNAME.fullmatch(username) or CREDIT_CODE.fullmatch(username.upper()):
        raise JigaiError(
            "username-form",
            "用户名须以小写字母开头，3 至 32 个字符，只用小写字母、数字和 . _ -",
            "18 位的用户名会与统一社会信用代码混淆，请避开",
        )
    if mobile and not MOBILE.fullmatch(mobile):
        raise JigaiError("mobile-form", "手机号应为 11 位数字")
    others = User.objects.exclude(pk=but.pk if but else None)
    if others.filter(username__iexact=username).exists():
        raise JigaiError("username-taken", f"用户名 {username} 已有人使用", "请换一个用户名")
    if mobile and others.filter(mobile=mobile).exists():
        raise JigaiError("mobile-taken", "这个手机号已登记在另一个账号上")
