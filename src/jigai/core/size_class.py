"""Large, medium, small or micro: 统计上大中小微型企业划分办法（2017）."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jigai.core.national import national_value
from jigai.paths import data_dir
from jigai.yaml_files import read_yaml

LARGE, MEDIUM, SMALL, MICRO = "large", "medium", "small", "micro"
# The source of a recorded class: nobody stated it.
DERIVED = "按划分标准计算"
MEASURES = {
    "employees": "从业人员（人）",
    "revenue": "营业收入（万元）",
    "assets": "资产总额（万元）",
}
_FEN_PER_WAN_YUAN = 1_000_000


@dataclass(frozen=True, slots=True)
class SizeSector:
    """One line of the table: which divisions of GB/T 4754 it covers and its lower bounds."""

    id: str
    name: str
    divisions: frozenset[str]
    bounds: Mapping[str, Mapping[str, int]]

    @property
    def measures(self) -> tuple[str, ...]:
        """The data this sector is judged by: ``employees``, ``revenue``, ``assets``."""
        return tuple(self.bounds[SMALL])


@cache
def size_sectors() -> tuple[SizeSector, ...]:
    """The sectors of the 2017 table."""
    content = read_yaml(data_dir() / "size_classes_2017.yaml")["sectors"]
    return tuple(_sector(name, entry) for name, entry in content.items())


def _sector(name: str, entry: Mapping[str, Any]) -> SizeSector:
    divisions: set[str] = set()
    for text in entry["divisions"]:
        first, _, last = str(text).partition("-")
        divisions |= {f"{number:02d}" for number in range(int(first), int(last or first) + 1)}
    bounds = {size: dict(entry[size]) for size in (LARGE, MEDIUM, SMALL)}
    return SizeSector(name, entry["name"], frozenset(divisions), bounds)


def sector_of(industry_code: str | None) -> SizeSector | None:
    """The sector of a GB/T 4754-2017 code, None when the table does not cover it."""
    return _sector_of_division((industry_code or "")[:2])


@cache
def _sector_of_division(division: str) -> SizeSector | None:
    return next((sector for sector in size_sectors() if division in sector.divisions), None)


@dataclass(frozen=True, slots=True)
class Used:
    """One figure that decided, and the bound of the class it reached (``None``: of none)."""

    measure: str
    value: int | None
    bound: int | None

    @property
    def name(self) -> str:
        """The figure in words, with the unit of its bound."""
        return MEASURES[self.measure]


@dataclass(frozen=True, slots=True)
class SizeResult:
    """A class with what it rests on: the year of the figures and the edition of the standard.

    ``size`` is ``None`` where it cannot be told; ``why`` then says why.
    """

    size: str | None
    year: int
    edition: str
    source: str
    sector: str
    used: tuple[Used, ...]
    why: str

    @property
    def sme(self) -> bool | None:
        """Whether it counts as 中小企业; ``None`` where the class is not known."""
        return is_sme(self.size)


def is_sme(size: str | None) -> bool | None:
    """Medium, small and micro do, large does not; unknown stays unknown."""
    return None if size is None else size in (MEDIUM, SMALL, MICRO)


def classify(
    industry_code: str | None,
    year: int,
    *,
    employees: int | None,
    revenue_fen: int | None,
    assets_fen: int | None = None,
) -> SizeResult:
    """The class by the figures of a year and the edition in force at its end, with the trace."""
    dated = national_value("size_standard", dt.date(year, 12, 31))
    edition, source = (dated.value, dated.source) if dated else ("", "")
    sector = sector_of(industry_code)
    data = {"employees": employees, "revenue": revenue_fen, "assets": assets_fen}
    size = size_class(
        industry_code, year=year, employees=employees, revenue_fen=revenue_fen,
        assets_fen=assets_fen,
    )  # fmt: skip
    bounds = sector.bounds.get(size or "", {}) if sector else {}
    measures = sector.measures if sector else ()
    used = tuple(Used(name, data[name], bounds.get(name)) for name in measures)
    name = sector.name if sector else ""
    return SizeResult(size, year, edition, source, name, used, _why(size, year, sector, data))


def _why(
    size: str | None, year: int, sector: SizeSector | None, data: Mapping[str, int | None]
) -> str:
    if size is not None:
        return "各项都达到本档下限" if size != MICRO else "有一项没有达到小型的下限"
    if sector is None:
        return "没有行业代码，或这个行业不在划分办法里"
    if not _edition_held(year):
        return f"{year} 年适用的划分办法没有登记指标"
    missing = [MEASURES[name] for name in sector.measures if data[name] is None]
    return f"缺 {year} 年的{'、'.join(missing)}"


def _edition_held(year: int) -> bool:
    """Whether the bounds on record are those of the edition in force at the end of a year."""
    dated = national_value("size_standard", dt.date(year, 12, 31))
    return dated is not None and dated.value == _edition()


@cache
def _edition() -> str:
    return str(read_yaml(data_dir() / "size_classes_2017.yaml")["source"])


def size_class(
    industry_code: str | None,
    *,
    employees: int | None,
    revenue_fen: int | None,
    assets_fen: int | None = None,
    year: int | None = None,
) -> str | None:
    """The size class, or None when the sector is not covered or a datum it needs is missing.

    ``employees`` in persons, ``revenue_fen`` and ``assets_fen`` in fen. With the year of the
    figures also None for a year whose edition of the standard is not on record.
    """
    sector = sector_of(industry_code)
    if sector is None or (year is not None and not _edition_held(year)):
        return None
    data = {"employees": employees, "revenue": revenue_fen, "assets": assets_fen}
    if any(data[measure] is None for measure in sector.measures):
        return None
    for size in (LARGE, MEDIUM, SMALL):
        if all(
            _reaches(data[measure], measure, bound)
            for measure, bound in sector.bounds[size].items()
        ):
            return size
    return MICRO


def _reaches(value: int | None, measure: str, bound: int) -> bool:
    scale = 1 if measure == "employees" else _FEN_PER_WAN_YUAN
    return value is not None and value >= bound * scale
