"""Registers whose entries come in on pages of their own only.

A vote, a consent or a result counts because of who gave it: the general form, the import and the
general proposals of the office would let somebody else speak for them.
"""

from __future__ import annotations

from jigai.errors import JigaiError
from jigai.registers.models import Register

_KEPT: dict[str, str] = {}


def keep_to_own_way(code: str, way: str) -> None:
    """Close the general ways of a register; ``way`` says in words where its entries come from."""
    _KEPT[code] = way


def has_own_way(register: Register) -> bool:
    """Whether the general form, import and proposals are closed."""
    return register.code in _KEPT


def refuse_general_way(register: Register) -> None:
    """Raise :class:`JigaiError` (``own-way``) for a register that is filled on its own pages."""
    if register.code in _KEPT:
        raise JigaiError(
            "own-way", f"“{register.name}”不能在这里登记或修改", _KEPT[register.code]
        )  # fmt: skip
