"""Amounts and areas as people write them, with their unit."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from django import forms

from jigai.rules.errors import FormulaError
from jigai.rules.values import parse_quantity


class MoneyField(forms.CharField):
    """An amount as people write it (``5万元``); cleaned to whole fen."""

    def clean(self, value: Any) -> int | None:
        """Fen, ``None`` when empty. Raises ``ValidationError`` for anything else."""
        text = super().clean(value)
        if not text:
            return None
        try:
            quantity = parse_quantity(text)
        except FormulaError:
            raise forms.ValidationError("写成“5万元”“1200元”这样带单位的数") from None
        if quantity.dimension != (("money", 1),) or quantity.comparator:
            raise forms.ValidationError("写成“5万元”“1200元”这样带单位的数")
        if quantity.value.denominator != 1 or not 0 <= quantity.value <= 10**15:
            raise forms.ValidationError("金额到分，也不能大得不合常理")
        return int(quantity.value)


class AreaField(forms.CharField):
    """An area as people write it (``30亩``); cleaned to whole 0.01 m², the nearest where 亩 leave a
    rest, for 1 亩 is 666.66… m²."""

    def clean(self, value: Any) -> int | None:
        """Units of 0.01 m². Raises ``ValidationError`` for anything but an area above zero."""
        text = super().clean(value)
        if not text:
            return None
        try:
            quantity = parse_quantity(text)
        except FormulaError:
            raise forms.ValidationError("写成“30亩”“20000平方米”这样带单位的数") from None
        if quantity.dimension != (("area", 1),) or quantity.comparator:
            raise forms.ValidationError("写成“30亩”“20000平方米”这样带单位的数")
        units = math.floor(quantity.value + Fraction(1, 2))
        if not 0 < units <= 10**15:
            raise forms.ValidationError("面积要大于零，也不能大得不合常理")
        return units
