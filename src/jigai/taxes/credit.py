"""专用设备投资抵免: a share of the price off the tax itself, the rest carried on, oldest first.

Sources: 实施条例 100, 财税〔2008〕48号 (equipment_credit_*), 公告2024年第9号 (digital_credit_*).
Money in fen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jigai.taxes.amounts import to_fen
from jigai.taxes.law import Cite, Law, unique

EQUIPMENT, DIGITAL = "equipment", "digital"


@dataclass(frozen=True, slots=True)
class CreditItem:
    """One purchase: ``price`` by the basis of the law (fen), of it paid by public money.

    ``catalogue``: in the catalogue of the day of purchase (``None`` = nobody knows yet). For a
    digital renovation ``price`` is what was put in and ``original`` the tax basis of the equipment.
    """

    name: str
    bought: dt.date
    price: int
    catalogue: bool | None = None
    public_funds: int | None = 0
    kind: str = EQUIPMENT
    original: int | None = None


@dataclass(frozen=True, slots=True)
class Credit:
    """What one purchase gives: ``amount`` in fen, ``None`` while something is missing."""

    item: CreditItem
    state: str
    base: int | None
    amount: int | None
    last_year: int | None
    hold_until: dt.date | None
    why: tuple[str, ...]
    missing: tuple[str, ...]
    cites: tuple[Cite, ...]


@dataclass(frozen=True, slots=True)
class Use:
    """One piece of a credit: the purchase it comes from, the year it arose and is used, fen."""

    item: str
    arose: int
    year: int
    fen: int


@dataclass(frozen=True, slots=True)
class CreditYear:
    """One year: tax before credits, used, tax left, carried on and lost at its end (fen).

    ``tax`` is ``None`` where the tax payable of the year is not known; nothing is used then.
    """

    year: int
    payable: int | None
    used: int
    tax: int | None
    carried: int
    lost: int


@dataclass(frozen=True, slots=True)
class Credits:
    """All purchases together, year by year; used, lost and left add up to what there was."""

    credits: tuple[Credit, ...]
    years: tuple[CreditYear, ...]
    uses: tuple[Use, ...]
    used: int
    lost: int
    left: int
    missing: tuple[str, ...]
    cites: tuple[Cite, ...]


def credit_of(item: CreditItem, law: Law) -> Credit:
    """What a purchase gives, under the law of the year it was bought in."""
    names = (f"{item.kind}_credit_rate", "equipment_credit_carry", "equipment_credit_hold")
    rate, carry, hold = (law.on(name, item.bought) for name in names)
    cites: tuple[Cite, ...] = (rate, carry, hold, law.on("equipment_credit_base", item.bought))
    if item.catalogue is False:
        return _refused(item, "no", ("不在购置当日的目录内",), (), cites)
    missing = [] if item.catalogue else ["是否在目录内"]
    if not (rate.known and carry.known and hold.known):
        missing.append(f"{item.bought} 的“{rate.name}”没有登记的值")
    if item.public_funds is None:
        missing.append("其中用财政拨款购置的部分")
    if item.kind == DIGITAL:
        limit = law.on("digital_credit_limit", item.bought)
        cites = (rate, limit, carry)
        if item.original is None:
            missing.append("专用设备购置时的计税基础")
    if missing:
        return _refused(item, "unknown", (), tuple(missing), cites)
    base = max(item.price - int(item.public_funds or 0), 0)
    why = ["用财政拨款购置的部分不抵"] if item.public_funds else []
    if item.kind == DIGITAL:
        most = int(limit.number * int(item.original or 0))
        if base > most:
            why.append(f"超过原值{limit.text}的部分不抵")
        base = min(base, most)
    until = _years_on(item.bought, hold.years) if item.kind == EQUIPMENT else None
    amount = to_fen(base * rate.number)
    return Credit(item, "yes", base, amount, item.bought.year + carry.years, until, tuple(why), (),
                  unique(cites))  # fmt: skip


def _refused(
    item: CreditItem, state: str, why: tuple[str, ...], missing: tuple[str, ...],
    cites: tuple[Cite, ...],
) -> Credit:  # fmt: skip
    return Credit(item, state, None, None, None, None, why, missing, unique(cites))


def _years_on(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def use_credits(items: Sequence[CreditItem], payable: Mapping[int, int], law: Law) -> Credits:
    """Credits against the tax payable of each year, the oldest first, until they run out.

    ``payable``: tax before credits by year (fen); a year left out is unknown: nothing is used in
    it, and time still runs. Purchases of one year are used in the order given.
    """
    credits = tuple(credit_of(item, law) for item in items)
    good = [one for one in credits if one.state == "yes" and one.amount]
    good.sort(key=lambda one: one.item.bought.year)
    left = [one.amount or 0 for one in good]
    years: list[CreditYear] = []
    uses: list[Use] = []
    first = good[0].item.bought.year if good else 1
    for year in range(first, max((one.last_year or 0 for one in good), default=0) + 1):
        taken = _use_in(year, payable.get(year, 0), good, left)
        uses += taken
        years.append(_close(year, payable.get(year), sum(use.fen for use in taken), good, left))
    missing = tuple(
        f"{one.year} 年抵免前应纳税额"
        for one in years
        if one.payable is None and one.carried + one.lost
    )
    return Credits(
        credits, tuple(years), tuple(uses), sum(use.fen for use in uses),
        sum(one.lost for one in years), sum(left), missing,
        unique(cite for one in credits for cite in one.cites),
    )  # fmt: skip


def _use_in(year: int, room: int, good: list[Credit], left: list[int]) -> list[Use]:
    """Use what is open in a year, oldest first; ``left`` goes down."""
    found = []
    for place, one in enumerate(good):
        open_now = one.item.bought.year <= year <= (one.last_year or 0)
        part = min(left[place], room) if open_now else 0
        if part > 0:
            found.append(Use(one.item.name, one.item.bought.year, year, part))
            left[place] -= part
            room -= part
    return found


def _close(
    year: int, payable: int | None, used: int, good: list[Credit], left: list[int]
) -> CreditYear:
    """The end of a year: what is in its last year is lost, the rest is carried on."""
    lost = 0
    for place, one in enumerate(good):
        if one.last_year == year:
            lost += left[place]
            left[place] = 0
    carried = sum(fen for fen, one in zip(left, good, strict=True) if one.item.bought.year <= year)
    tax = None if payable is None else payable - used
    return CreditYear(year, payable, used, tax, carried, lost)


def back_tax(one: Credit, sold: dt.date, used: int) -> int | None:
    """Tax to pay back when the equipment is sold or let within the holding time (fen).

    All that was used so far; nothing after the time, ``None`` while the purchase is undecided.
    """
    if one.state != "yes" or one.hold_until is None:
        return None
    return used if sold < one.hold_until else 0
