"""What a target asks, how its words are read, and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

ATTAINED, FAILED, UNDER_WAY = "达成", "未达成", "进行中"
NO_DATA, QUALITATIVE, NEEDS_READING = "缺数据", "定性不判", "待定读法"
VERDICTS = (ATTAINED, FAILED, UNDER_WAY, NO_DATA, QUALITATIVE, NEEDS_READING)

WITHOUT_NUMBER = frozenset(("up", "down", "benchmark", "name"))
RATES = frozenset(("average-growth", "yearly-growth", "change-from-base"))
# Units one counts in: a strict “超过” is then short by a whole one (E18).
COUNTED = frozenset(("个", "家", "户", "台", "套", "台（套）", "项", "件", "种", "人", "次"))


@dataclass(frozen=True, slots=True)
class Goal:
    """A target as a pack states it (``schema_programme.Target``), years instead of dates.

    ``value`` is in ``unit``; a rate of 15 % is 15. ``since`` and ``to`` are the first and last year
    of the period, ``None`` where the document gives none.
    """

    growth: str
    comparator: str
    better: str
    value: Fraction | None = None
    unit: str = ""
    since: int | None = None
    to: int | None = None
    base_year: int | None = None
    base_value: Fraction | None = None

    @property
    def qualitative(self) -> bool:
        """Without a number or a comparison, never judged (invariant 18, U8)."""
        return self.growth == "direction" or self.comparator in WITHOUT_NUMBER or self.value is None

    @property
    def counted(self) -> bool:
        """Whether its unit comes in whole ones."""
        return self.unit in COUNTED


@dataclass(frozen=True, slots=True)
class Words:
    """How the words of targets are read; options as in AMBIGUITIES.

    ``about`` (U3): ``a`` a share of the number, ``b`` so many points, ``c`` none, empty while
    nobody chose. The tolerances themselves are parameters: ``None`` while not set.
    """

    about: str = ""
    about_share: Fraction | None = None
    about_points: Fraction | None = None
    reach: str = "a"  # U4: a not less, b equal
    growth_method: str = "a"  # U5: a compound, b mean, c every year
    base_year: str = "a"  # U6: a the year before the first, b the first
    increment: str = "a"  # J1: a change against last year, b amount of the year


@dataclass(frozen=True, slots=True)
class YearFinding:
    """One year of a target: figure, change that is judged, what was required, and whether it is."""

    year: int
    figure: Fraction | None
    judged: Fraction | None
    required: Fraction | None
    attained: bool | None


@dataclass(slots=True)
class Finding:
    """What became of a target.

    ``value`` is what was reached, in the target's unit (rates in per cent); ``gap`` what is short
    of it, 0 where nothing is; ``limit`` the number that had to be met after reading its words.
    ``path`` is the figure each year needs. ``missing`` and ``assumed`` are sentences;
    ``other_readings`` says by reading option whether it would be attained.
    """

    verdict: str
    value: Decimal | None = None
    gap: Decimal | None = None
    limit: Decimal | None = None
    year: int | None = None
    years: list[YearFinding] = field(default_factory=list)
    path: Mapping[int, Fraction] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    assumed: list[str] = field(default_factory=list)
    trend: str = ""
    other_readings: dict[str, bool | None] = field(default_factory=dict)

    @property
    def failed_years(self) -> list[int]:
        """Years that were judged and fell short."""
        return [found.year for found in self.years if found.attained is False]

    @property
    def on_path(self) -> bool | None:
        """Whether the last known figure is at least as good as its year required."""
        steps = [f for f in self.years if f.attained is not None]
        return steps[-1].attained if steps else None
