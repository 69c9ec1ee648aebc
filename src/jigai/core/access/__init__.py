"""Who may do what: declared at every view, computed once a request, applied to every query."""

from jigai.core.access.declare import Policy, policy_of, public, requires, signed_in
from jigai.core.access.grants import Access, Denied, Grant, access_of
from jigai.core.access.scoping import Reach, check, scoped

__all__ = [
    "Access",
    "Denied",
    "Grant",
    "Policy",
    "Reach",
    "access_of",
    "check",
    "policy_of",
    "public",
    "requires",
    "scoped",
    "signed_in",
]
