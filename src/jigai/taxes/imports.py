"""进口设备免税: what is exempt on the day of import, how long the customs watch, what a sale costs.

Money in fen, rates exact fractions. Sources: parameters imported_equipment_exempt,
major_equipment_exempt, supervision_*, import_month_days, vat_rate; the duty rate is that of the
tariff and is given by whoever asks (``None`` = unknown, never zero).
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from jigai.errors import JigaiError
from jigai.taxes.amounts import to_fen
from jigai.taxes.law import Cite, Law, unique

OWN_USE, MAJOR = "own", "major"
_EXEMPT = {OWN_USE: "imported_equipment_exempt", MAJOR: "major_equipment_exempt"}
_WATCH = {
    "machine": "supervision_other", "vehicle": "supervision_vehicle", "ship": "supervision_ship",
}  # fmt: skip
DUTY, IMPORT_VAT = "关税", "进口环节增值税"
# Days ahead of the end of supervision one is reminded.
REMIND = (180, 90, 30)


@dataclass(frozen=True, slots=True)
class Import:
    """One import: ``value`` 完税价格 (fen), ``released`` the day customs released it.

    ``scheme``: own (引进设备) or major (重大技术装备). ``encouraged``: 项目确认书 held,
    ``excluded``: listed in 不予免税目录 (own) or, for major, ``encouraged`` means listed in the
    catalogue. ``None`` = unknown. ``duty_rate`` and ``vat_rate`` as fractions.
    """

    name: str
    value: int
    released: dt.date
    duty_rate: Fraction | None
    scheme: str = OWN_USE
    goods: str = "machine"
    encouraged: bool | None = None
    excluded: bool | None = None
    vat_rate: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Exemption:
    """The answer. Amounts in fen, ``None`` while the duty rate is unknown.

    ``duty`` and ``vat``: what would be due without exemption; ``exempt_*`` what is let off.
    ``supervised_until``: last day of supervision, ``other_until`` the same by the present rule for
    goods that came in before it changed (a reading), ``reminders`` days to be reminded on.
    """

    item: Import
    state: str
    why: tuple[str, ...]
    missing: tuple[str, ...]
    duty: int | None
    vat: int | None
    exempt_duty: int | None
    exempt_vat: int | None
    months: int | None
    supervised_until: dt.date | None
    reminders: tuple[dt.date, ...]
    cites: tuple[Cite, ...]
    other_until: dt.date | None = None

    @property
    def exempt(self) -> int | None:
        """Everything let off (fen)."""
        if self.exempt_duty is None or self.exempt_vat is None:
            return None
        return self.exempt_duty + self.exempt_vat


@dataclass(frozen=True, slots=True)
class BackTax:
    """What a transfer within supervision costs: months used and left, value and tax (fen)."""

    used_months: int
    left_months: int
    months: int
    value: int
    duty: int
    vat: int
    why: str
    cites: tuple[Cite, ...]

    @property
    def tax(self) -> int:
        """Duty and import tax together (fen)."""
        return self.duty + self.vat


def exemption(item: Import, law: Law) -> Exemption:
    """What is exempt under the law of the day of release. Raises for no value."""
    if item.value <= 0:
        raise JigaiError("no-value", "完税价格要大于零", "填写完税价格")
    exempt = law.on(_EXEMPT[item.scheme], item.released)
    watch = law.on(_WATCH[item.goods], item.released)
    rate = law.on("vat_rate", item.released)
    cites = unique((exempt, watch, rate))
    state, why, missing = _standing(item, exempt, watch)
    vat_rate = item.vat_rate if item.vat_rate is not None else rate.value
    if item.duty_rate is None:
        missing = (*missing, "关税税率（税则号列）")
    if vat_rate is None:
        missing = (*missing, f"{item.released} 的增值税税率")
    months = int(watch.number) if watch.known else None
    until = last_day(item.released, months) if months else None
    duty, vat = _due(item.value, item.duty_rate, vat_rate)
    counted = exempt.value if state == "yes" else ()
    return Exemption(
        item, state, why, missing, duty, vat,
        _let_off(duty, state, DUTY in counted),
        _let_off(vat, state, IMPORT_VAT in counted),
        months, until, _reminders(until), cites,
        _other_end(item, months, law) if months else None,
    )  # fmt: skip


def _let_off(fen: int | None, state: str, covered: bool) -> int | None:
    if state == "unknown" or fen is None:
        return None
    return fen if covered else 0


def _standing(
    item: Import, exempt: Cite, watch: Cite
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    unknown = tuple(
        f"{item.released} 的“{cite.name}”没有登记的值" for cite in (exempt, watch) if not cite.known
    )
    if item.excluded is True:
        return "no", ("列在不予免税的目录里",), unknown
    if item.encouraged is False:
        short = {OWN_USE: "没有国家鼓励项目确认书", MAJOR: "不在当年的装备和零部件目录内"}
        return "no", (short[item.scheme],), unknown
    missing = []
    if item.encouraged is None:
        missing.append({OWN_USE: "国家鼓励项目确认书", MAJOR: "是否在当年目录内"}[item.scheme])
    if item.excluded is None:
        missing.append("是否在不予免税目录内")
    return ("unknown" if missing or unknown else "yes"), (), (*missing, *unknown)


def _due(
    value: int, duty_rate: Fraction | None, vat_rate: Fraction | None
) -> tuple[int | None, int | None]:
    """Duty on the value, import tax on value and duty; rounded each to the fen."""
    if duty_rate is None:
        return None, None
    duty = to_fen(value * duty_rate)
    return duty, None if vat_rate is None else to_fen((value + duty) * vat_rate)


def last_day(released: dt.date, months: int) -> dt.date:
    """The last day of a period of months that starts on the day of release."""
    index = released.year * 12 + released.month - 1 + months
    year, month = index // 12, index % 12 + 1
    day = min(released.day, calendar.monthrange(year, month)[1])
    return dt.date(year, month, day) - dt.timedelta(days=1)


def _reminders(until: dt.date | None) -> tuple[dt.date, ...]:
    return tuple(until - dt.timedelta(days=days) for days in REMIND) if until else ()


def _other_end(item: Import, months: int, law: Law) -> dt.date | None:
    """The end by the rule that came in while the goods were watched, if one did."""
    until = last_day(item.released, months)
    later = law.on(_WATCH[item.goods], until)
    if not later.known or later.number == months or later.since is None:
        return None
    shorter = last_day(item.released, int(later.number))
    return max(shorter, later.since)


def months_used(released: dt.date, sold: dt.date, law: Law) -> tuple[int, Cite]:
    """Months from release to transfer; odd days count as a month above the number of the law."""
    odd = law.on("import_month_days", sold)
    whole = (sold.year - released.year) * 12 + sold.month - released.month
    if last_day(released, whole) >= sold and whole:
        whole -= 1
    rest = (sold - _from(released, whole)).days
    return whole + (1 if odd.known and odd.reached_by(rest) else 0), odd


def _from(day: dt.date, months: int) -> dt.date:
    return last_day(day, months) + dt.timedelta(days=1)


def back_tax(found: Exemption, sold: dt.date, law: Law) -> BackTax:
    """Tax to pay on a transfer on a day within supervision: value by the months that are left.

    Value times (1 − used / all months); duty and import tax on it, each only where it was let off.
    Nothing after supervision. Raises :class:`JigaiError` while the exemption is not settled.
    """
    item = found.item
    if found.state != "yes" or found.months is None or found.exempt is None:
        raise JigaiError("not-exempt", "免税还没有定，不能算补税", "先补齐缺的资料")
    if sold < item.released:
        raise JigaiError("sold-before", "转让日早于放行日", "改正日期")
    used, odd = months_used(item.released, sold, law)
    used = min(used, found.months)
    left = found.months - used
    over = found.supervised_until is not None and sold > found.supervised_until
    value = 0 if over else to_fen(item.value * Fraction(left, found.months))
    rate = item.vat_rate if item.vat_rate is not None else law.on("vat_rate", item.released).value
    duty, vat = _due(value, item.duty_rate, rate)
    why = "监管期已满，不用补税" if over else f"已进口 {used} 个月，监管期还剩 {left} 个月"
    return BackTax(
        used, 0 if over else left, found.months, value,
        (duty or 0) if found.exempt_duty else 0, (vat or 0) if found.exempt_vat else 0,
        why, unique((*found.cites, odd)),
    )  # fmt: skip
