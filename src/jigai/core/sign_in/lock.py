"""Lock-out after wrong passwords, kept in the database so that every process counts together."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from jigai.core.models.sign_in import SignInLock
from jigai.core.models.user import User
from jigai.core.sign_in.identify import find_user
from jigai.errors import JigaiError


class Locked(JigaiError):
    """Too many wrong attempts; says how long it lasts."""

    def __init__(self, until: datetime) -> None:
        minutes = max(1, ceil((until - timezone.now()).total_seconds() / 60))
        super().__init__(
            "sign-in-locked",
            f"连续输错次数过多，登录已锁定，请 {minutes} 分钟后再试",
            "急用时请本单位的平台管理员解锁",
        )


def lock_key(identifier: str) -> str:
    """The same key for every name of one account, so that changing names gives no more tries."""
    user = find_user(identifier)
    return user_key(user) if user else _hashed(f"name:{identifier.strip().lower()}")


def user_key(user: User) -> str:
    """The key of an account."""
    return _hashed(f"user:{user.pk}")


def second_factor_key(user: User) -> str:
    """The key of an account's one-time codes, counted apart from its password."""
    return _hashed(f"code:{user.pk}")


def take_attempt(key: str) -> int:
    """Count an attempt before it is checked; returns how many wrong ones are left after it.

    Counting first closes the gap in which parallel attempts would all pass. A right password gives
    the attempts back (:func:`clear`). Raises :class:`Locked`.
    """
    now = timezone.now()
    with transaction.atomic():
        SignInLock.objects.get_or_create(key=key, defaults={"first_at": now})
        row = SignInLock.objects.select_for_update().get(key=key)
        if row.locked_until and row.locked_until > now:
            raise Locked(row.locked_until)
        window = timedelta(seconds=settings.SIGN_IN_WINDOW_SECONDS)
        if row.locked_until or row.first_at < now - window:
            row.failures, row.first_at, row.locked_until = 0, now, None
        row.failures += 1
        if row.failures >= settings.SIGN_IN_FAILURES:
            row.locked_until = now + timedelta(seconds=settings.SIGN_IN_LOCK_SECONDS)
        row.save()
    return max(0, settings.SIGN_IN_FAILURES - row.failures)


def clear(key: str) -> bool:
    """Forget the wrong attempts; tells whether there were any."""
    return SignInLock.objects.filter(key=key).delete()[0] > 0


def locked_until(user: User) -> datetime | None:
    """Until when the account is locked (by password or code), if it is."""
    rows = SignInLock.objects.filter(
        key__in=[user_key(user), second_factor_key(user)], locked_until__gt=timezone.now()
    )
    return max((row.locked_until for row in rows if row.locked_until), default=None)


def _hashed(text: str) -> str:
    return salted_hmac("jigai.sign-in-lock", text, algorithm="sha256").hexdigest()
