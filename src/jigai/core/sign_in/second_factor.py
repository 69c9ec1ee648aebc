"""One-time codes: their secrets at rest, and the count of wrong ones."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base import forms as allauth_forms
from allauth.mfa.totp.forms import ActivateTOTPForm
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.exceptions import ValidationError

from jigai.core.sign_in.lock import Locked, clear, second_factor_key, take_attempt


class SecondFactorAdapter(DefaultMFAAdapter):
    """Encrypts secrets with a key made from ``SECRET_KEY``: a copied database is not enough."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "动态码不正确，请看手机上当前的六位动态码，或用一个没用过的恢复码",
        "cannot_generate_recovery_codes": "请先启用两步验证，再生成恢复码",
    }

    def encrypt(self, text: str) -> str:
        """The secret as it is stored."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; raises ``ValueError`` when ``SECRET_KEY`` has changed since."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            raise ValueError("the second factor was stored under another SECRET_KEY") from error


class _Named:
    """Calls the code what every page calls it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["code"]  # type: ignore[attr-defined]
        field.label = "动态码"
        field.widget.attrs["placeholder"] = "六位动态码"


class _Counted(_Named):
    """Counts codes of one person in the database, whatever process checks them."""

    def clean_code(self: Any) -> str:
        key = second_factor_key(self.user)
        try:
            take_attempt(key)
        except Locked as locked:
            raise ValidationError(str(locked), code=locked.code) from None
        code: str = super().clean_code()  # type: ignore[misc]
        clear(key)
        return code


class AuthenticateForm(_Counted, allauth_forms.AuthenticateForm):
    """The code asked for at sign-in."""


class ReauthenticateForm(_Counted, allauth_forms.ReauthenticateForm):
    """The code asked for again before something weighty."""


class ActivateForm(_Named, ActivateTOTPForm):
    """The first code, which shows that the secret has reached the phone."""


def _cipher() -> Fernet:
    digest = hashlib.sha256(b"jigai.second-factor:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
