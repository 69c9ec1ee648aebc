"""Judges a unit consumption by the standard in force when the data arose, never by another.

Pure. A standard is a line of editions; an edition gives up to three values for an indicator:
限定值 (existing plants must not exceed it), 准入值 (new and rebuilt ones) and 先进值. From about
2017 on standards call them 3级, 2级 and 1级.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from jigai.errors import JigaiError

# Each unit with its family and what one of it is in the family's first unit.
_UNITS = {
    "kgce/t": ("coal", Decimal(1)), "tce/t": ("coal", Decimal(1000)),
    "gce/t": ("coal", Decimal("0.001")),
    "kwh/t": ("power", Decimal(1)), "mwh/t": ("power", Decimal(1000)),
}  # fmt: skip
_SPELLINGS = {
    "千克标准煤/吨": "kgce/t", "千克标煤/吨": "kgce/t", "公斤标准煤/吨": "kgce/t",
    "公斤标煤/吨": "kgce/t", "吨标准煤/吨": "tce/t", "吨标煤/吨": "tce/t", "克标准煤/吨": "gce/t",
    "gce/kg": "kgce/t", "千瓦时/吨": "kwh/t", "度/吨": "kwh/t", "kw.h/t": "kwh/t",
    "兆瓦时/吨": "mwh/t",
}  # fmt: skip
_FAMILIES = {"coal": "标准煤", "power": "电"}
SHOWN_UNITS = ("kgce/t", "tce/t", "kWh/t")

ADVANCED, ACCESS, LIMIT, OVER, OVER_ACCESS, NO_VALUE = (
    "advanced", "access", "limit", "over", "over-access", "no-value",
)  # fmt: skip
WORDS = {
    ADVANCED: "达到先进值", ACCESS: "达到准入值", LIMIT: "在限定值以内", OVER: "超过限定值",
    OVER_ACCESS: "超过准入值", NO_VALUE: "没有录入数值",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standard:
    """One edition of a standard; both days are inclusive, an open end means still in force."""

    id: int
    line: str
    name: str
    number: str
    valid_from: dt.date
    valid_to: dt.date | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """The values of one indicator in one edition, for one ``scope`` (size class, or empty)."""

    standard: int
    indicator: str
    unit: str
    limit: Decimal | None
    access: Decimal | None = None
    advanced: Decimal | None = None
    scope: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reading comes to under one limit: ``value`` in the limit's unit, ``times`` how often
    the binding limit it is (``None`` where that says nothing)."""

    code: str
    value: Decimal
    limit: Limit
    times: Decimal | None

    @property
    def word(self) -> str:
        """The code in words."""
        return WORDS[self.code]

    @property
    def look(self) -> str:
        """The badge it is drawn with."""
        return "error" if self.is_over else "undetermined" if self.code == NO_VALUE else "ok"

    @property
    def shown(self) -> str:
        """The value without needless zeros."""
        return f"{self.value.normalize():f}"

    @property
    def is_over(self) -> bool:
        """Whether the limit that binds is exceeded."""
        return self.code in (OVER, OVER_ACCESS)


def standard_of(
    standards: Sequence[Standard], line: str, first: dt.date, last: dt.date
) -> Standard:
    """The edition in force over the whole period of the data.

    Raises :class:`JigaiError`: ``period-order``, ``no-standard`` (none was in force), and
    ``two-standards`` where an edition changes within the period (the data must be split).
    """
    if last < first:
        raise JigaiError("period-order", "数据期的终日早于起日", "把起日和终日调过来")
    of_line = [s for s in standards if s.line == line]
    met = [
        s for s in of_line if s.valid_from <= last and (s.valid_to is None or s.valid_to >= first)
    ]
    if not met:
        raise JigaiError(
            "no-standard", f"{first} 至 {last} 没有施行中的版次",
            "核对数据期；早于第一版施行日的数据没有限额可判",
        )  # fmt: skip
    if len(met) == 1 and met[0].valid_from <= first and (met[0].valid_to or last) >= last:
        return met[0]
    turns = "、".join(str(s.valid_from) for s in met if s.valid_from > first)
    told = f"数据期里换了标准（{turns} 起施行新版）" if turns else "数据期有一段没有施行中的版次"
    raise JigaiError("two-standards", told, "按施行日把数据拆成两段，各按当时的标准判")


def unit_key(unit: str) -> str:
    """A unit in one spelling. Raises :class:`JigaiError` (``unknown-unit``)."""
    plain = unicodedata.normalize("NFKC", unit).strip().lower().replace(" ", "")
    plain = plain.replace("·", ".").replace("・", ".").replace("•", ".")
    plain = _SPELLINGS.get(plain, plain)
    if plain not in _UNITS:
        raise JigaiError("unknown-unit", f"不认识单位“{unit}”", f"可用：{'、'.join(SHOWN_UNITS)}")
    return plain


def converted(value: Decimal, unit: str, wanted: str) -> Decimal:
    """A value in another unit of the same family.

    Raises :class:`JigaiError` (``unit-family``): coal and power are not turned into one another,
    because that takes a coefficient (当量 or 等价) which the data must state themselves.
    """
    family, size = _UNITS[unit_key(unit)]
    target, step = _UNITS[unit_key(wanted)]
    if family != target:
        raise JigaiError(
            "unit-family",
            f"数据的单位是{_FAMILIES[family]}（{unit}），标准是{_FAMILIES[target]}（{wanted}）",
            "两者要按当量或等价系数折算，请先折算好再填",
        )  # fmt: skip
    return value * size / step


def judge(value: Decimal, unit: str, limit: Limit, *, new: bool) -> Judgement:
    """Compare a reading with one limit; ``new`` plants are bound by 准入值. Raises as above."""
    number = converted(value, unit, limit.unit)
    binding = limit.access if new else limit.limit
    if binding is None:
        return Judgement(NO_VALUE, number, limit, None)
    times = number / binding if binding > 0 else None
    if number > binding:
        return Judgement(OVER_ACCESS if new else OVER, number, limit, times)
    if limit.advanced is not None and number <= limit.advanced:
        return Judgement(ADVANCED, number, limit, times)
    if limit.access is not None and number <= limit.access:
        return Judgement(ACCESS, number, limit, times)
    return Judgement(LIMIT, number, limit, times)


def excess_band(times: Decimal | None) -> str:
    """Which band of the punitive price an excess falls into: ``within`` one time over the limit,
    ``beyond``, ``both`` exactly at it (the text says 一倍以内 and 一倍以上, each includes it), or
    nothing where there is no excess to count."""
    if times is None or times <= 1:
        return ""
    if times == 2:
        return "both"
    return "within" if times < 2 else "beyond"
