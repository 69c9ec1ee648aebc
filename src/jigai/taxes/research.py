"""研发费用加计扣除: the rate of each year and kind of enterprise, by month where it changed.

What is added is a deduction; the tax it saves depends on the rate of the year. Money in fen.
Sources: parameters research_* of the national pack, each cited in the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from jigai.errors import JigaiError
from jigai.taxes.amounts import to_fen
from jigai.taxes.industries import listed
from jigai.taxes.law import Cite, Law, unique

KINDS = {
    "general": "一般企业",
    "manufacturing": "制造业企业",
    "small_tech": "科技型中小企业",
    "chip_machine": "集成电路、工业母机企业",
}
_RATE = {
    "general": "research_rate",
    "manufacturing": "research_rate_manufacturing",
    "small_tech": "research_rate_small_tech",
    "chip_machine": "research_rate_chip_machine",
}
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Spending:
    """Qualified spending of one year (fen): own, entrusted at home and abroad (as paid).

    ``late`` is the part of ``own`` after the rate changed within the year, where one knows it
    (2022: the fourth quarter); without it the months share the year.
    """

    year: int
    own: int
    entrusted: int = 0
    overseas: int = 0
    late: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One rate and what it was applied to: months it held, base and what is added (fen)."""

    cite: Cite
    months: int
    base: int
    added: int


@dataclass(frozen=True, slots=True)
class SuperDeduction:
    """The answer for a year. ``added`` is ``None`` unless ``state`` is yes.

    ``base``: spending that counts (fen), ``by_actual``: the change of rate was split by actual
    spending, ``cut``: what of the overseas part is above its cap (fen).
    """

    year: int
    state: str
    base: int | None
    added: int | None
    parts: tuple[Part, ...]
    why: tuple[str, ...]
    missing: tuple[str, ...]
    cites: tuple[Cite, ...]
    by_actual: bool = False
    cut: int = 0


def super_deduction(
    spent: Spending,
    kind: str | None,
    industry: str,
    law: Law,
    manufacturing_share: Fraction | None = None,
) -> SuperDeduction:
    """What may be deducted on top in a year. Raises :class:`JigaiError` for negative spending.

    ``kind``: see ``KINDS`` (``None`` = unknown); ``industry``: code, empty = unknown.
    ``manufacturing_share``: main business of manufacturing in all income, ``None`` = not told.
    """
    if min(spent.own, spent.entrusted, spent.overseas) < 0:
        raise JigaiError("negative-spending", "研发费用不能是负数", "改正金额")
    if spent.late is not None and not 0 <= spent.late <= spent.own:
        raise JigaiError("bad-split", "比例提高以后的费用不能多于全年自主研发费用", "改正金额")
    state, why, missing, cites = _open_to(spent.year, kind, industry, law, manufacturing_share)
    base, cut, base_cites, base_missing = _base(spent, law)
    cites, missing = (*cites, *base_cites), (*missing, *base_missing)
    if state != "yes" or missing or base is None or kind is None:
        state = "no" if state == "no" else "unknown"
        return SuperDeduction(spent.year, state, base, None, (), why, missing, unique(cites), False,
                              cut)  # fmt: skip
    spans = law.months_of(_RATE[kind], spent.year)
    unknown = [cite for cite, _ in spans if not cite.known]
    if unknown:
        missing = (f"{spent.year} 年的“{unknown[0].name}”没有登记的值",)
        return SuperDeduction(spent.year, "unknown", base, None, (), why, missing,
                              unique((*cites, *unknown)), False, cut)  # fmt: skip
    parts, by_actual = _parts(spans, base, spent)
    added = sum(part.added for part in parts)
    return SuperDeduction(spent.year, "yes", base, added, parts, why, (),
                          unique((*cites, *(c for c, _ in spans))), by_actual, cut)  # fmt: skip


def _open_to(
    year: int, kind: str | None, industry: str, law: Law, share: Fraction | None
) -> tuple[str, tuple[str, ...], tuple[str, ...], tuple[Cite, ...]]:
    barred, codes = (
        law.in_year(name, year) for name in ("research_excluded", "research_excluded_codes")
    )
    inside = listed(industry, codes)
    if inside:
        return "no", ("所属行业在不适用加计扣除的行业之内",), (), (barred, codes)
    missing: tuple[str, ...] = ()
    if not codes.known:
        missing = (f"{year} 年的“{codes.name}”没有登记的值",)
    elif inside is None:
        missing = ("行业代码",)
    if kind is None:
        missing = (*missing, "企业类别（一般、制造业、科技型中小、集成电路和工业母机）")
    cites: tuple[Cite, ...] = (barred, codes)
    least = law.in_year("research_manufacturer_share", year)
    if kind == "manufacturing" and least.known and share is not None:
        cites = (*cites, least)
        if not least.reached_by(share):
            return "no", (f"制造业主营收入占比不到“{least.text}”，按一般企业另算",), (), cites
    return "yes", (), missing, cites


def _base(spent: Spending, law: Law) -> tuple[int | None, int, tuple[Cite, ...], tuple[str, ...]]:
    """What counts: own in full, entrusted at its share, overseas up to its cap."""
    if not spent.entrusted and not spent.overseas:
        return spent.own, 0, (), ()
    share = law.in_year("research_entrusted_share", spent.year)
    if not share.known:
        return None, 0, (share,), (f"{spent.year} 年的“{share.name}”没有登记的值",)
    home = spent.own + share.number * spent.entrusted
    if not spent.overseas:
        return to_fen(home), 0, (share,), ()
    cap = law.in_year("research_overseas_cap", spent.year)
    if not cap.known:
        return None, 0, (share, cap), (f"{spent.year} 年的“{cap.name}”没有登记的值",)
    abroad = share.number * spent.overseas
    most = home * cap.number
    return (
        to_fen(home + min(abroad, most)),
        to_fen(max(abroad - most, Fraction(0))),
        (share, cap),
        (),
    )


def _parts(
    spans: list[tuple[Cite, int]], base: int, spent: Spending
) -> tuple[tuple[Part, ...], bool]:
    """The base over the rates of the year; one fen is never counted twice or lost."""
    if len(spans) == 1:
        ((cite, months),) = spans
        return (Part(cite, months, base, to_fen(base * cite.number)),), False
    actual = len(spans) == 2 and spent.late is not None
    found, used, before = [], 0, 0
    for place, (cite, months) in enumerate(spans):
        used += months
        if actual:
            late = int(spent.late or 0)
            part = late if place else base - late
        else:
            part = to_fen(Fraction(base * used, _MONTHS)) - before
        before += part
        found.append(Part(cite, months, part, to_fen(part * cite.number)))
    return tuple(found), actual
