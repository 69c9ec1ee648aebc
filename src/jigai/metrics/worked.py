"""A figure with what it was worked out from, so that a screen can open it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

UNKNOWN = "缺数据"
# Units of which a value of 0.125 is written 12.5.
RATES = frozenset({"%", "点"})


@dataclass(frozen=True, slots=True)
class Input:
    """One value that went in; ``None`` is unknown, which is not zero. ``unit`` is for showing."""

    name: str
    value: Fraction | None
    unit: str = ""

    def shown(self, places: int = 2) -> Decimal | None:
        """The value as a screen writes it; rates and points per hundred."""
        if self.value is None:
            return None
        return rounded(self.value * 100 if self.unit in RATES else self.value, places)


@dataclass(frozen=True, slots=True)
class Worked:
    """A result with its formula and inputs, exact.

    ``value`` is ``None`` where it is not known or makes no sense; ``why`` then says which.
    ``note`` tells how to read a value that looks odd. ``unit`` is ``%`` for rates and shares (the
    value 0.125 is shown as 12.5), ``点`` for percentage points (0.125 as 12.5), else that of the
    inputs.
    """

    name: str
    formula: str
    inputs: tuple[Input, ...]
    value: Fraction | None = None
    unit: str = ""
    why: str = ""
    note: str = ""

    def shown(self, places: int = 1) -> Decimal | None:
        """The value as a screen writes it, rounded half away from zero only now."""
        if self.value is None:
            return None
        return rounded(self.value * 100 if self.unit in RATES else self.value, places)


def rounded(value: Fraction, places: int) -> Decimal:
    """A fraction with so many decimals, halves away from zero (四舍五入): −8.93 is −8.9."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    found = Decimal(-whole if value < 0 else whole).scaleb(-places)
    return found if whole else abs(found)


def missing(inputs: tuple[Input, ...]) -> str:
    """Which inputs are unknown, in words; empty where all are known."""
    absent = [one.name for one in inputs if one.value is None]
    return f"{UNKNOWN}：{'、'.join(absent)}" if absent else ""


def exact(value: int | Decimal | Fraction | None) -> Fraction | None:
    """Whole numbers and decimals as fractions. Raises ``TypeError`` for a float."""
    if isinstance(value, float):
        raise TypeError("a float is not exact; give an int, a Decimal or a Fraction")
    return None if value is None else Fraction(value)
