"""The Yanzhou document as this oracle reads it: its numbers, its readings, its dates.

The numbers are copied from the text of 济兖政字〔2020〕14号, not from the pack, so that a slip in
the pack's parameters shows. Only the *names* of readings and options come from the pack, because
a run chooses among them by these names.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

PACKS = Path(__file__).resolve().parents[2] / "packs"

WAN = 1_000_000  # fen in ten thousand yuan
ISSUED = date(2020, 7, 13)
EFFECTIVE_FROM = date(2020, 8, 15)
EFFECTIVE_TO = date(2023, 8, 14)

# Where the pack's formula and the document (or AMBIGUITIES) part, the oracle follows the
# document. Each such place has a name here; take a name out and the oracle follows the pack.
DOCUMENT_FIRST = frozenset(
    {
        # Y1 c with Y18 c: the cap is raised first, earlier awards are taken off the raised cap.
        "raised-cap-less-earlier-awards",
        # Y15 b with Y16 b: what the robot track already subsidises is not "the rest".
        "no-double-base-when-split",
        # Y27 b with Y30: the one small or medium member must be registered in the district.
        "composition-needs-local-sme",
        # Y30: a community is at least two enterprises; alone with itself the lead is none.
        "community-of-at-least-two",
        # Y56 b: an amount or a date that cannot be read also sends the project back.
        "unreadable-line-is-bad",
        # 四.1, 四.2 "单个企业最高": the cap of a measure binds all selected projects together.
        "measure-cap-per-enterprise-year",
        # The 一般纳税人 assumption also holds where no enterprise is matched, so that a project
        # is not "below threshold" only because its enterprise is unknown.
        "unmatched-buyer-is-general-taxpayer",
    }
)


@dataclass(frozen=True)
class Numbers:
    """Every number of 四 and 五 that a measure reads; ``None`` is "nobody has set it"."""

    district_codes: tuple[str, ...] | None = ("370812",)
    equipment_threshold: int | None = 500 * WAN  # 500万元及以上
    equipment_rate: Fraction | None = Fraction(3, 100)
    equipment_cap: int | None = 100 * WAN
    robot_threshold: int | None = 300 * WAN  # 达到300万元及以上
    robot_rate: Fraction | None = Fraction(5, 100)
    robot_cap: int | None = 100 * WAN
    it_threshold: int | None = 200 * WAN  # 200万元及以上
    it_rate: Fraction | None = Fraction(10, 100)
    it_cap: int | None = 50 * WAN
    consortium_threshold: int | None = 500 * WAN  # 超过500万元
    sme_share_threshold: Fraction | None = Fraction(1, 2)  # 50%以上
    consortium_rate: Fraction | None = Fraction(3, 100)
    consortium_cap: int | None = 100 * WAN
    uplift_points: Fraction | None = Fraction(1, 100)  # 1个百分点
    lookback_period: int | None = 36  # 近三年, in months
    lead_quota: int | None = 2
    general_quota: int | None = 1
    statistics_entry_threshold: int | None = 500 * WAN  # 联网直报起点

    def with_values(self, values: Mapping[str, Any] | None) -> Numbers:
        """These numbers with some of them replaced (money in fen, rates exact, ``None`` unset).

        Names that no measure reads (budgets, cadences) change nothing and are passed over.
        """
        return replace(self, **{k: v for k, v in (values or {}).items() if hasattr(self, k)})


@cache
def reading_catalogue() -> dict[str, dict[str, Any]]:
    """Every reading by id: its kind, its default and the word of each option."""
    found: dict[str, dict[str, Any]] = {}
    for pack in ("national", "yanzhou-2020"):
        text = (PACKS / pack / "readings.yaml").read_text(encoding="utf-8")
        for reading in YAML(typ="safe").load(text)["readings"]:
            found[reading["id"]] = {
                "kind": reading["kind"],
                "default": reading["default"],
                "words": {key: option["word"] for key, option in reading["options"].items()},
            }
    return found


@cache
def assumed_terms() -> frozenset[str]:
    """Terms for which the vocabulary states what is assumed when nobody has supplied them.

    The assumption is made before the rules run, so a case never leaves such a term open.
    """
    text = (PACKS / "national" / "vocabulary.yaml").read_text(encoding="utf-8")
    terms = YAML(typ="safe").load(text)["terms"]
    return frozenset(t["id"] for t in terms if str(t.get("if_absent", "")).startswith("assume"))


class Readings:
    """The chosen option of every reading, asked by the option's own words."""

    def __init__(self, chosen: Mapping[str, str]) -> None:
        catalogue = reading_catalogue()
        unknown = set(chosen) - set(catalogue)
        if unknown:
            raise KeyError(f"no such reading: {sorted(unknown)}")
        self._answers = {
            (name, word): chosen.get(name, reading["default"]) == option
            for name, reading in catalogue.items()
            for option, word in reading["words"].items()
        }

    def __call__(self, name: str, word: str) -> bool:
        """Whether the reading is taken in this sense; a word that is no option is an error."""
        return self._answers[name, word]


@dataclass(frozen=True)
class Setting:
    """One run: the numbers, the readings, and the closing date of applications."""

    numbers: Numbers
    reads: Readings
    deadline: date

    def reached(self, value: Any, threshold: Any) -> bool | None:
        """及以上, 以上, 达到: included unless U1 says otherwise."""
        if value is None or threshold is None:
            return None
        included = self.reads("quantifier_inclusive", "含本数")
        return value >= threshold if included else value > threshold

    def exceeded(self, value: Any, threshold: Any) -> bool | None:
        """超过: not included unless U2 says otherwise."""
        if value is None or threshold is None:
            return None
        left_out = self.reads("quantifier_exclusive", "不含本数")
        return value > threshold if left_out else value >= threshold

    @property
    def lookback_start(self) -> date | None:
        """Thirty-six months before the deadline, or the first day of that year (Y40)."""
        if self.numbers.lookback_period is None:
            return None
        start = months_before(self.deadline, self.numbers.lookback_period)
        return start if self.reads("lookback_rule", "滚动") else start.replace(month=1, day=1)

    @property
    def investment_start(self) -> date:
        """The first day whose invoices can count (Y46)."""
        return EFFECTIVE_FROM if self.reads("gap_policy", "不算") else ISSUED


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def setting(
    year: int, readings: Mapping[str, str] | None, parameters: Mapping[str, Any] | None = None
) -> Setting:
    """The setting of a run for one application year, whose applications close on 31 December."""
    numbers = Numbers().with_values(parameters)
    return Setting(numbers, Readings(readings or {}), date(year, 12, 31))
