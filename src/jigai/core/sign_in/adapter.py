"""Our rules inside django-allauth."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse

from jigai.core.models.user import User
from jigai.core.sign_in.lock import Locked, clear, lock_key, take_attempt
from jigai.core.sign_in.log import Outcome, record

_WRONG = "用户名或密码不正确"


class AccountAdapter(DefaultAccountAdapter):
    """Closed to self-registration; counts wrong passwords; mails nothing by itself."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": "这个网络地址的登录请求过多，请过一分钟再试",
        "username_password_mismatch": _WRONG,
        "incorrect_password": "密码不正确",
    }
    _left = 0

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Always closed: accounts come from the bureau or by invitation."""
        return False

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: our own notices tell, through the channels a person chose."""

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to one's own page; somebody who had to change the password goes on from there."""
        return reverse("profile")

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse at once while the address or the account is locked."""
        name = str(credentials.get("username", ""))
        super().pre_authenticate(request, **credentials)
        try:
            self._left = take_attempt(lock_key(name))
        except Locked as locked:
            self._rollback_login_failed_rl_usage()
            record(request, Outcome.LOCKED, identifier=name)
            raise ValidationError(str(locked), code=locked.code) from None

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The account, whose earlier wrong attempts are then forgotten."""
        user: User | None = super().authenticate(request, **credentials)
        if user is not None:
            clear(lock_key(str(credentials.get("username", ""))))
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Log the attempt and say how many are left; the same words for unknown names."""
        record(request, Outcome.FAILED, identifier=str(credentials.get("username", "")))
        after = f"，再错 {self._left} 次将被锁定" if self._left else "，登录已锁定，请稍后再试"
        self.error_messages = {**self.error_messages, "username_password_mismatch": _WRONG + after}
