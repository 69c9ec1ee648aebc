"""Changes to an account itself: details, deactivation, password, lock, second factor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pghistory
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from jigai.core.access.grants import Access, Denied
from jigai.core.access.people import check_person
from jigai.core.models.user import User
from jigai.core.services.create_person import check_names, new_password
from jigai.core.services.last_administrator import keeping_an_administrator
from jigai.core.services.send_notice import send_notice
from jigai.core.sign_in.lock import clear, second_factor_key, user_key
from jigai.core.sign_in.sessions import end_sessions
from jigai.errors import JigaiError


def edit_person(*, by: Access, user: User, name: str, mobile: str, email: str, reason: str) -> User:
    """Correct the name and the ways to reach somebody."""
    with _managed(by, user, reason) as row:
        check_names(username=row.username, mobile=mobile, email=email, but=row)
        row.name, row.mobile, row.email = name.strip(), mobile, email
        row.save(update_fields=["name", "mobile", "email"])
    return row


def deactivate_person(*, by: Access, user: User, reason: str) -> User:
    """The account can no longer sign in and its sessions end; its record stays.

    Raises ``JigaiError`` for the last administrator, :class:`Denied` for oneself.
    """
    _not_oneself(by, user, "停用")
    with _managed(by, user, reason) as row:
        if not row.is_active:
            raise JigaiError("person-inactive", f"“{row}”已经停用")
        row.is_active = False
        with keeping_an_administrator():
            row.save(update_fields=["is_active"])
        end_sessions(row)
    return row


def activate_person(*, by: Access, user: User, reason: str) -> User:
    """Open a deactivated account again, with the duties that still hold."""
    with _managed(by, user, reason) as row:
        if row.is_active:
            raise JigaiError("person-active", f"“{row}”没有停用")
        row.is_active = True
        row.save(update_fields=["is_active"])
    return row


def reset_password(*, by: Access, user: User, reason: str) -> str:
    """A new first password, shown once; sessions end and it must be changed at once."""
    _not_oneself(by, user, "重置密码")
    password = new_password()
    with _managed(by, user, reason) as row:
        row.set_password(password)
        row.must_change_password = True
        # Also leaves a trace where the account had a first password already.
        row.password_changed_at = timezone.now()
        row.save(update_fields=["password", "must_change_password", "password_changed_at"])
        clear(user_key(row))
        end_sessions(row)
        send_notice(
            user=row, event="account-security", title="您的密码由平台管理员重置",
            body=f"办理人：{by.user}。事由：{reason}",
        )  # fmt: skip
    return password


def unlock_person(*, by: Access, user: User, reason: str) -> bool:
    """Forget the wrong attempts of an account; tells whether there were any."""
    with _managed(by, user, reason) as row:
        keys = [user_key(row), second_factor_key(row)]
        return any([clear(key) for key in keys])


def reset_second_factor(*, by: Access, user: User, reason: str) -> int:
    """Take away the second factor of somebody who lost the phone; returns the parts removed."""
    _not_oneself(by, user, "重置两步验证")
    with _managed(by, user, reason) as row:
        removed = Authenticator.objects.filter(user=row).delete()[0]
        clear(second_factor_key(row))
        end_sessions(row)
        send_notice(
            user=row, event="account-security", title="您的两步验证由平台管理员停用",
            body=f"办理人：{by.user}。事由：{reason}",
        )  # fmt: skip
    return removed


@contextmanager
def _managed(by: Access, user: User, reason: str) -> Iterator[User]:
    """Lock, check, and record why."""
    by.require("person.manage")
    with transaction.atomic(), pghistory.context(reason=reason):
        row = User.objects.select_for_update().get(pk=user.pk)
        check_person(by, "person.manage", row)
        yield row


def _not_oneself(by: Access, user: User, verb: str) -> None:
    if by.user is not None and by.user.pk == user.pk:
        raise Denied("oneself", f"不能为自己的账号{verb}", "请由另一位平台管理员办理")
