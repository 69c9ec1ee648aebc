"""Large, medium, small or micro: 统计上大中小微型企业划分办法（2017）."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jigai.paths import data_dir
from jigai.sheets.yaml_files import read_yaml

LARGE, MEDIUM, SMALL, MICRO = "large", "medium", "small", "micro"
# The source of a recorded class: nobody stated it.
DERIVED = "按划分标准计算"
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


def size_class(
    industry_code: str | None,
    *,
    employees: int | None,
    revenue_fen: int | None,
    assets_fen: int | None = None,
) -> str | None:
    """The size class, or None when the sector is not covered or a datum it needs is missing.

    ``employees`` in persons, ``revenue_fen`` and ``assets_fen`` in fen.
    """
    sector = sector_of(industry_code)
    if sector is None:
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
