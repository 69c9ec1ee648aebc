"""The size of an enterprise year by year, with the figures and the standard it was told by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jigai.core.above_scale import AboveScale, above_scale
from jigai.core.models import Enterprise
from jigai.core.screens import formats
from jigai.core.screens.enterprise_figures import FigureLine, value_of
from jigai.core.screens.enterprise_words import SIZES
from jigai.core.size_class import SizeResult, Used, classify

_SME = {True: "是", False: "否（大型）", None: "未定"}


@dataclass(frozen=True, slots=True)
class SizeLine:
    """One year: the class told by the standard, 规上, and what the enterprise stated itself."""

    result: SizeResult
    scale: AboveScale
    declared: str

    @property
    def word(self) -> str:
        """The class in words."""
        return SIZES.get(self.result.size or "", formats.UNDETERMINED)

    @property
    def sme(self) -> str:
        """Whether it counts as 中小企业, in words."""
        return _SME[self.result.sme]

    @property
    def differs(self) -> bool:
        """Whether the enterprise stated another class."""
        return bool(self.declared and self.result.size) and self.declared != self.word

    @property
    def trace(self) -> list[str]:
        """Every figure with the bound of the class it reached."""
        return [_told(used) for used in self.result.used]


def sizes_of(
    enterprise: Enterprise, years: Sequence[tuple[int, Sequence[FigureLine]]]
) -> list[SizeLine]:
    """Lines from the newest year, out of figures already read."""
    return [_line(enterprise, year, lines) for year, lines in years]


def _line(enterprise: Enterprise, year: int, lines: Sequence[FigureLine]) -> SizeLine:
    known = {line.term.key: value_of(line.latest) for line in lines if line.latest is not None}
    code, revenue = enterprise.industry_code or None, known.get("revenue")
    result = classify(code, year, employees=known.get("employees"), revenue_fen=revenue)
    declared = SIZES.get(str(known.get("size_declared") or ""), "")
    return SizeLine(result, above_scale(code, year, revenue), declared)


def _told(used: Used) -> str:
    if used.value is None:
        return f"{used.name}：缺数据"
    shown = f"{used.value:,}" if used.measure == "employees" else formats.wan(used.value)
    bound = f"，本档下限 {used.bound:,}" if used.bound is not None else ""
    return f"{used.name}：{shown}{bound}"
