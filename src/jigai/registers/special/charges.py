"""Checks on charges: not on the list, levied twice for one period, levied though waived."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jigai.registers.special.project_code import Period

CONSTRUCTION_CHARGE, CONSTRUCTION_FUND, ITEM = "construction_charge", "construction_fund", "item"
SURE, MAYBE = "sure", "maybe"
_YEAR = re.compile(r"(\d{4})年?(?:度)?")
_MONTH = re.compile(r"(\d{4})[-年./](\d{1,2})月?")
_QUARTER = re.compile(r"(\d{4})年?(?:[-]?Q|第)([1-4一二三四])(?:季度)?")
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:至|~|—|到)(\d{4}-\d{2}-\d{2})")
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4}


@dataclass(frozen=True, slots=True)
class Charge:
    """A charge of the list: ``first`` day and the day it ended (exclusive, ``None``: open)."""

    name: str
    aliases: tuple[str, ...]
    kind: str
    construction: bool
    place: str
    first: dt.date
    ends: dt.date | None
    basis: str = ""
    standard: str = ""


@dataclass(frozen=True, slots=True)
class Waiver:
    """A waiver: whom it frees (``encouraged``, ``small``, ``all``) of what, where and when."""

    name: str
    group: str
    charges: tuple[str, ...]
    settled: bool
    target: str
    full: bool
    place: str
    first: dt.date
    last: dt.date | None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """A charge that was levied: ``amount`` in fen; what of the payer is unknown is ``None``."""

    key: int
    enterprise: str
    charge: str
    period: str
    amount: int
    paid: dt.date
    receipt: str
    region: str
    collector: str = ""
    encouraged: bool | None = None
    small: bool | None = None


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Payments that look wrong together, ``sure`` or ``maybe``, with reason and source."""

    payments: tuple[Payment, ...]
    certainty: str
    why: str
    source: str = ""


def plain(name: str) -> str:
    """A name without spaces, brackets and width, for comparison."""
    return re.sub(r"[\s()（）“”\"《》]", "", unicodedata.normalize("NFKC", name)).casefold()


def find_charge(charges: Iterable[Charge], name: str, day: dt.date, region: str) -> Charge | None:
    """The charge of that name or alias that may be levied there on the day."""
    wanted = plain(name)
    for charge in charges:
        named = wanted in {plain(charge.name), *(plain(alias) for alias in charge.aliases)}
        held = charge.first <= day and (charge.ends is None or day < charge.ends)
        if named and held and _within(region, charge.place):
            return charge
    return None


def against_list(charges: Sequence[Charge], name: str, day: dt.date, region: str) -> str:
    """What the list of the day says of a charge, in one sentence."""
    found = find_charge(charges, name, day, region)
    if found is not None:
        return (
            f"{day} 在清单之内：{found.name}；依据 {found.basis}；标准 {found.standard or '没有写'}"
        )
    ended = [
        c for c in charges if plain(name) in {plain(c.name), *map(plain, c.aliases)} and c.ends
    ]
    if ended and ended[-1].ends is not None and ended[-1].ends <= day:
        return f"{day} 不在清单之内：“{ended[-1].name}”已于 {ended[-1].ends} 取消"
    local = "" if has_local(charges, region) else "；本地自己设立的收费还没有登记进清单，要人工核对"
    return f"{day} 不在清单之内{local}"


def has_local(charges: Iterable[Charge], region: str) -> bool:
    """Whether charges of the province, city or county itself are on the list."""
    return any(charge.place and _within(region, charge.place) for charge in charges)


def unlisted(payments: Iterable[Payment], charges: Sequence[Charge]) -> list[Suspicion]:
    """Payments of charges that the list of the day of payment does not have.

    ``maybe`` where the place has entered none of its own charges: it may be one of them.
    """
    found = []
    for one in payments:
        if find_charge(charges, one.charge, one.paid, one.region) is None:
            told = against_list(charges, one.charge, one.paid, one.region)
            found.append(Suspicion((one,), MAYBE if "人工" in told else SURE, told))
    return found


def repeated(payments: Iterable[Payment], charges: Sequence[Charge]) -> list[Suspicion]:
    """Payments of one enterprise for one charge whose periods overlap.

    Aliases count as one charge. The same receipt twice is one payment entered twice, not two.
    """
    groups: dict[tuple[str, str], dict[str, Payment]] = defaultdict(dict)
    for one in payments:
        found = find_charge(charges, one.charge, one.paid, one.region)
        name = plain(found.name if found else one.charge)
        groups[one.enterprise, name].setdefault(plain(one.receipt) or str(one.key), one)
    found_all = []
    for held in groups.values():
        for cluster in _overlapping(list(held.values())):
            same = len({one.period for one in cluster}) == 1
            total = sum(one.amount for one in cluster)
            why = f"{'同一期间' if same else '期间重叠'}收了 {len(cluster)} 次"
            found_all.append(Suspicion(tuple(cluster), SURE if same else MAYBE, why, str(total)))
    return found_all


