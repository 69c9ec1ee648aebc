"""What follows when somebody signs in or out or changes a password."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed
from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone

from jigai.core.models.user import User
from jigai.core.services.send_notice import send_notice
from jigai.core.sign_in.log import Outcome, record
from jigai.core.sign_in.sessions import end_sessions


@receiver(user_logged_in)
def on_sign_in(request: Any, user: User, **_: Any) -> None:
    """Log it, and end the oldest sessions beyond the limit."""
    record(request, Outcome.OK, user=user)
    end_sessions(
        user, but=request.session.session_key or "", keep=settings.SESSIONS_PER_ACCOUNT - 1
    )


@receiver(user_logged_out)
def on_sign_out(request: Any, user: User | None, **_: Any) -> None:
    """Log it; a session that had ended by itself has nobody to log."""
    if user is not None:
        record(request, Outcome.OUT, user=user)


@receiver(authentication_failed)
def on_wrong_code(request: Any, user: User, **_: Any) -> None:
    """A wrong one-time code is a failed sign-in too."""
    record(request, Outcome.FAILED, user=user)


@receiver(password_changed)
def on_new_password(request: Any, user: User, **_: Any) -> None:
    """The forced change is done; other sessions of the account end."""
    User.objects.filter(pk=user.pk).update(
        must_change_password=False, password_changed_at=timezone.now()
    )
    end_sessions(user, but=request.session.session_key or "")
    send_notice(
        user=user, event="account-security", title="您的登录密码已修改", url=reverse("profile")
    )


@receiver(authenticator_added)
@receiver(authenticator_removed)
def on_second_factor(user: User, authenticator: Authenticator, signal: Any, **_: Any) -> None:
    """Tell the person: somebody else may have done it. Recovery codes come and go with it."""
    if authenticator.type != Authenticator.Type.TOTP:
        return
    words = "已启用" if signal is authenticator_added else "已停用"
    send_notice(
        user=user, event="account-security", title=f"您的两步验证{words}", url=reverse("profile")
    )
