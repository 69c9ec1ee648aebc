"""Fields of the tax questions. Left blank is unknown, which is not zero."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django import forms

from jigai.rules.errors import FormulaError
from jigai.rules.values import parse_quantity

MOST_FEN = 10**15
MOST_YEARS = 30
_UNKNOWN = ("未知", "不知道", "-", "—", "?", "？")
TELL = (("", "不知道"), ("yes", "是"), ("no", "否"))
DAY = {"type": "date"}


def read_fen(text: str, *, negative: bool = False) -> int:
    """Fen of ``5万元`` or ``1200.50`` (plain numbers are 元).

    Raises ``ValidationError`` for anything else.
    """
    plain = text.replace("，", "").replace(",", "").strip()
    if plain.lstrip("-").replace(".", "", 1).isdigit():
        plain += "元"
    try:
        quantity = parse_quantity(plain)
    except FormulaError:
        raise forms.ValidationError("写成“5万元”“1200.50元”这样的数") from None
    if quantity.dimension != (("money", 1),) or quantity.comparator:
        raise forms.ValidationError("写成“5万元”“1200.50元”这样的数")
    if quantity.value.denominator != 1 or abs(quantity.value) > MOST_FEN:
        raise forms.ValidationError("金额到分，也不能大得不合常理")
    if quantity.value < 0 and not negative:
        raise forms.ValidationError("不能是负数")
    return int(quantity.value)


class FenField(forms.CharField):
    """An amount; cleaned to whole fen, ``None`` when empty."""

    def __init__(self, **kwargs: Any) -> None:
        self._negative = kwargs.pop("negative", False)
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("placeholder", "如 800万元")

    def clean(self, value: Any) -> int | None:
        """Fen."""
        text = super().clean(value)
        return read_fen(text, negative=self._negative) if text else None


class RateField(forms.CharField):
    """A share as people write it (``5%``; a plain number is per cent); an exact fraction."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 12)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Fraction | None:
        """A fraction from 0 to 1, ``None`` when empty."""
        text = super().clean(value)
        if not text:
            return None
        plain = text.strip().rstrip("%％").strip()
        try:
            found = Fraction(plain) / 100
        except (ValueError, ZeroDivisionError):
            raise forms.ValidationError("写成“5%”这样的数") from None
        if not 0 <= found <= 1 or len(plain) > 8:
            raise forms.ValidationError("在 0% 到 100% 之间")
        return found


class TellField(forms.ChoiceField):
    """Yes, no, or not known; cleaned to ``True``, ``False`` or ``None``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=TELL, required=False, **kwargs)

    def clean(self, value: Any) -> Any:
        """The answer."""
        return {"yes": True, "no": False}.get(super().clean(value))


class YearsField(forms.CharField):
    """Amounts of years in a row: ``100万元、未知、-20万元``; fen or ``None`` in order."""

    def __init__(self, **kwargs: Any) -> None:
        self._negative = kwargs.pop("negative", True)
        kwargs.setdefault("max_length", 600)
        super().__init__(required=False, **kwargs)
        self.widget.attrs.setdefault("placeholder", "如 100万元、120万元、未知、150万元")

    def clean(self, value: Any) -> tuple[int | None, ...]:
        """One place a year."""
        text = (super().clean(value) or "").replace("；", "、").replace(" ", "、")
        parts = [part for part in text.split("、") if part.strip()]
        if len(parts) > MOST_YEARS:
            raise forms.ValidationError(f"最多填 {MOST_YEARS} 年")
        return tuple(
            None if part.strip() in _UNKNOWN else read_fen(part, negative=self._negative)
            for part in parts
        )


class YearField(forms.IntegerField):
    """A tax year."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(min_value=1994, max_value=2060, **kwargs)


def by_year(first: int, amounts: tuple[int | None, ...]) -> dict[int, int]:
    """Amounts on their years; unknown ones are left out."""
    return {first + n: fen for n, fen in enumerate(amounts) if fen is not None}
