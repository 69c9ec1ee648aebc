"""Rules for new passwords beyond Django's."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from jigai.core.models.user import User

_KINDS = (str.islower, str.isupper, str.isdigit)


class SeveralKinds:
    """At least two of: small letters, capitals, digits, other signs."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ``ValidationError`` for a password of one kind of sign only."""
        kinds = {next((n for n, is_kind in enumerate(_KINDS) if is_kind(c)), 9) for c in password}
        if len(kinds) < 2:
            raise ValidationError(self.get_help_text(), code="password_one_kind")

    def get_help_text(self) -> str:
        """The rule in words."""
        return "密码至少要包含小写字母、大写字母、数字、其他符号中的两种"


class NotTheOldOne:
    """A new password differs from the present one, or a forced change would change nothing."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ``ValidationError`` for the password the account already has."""
        has_one = user is not None and user.pk and user.has_usable_password()
        if has_one and user is not None and user.check_password(password):
            raise ValidationError(self.get_help_text(), code="password_same")

    def get_help_text(self) -> str:
        """The rule in words."""
        return "新密码不能与现在的密码相同"
