"""Checks a password against the account an identifier means."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from jigai.core.models.user import User
from jigai.core.sign_in.identify import find_user


class IdentifierBackend(ModelBackend):
    """Checks the password of the account an identifier means."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None,
        password: str | None = None, **kwargs: Any,
    ) -> User | None:  # fmt: skip
        """The account if the password is right and it is active; takes equal time if not."""
        user = find_user(username or "")
        if user is None:
            # Hash anyway: a fast answer would tell that the name is unknown.
            User().set_password(password)
            return None
        if user.check_password(password or "") and self.user_can_authenticate(user):
            return user
        return None
