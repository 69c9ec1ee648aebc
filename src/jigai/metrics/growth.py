"""Growth, exactly: rates are compared by powers of fractions, never by a rounded root."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

PLACES = 6


def change(base: Fraction, value: Fraction, better: str) -> Fraction:
    """Change against a positive base as a fraction of it, in the direction wanted.

    1.000 → 0.880 with ``better="down"`` is exactly 0.12 (E19, J10).
    """
    moved = value / base - 1
    return -moved if better == "down" else moved


def compound_sign(base: Fraction, value: Fraction, years: int, rate: Fraction) -> int:
    """−1, 0 or 1: compound yearly growth from ``base`` to ``value`` against ``rate`` (U5 a)."""
    required = base * (1 + rate) ** years
    return (value > required) - (value < required)


def compound_rate(base: Fraction, value: Fraction, years: int) -> Decimal:
    """Compound yearly growth in per cent, six decimals, for showing: 100 → 150 in 5 is 8.447177."""
    with localcontext() as context:
        context.prec = 60
        quotient = value / base
        ratio = Decimal(quotient.numerator) / Decimal(quotient.denominator)
        root = ratio ** (Decimal(1) / Decimal(years)) if ratio else Decimal(0)
        return ((root - 1) * 100).quantize(Decimal(1).scaleb(-PLACES))


def mean_rate(rates: list[Fraction]) -> Fraction:
    """Arithmetic mean of yearly rates (U5 b)."""
    return sum(rates, Fraction(0)) / len(rates)


def shown(value: Fraction) -> Decimal:
    """A fraction as a decimal of at most six places, half away from zero."""
    scaled = value * 10**PLACES
    whole, rest = divmod(abs(scaled.numerator), scaled.denominator)
    whole += 2 * rest >= scaled.denominator
    number = Decimal(-whole if scaled < 0 else whole).scaleb(-PLACES)
    return Decimal(0) if not number else Decimal(format(number.normalize(), "f"))
