"""The capabilities that tasks may be addressed to; rooms say which of theirs.

A desk only looks for tasks of these: a role gives dozens of capabilities, and each would be one
more place to look.
"""

from __future__ import annotations

from jigai.core.access.capabilities import capability_names

_KNOWN: dict[str, str] = {}


def register_capability(name: str) -> None:
    """Let tasks be addressed to whoever holds a capability over the region of the case."""
    _KNOWN[name] = capability_names()[name]


def addressable() -> dict[str, str]:
    """The capabilities that tasks may be addressed to, with their names."""
    return dict(_KNOWN)
