"""A template variable that does not exist is a finding, unless the template says what then.

Fine are ``{% if %}``, ``{% for %}``, ``{% firstof %}`` and a first filter that is meant for absent
values. Templates that libraries bring are not ours to mend.
"""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

from django.template.base import FilterExpression, Node

from tests.nets import findings

MEANT_FOR_NOTHING = frozenset({"default", "default_if_none", "dash", "or_all"})


class Undefined(str):
    """What Django puts for a missing variable: empty, but it tells when it is used.

    Django asks for its truth exactly when a variable could not be resolved and no tag stands by.
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        asking = sys._getframe(1)
        expression = asking.f_locals.get("self")
        if isinstance(expression, FilterExpression) and not _expected(expression):
            _tell(expression.token, asking)
        return False

    def __html__(self) -> str:
        """Printed: a lookup that failed without an error, as an empty one-to-one relation."""
        printing = sys._getframe(1)
        while printing is not None:
            expression = getattr(printing.f_locals.get("self"), "filter_expression", None)
            if expression is not None:
                _tell(expression.token, printing)
                break
            printing = printing.f_back  # type: ignore[assignment]
        return ""


def _expected(expression: FilterExpression) -> bool:
    first = expression.filters[0][0] if expression.filters else None
    return getattr(first, "_filter_name", "") in MEANT_FOR_NOTHING


def _tell(words: str, frame: FrameType | None) -> None:
    while frame is not None:
        node: Any = frame.f_locals.get("self")
        if frame.f_code.co_name == "render_annotated" and isinstance(node, Node):
            name = node.origin.name
            if "site-packages" not in name:
                short = name.removeprefix(str(findings.ROOT) + "/")
                findings.record(f"{short}:{node.token.lineno}: undefined in template: {words}")
            return
        frame = frame.f_back
