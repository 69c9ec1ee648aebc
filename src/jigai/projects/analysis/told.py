"""Worked figures in the words of a screen."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from jigai.core.screens import formats
from jigai.metrics.worked import Input, Worked

_UNITS = {"%": "%", "点": "个百分点"}


@dataclass(frozen=True, slots=True)
class Told:
    """One figure opened: name, formula, inputs as (name, value), result, and how to read it."""

    name: str
    formula: str
    inputs: list[tuple[str, str]]
    result: str
    note: str


def told(figure: Worked) -> Told:
    """All of a figure."""
    return Told(
        figure.name,
        figure.formula,
        [(one.name, input_words(one)) for one in figure.inputs],
        figure_words(figure),
        figure.why or figure.note,
    )


def figure_words(figure: Worked) -> str:
    """``12.5%``, ``−1.3 个百分点``, an amount in 元; a dash where there is none."""
    if figure.value is None:
        return formats.ABSENT
    if figure.unit in _UNITS:
        gap = "" if figure.unit == "%" else " "
        return f"{figure.shown(1)}{gap}{_UNITS[figure.unit]}"
    return _amount(figure.value, figure.unit)


def input_words(one: Input) -> str:
    """A value that went in; 缺数据 where it is not known."""
    if one.value is None:
        return "缺数据"
    if one.unit in _UNITS:
        return f"{one.shown(2)}{_UNITS[one.unit]}"
    return _amount(one.value, one.unit)


def _amount(value: Fraction, unit: str) -> str:
    whole = value.numerator // value.denominator
    if unit == "fen":
        return f"{formats.yuan(whole)} 元"
    return f"{formats.grouped(whole, 0)} {unit}".strip()


def cell(figure: Worked) -> str:
    """A figure in a narrow cell: the number alone, or the dash."""
    shown = figure.shown(1)
    return formats.ABSENT if shown is None else str(shown)
