"""Where templates run: fields, conditions and loops, and nothing else.

A template comes from an office by upload. It may not call anything, multiply texts until memory is
gone, or reach below the values it is given.
"""

from __future__ import annotations

from typing import Any

from jinja2 import StrictUndefined, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment, SecurityError
from markupsafe import Markup, escape

_FILTERS = ("default", "d", "first", "join", "last", "length", "lower", "trim", "upper")
_HEAVY = frozenset({"*", "**", "%"})


class Unknown(StrictUndefined):
    """A field nobody gave; its error carries the name alone."""

    def __init__(self, hint: str | None = None, obj: Any = None, name: str | None = None,
                 *rest: Any, **more: Any) -> None:  # fmt: skip
        super().__init__(name or hint, obj, name, *rest, **more)


class _Sandbox(ImmutableSandboxedEnvironment):
    intercepted_binops = _HEAVY

    def is_safe_callable(self, obj: Any) -> bool:
        # Calling a field nobody gave says which one it is.
        if isinstance(obj, Undefined):
            return True
        raise SecurityError(f"{getattr(obj, '__name__', '')}()")

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        raise SecurityError(operator)


def sandbox() -> _Sandbox:
    """The environment templates are read and rendered in."""
    made = _Sandbox(autoescape=True, undefined=Unknown, finalize=_exact)
    made.globals.clear()
    made.filters = {name: made.filters[name] for name in _FILTERS}
    return made


def _exact(value: Any) -> Any:
    """Texts with their braces spelled out, because docxtpl rewrites ``{_{`` in what it rendered."""
    if not isinstance(value, str):
        return value
    return Markup(str(escape(value)).replace("{", "&#123;").replace("}", "&#125;"))