def _overlapping(payments: list[Payment]) -> Iterable[list[Payment]]:
    """Groups of two and more whose periods touch; an unreadable period equals only itself."""
    read = [(one, period_of(one.period)) for one in payments]
    texts: dict[str, list[Payment]] = defaultdict(list)
    for one, period in read:
        if period is None:
            texts[plain(one.period)].append(one)
    yield from (same for same in texts.values() if len(same) > 1)
    dated = sorted(
        ((one, period) for one, period in read if period is not None),
        key=lambda pair: (pair[1].first, pair[1].last),
    )
    cluster: list[Payment] = []
    reach = dt.date.min
    for one, period in dated:
        if cluster and period.first > reach:
            if len(cluster) > 1:
                yield cluster
            cluster = []
        cluster.append(one)
        reach = max(reach, period.last) if len(cluster) > 1 else period.last
    if len(cluster) > 1:
        yield cluster


def period_of(text: str) -> Period | None:
    """The days of 2021, 2021-03, 2021年第1季度 or 2021-01-01至2021-06-30; else ``None``."""
    written = unicodedata.normalize("NFKC", text).replace(" ", "")
    if found := _RANGE.fullmatch(written):
        first, last = (dt.date.fromisoformat(part) for part in found.groups())
        return Period(first, last) if first <= last else None
    if found := _QUARTER.fullmatch(written):
        quarter = _QUARTERS.get(found[2]) or int(found[2])
        return _months(int(found[1]), quarter * 3 - 2, quarter * 3)
    if found := _MONTH.fullmatch(written):
        month = int(found[2])
        return _months(int(found[1]), month, month) if 1 <= month <= 12 else None
    if found := _YEAR.fullmatch(written):
        return _months(int(found[1]), 1, 12)
    return None


def _months(year: int, first: int, last: int) -> Period:
    return Period(dt.date(year, first, 1), dt.date(year, last, calendar.monthrange(year, last)[1]))


def waived_but_levied(
    payments: Iterable[Payment], charges: Sequence[Charge], waivers: Sequence[Waiver]
) -> list[Suspicion]:
    """Payments a waiver of that day and place frees the payer of.

    ``maybe`` where the document names only the kind of charge and no list of items is settled, the
    waiver is partial, or it is not known whether the payer is one it frees.
    """
    found = []
    for one in payments:
        charge = find_charge(charges, one.charge, one.paid, one.region)
        hits = [pair for w in waivers if (pair := _freed(one, charge, w)) is not None]
        if hits:
            certainty, why, waiver = min(hits, key=lambda hit: (hit[0] != SURE, hit[2].first))
            found.append(Suspicion((one,), certainty, why, waiver.source))
    return found


def _freed(one: Payment, charge: Charge | None, waiver: Waiver) -> tuple[str, str, Waiver] | None:
    held = waiver.first <= one.paid and (waiver.last is None or one.paid <= waiver.last)
    if not held or not _within(one.region, waiver.place) or not _names(one, charge, waiver):
        return None
    payer = {"encouraged": one.encouraged, "small": one.small, "all": True}[waiver.target]
    if payer is False:
        return None
    if payer is None:
        return MAYBE, f"{waiver.name}：不知道缴费企业或项目是否符合条件", waiver
    if not waiver.settled:
        return MAYBE, f"{waiver.name}：文件只写了种类，没有列出免哪些项目，须人工判断", waiver
    if not waiver.full:
        return MAYBE, f"{waiver.name}：减征，须核对收了多少", waiver
    return SURE, f"{waiver.name}：应免仍收", waiver


def _names(one: Payment, charge: Charge | None, waiver: Waiver) -> bool:
    if waiver.charges:
        names = {plain(one.charge), plain(charge.name) if charge else ""}
        return any(plain(name) in names for name in waiver.charges)
    if charge is None or not charge.construction:
        return False
    wanted = {CONSTRUCTION_CHARGE: "administrative", CONSTRUCTION_FUND: "fund"}
    return wanted.get(waiver.group) == charge.kind


def _within(region: str, place: str) -> bool:
    """Whether a region lies in the place a rule is for; an empty place is the whole country."""
    return not place or region.startswith(place.rstrip("0") or place)
