"""Signing in: who is meant, whether the password is right, lock-out, sessions and the log."""

from jigai.core.sign_in.adapter import AccountAdapter
from jigai.core.sign_in.backend import IdentifierBackend
from jigai.core.sign_in.identify import find_user
from jigai.core.sign_in.second_factor import SecondFactorAdapter

__all__ = ["AccountAdapter", "IdentifierBackend", "SecondFactorAdapter", "find_user"]
