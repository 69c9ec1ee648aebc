"""Which methods of depreciation the law admits for an asset of a taxpayer, by day of purchase."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from jigai.taxes.depreciation import (
    DECLINING,
    DIGITS,
    METHODS,
    ONE_OFF,
    SHORT,
    STRAIGHT,
    Schedule,
    Terms,
    partly_at_once,
    schedule,
)
from jigai.taxes.industries import listed
from jigai.taxes.law import Cite, Law, unique
from jigai.taxes.shapes import BUILDING, PlannedAsset, Taxpayer

YES, NO, UNKNOWN = "yes", "no", "unknown"
_LIFE = {
    "building": "life_building", "machine": "life_machine", "tool": "life_tool",
    "vehicle": "life_vehicle", "electronics": "life_electronics",
}  # fmt: skip
_YEAR = 12


@dataclass(frozen=True, slots=True)
class Method:
    """One method for one asset: whether admitted and why, and what the tax law writes off by year.

    ``state``: yes, no, unknown (``why`` names what is missing). ``schedule`` is there for every
    method that can be reckoned, admitted or not, so that people see what they would gain.
    """

    method: str
    state: str
    schedule: Schedule | None
    why: tuple[str, ...]
    cites: tuple[Cite, ...]
    share: Fraction = field(default=Fraction(1))

    @property
    def name(self) -> str:
        """The method as people call it."""
        if self.method == ONE_OFF and self.share != 1:
            return "部分一次性扣除"
        return METHODS[self.method]


def methods_of(asset: PlannedAsset, who: Taxpayer, law: Law) -> list[Method]:
    """Every method for an asset, straight line first; none is left out."""
    life = law.on(_LIFE[asset.kind], asset.purchase)
    terms, used = terms_of(asset, law)
    if not life.known or terms is None:
        why = (f"{life.name}在 {asset.purchase} 没有登记的值",)
        return [Method(name, UNKNOWN, None, why, (life, *used)) for name in METHODS]
    months = int(life.number)
    plain = _made(STRAIGHT, asset, months, terms)
    return [
        Method(STRAIGHT, YES, plain, ("最低折旧年限内直线计提，都可以用",), (life, *used)),
        *_accelerated(asset, who, law, life, terms, used),
        _one_off(asset, who, law, life, terms, used),
    ]


def terms_of(asset: PlannedAsset, law: Law) -> tuple[Terms | None, tuple[Cite, ...]]:
    """Numbers of the law on the day of being put to use."""
    delay = law.on("depreciation_delay", asset.in_service)
    multiple = law.on("declining_multiple", asset.in_service)
    last = law.on("declining_last_years", asset.in_service)
    if not (delay.known and multiple.known and last.known):
        return None, (delay, multiple, last)
    return Terms(int(delay.number), multiple.number, last.years), (delay,)


def declining_cites(asset: PlannedAsset, law: Law) -> tuple[Cite, ...]:
    """What the declining balance rests on."""
    names = ("declining_multiple", "declining_last_years")
    return tuple(law.on(name, asset.in_service) for name in names)


def book_schedule(asset: PlannedAsset, law: Law) -> Schedule | None:
    """What the books write off: straight over the life chosen there (at least the tax minimum)."""
    life = law.on(_LIFE[asset.kind], asset.purchase)
    terms, _ = terms_of(asset, law)
    months = asset.book_years * _YEAR if asset.book_years else int(life.number) if life.known else 0
    return _made(STRAIGHT, asset, months, terms) if terms and months else None


def _made(method: str, asset: PlannedAsset, months: int, terms: Terms) -> Schedule:
    return schedule(method, asset.cost, asset.residual, months, asset.in_service, terms)


def _accelerated(
    asset: PlannedAsset, who: Taxpayer, law: Law, life: Cite, terms: Terms, used: tuple[Cite, ...]
) -> list[Method]:
    floor = law.on("short_life_floor", asset.purchase)
    state, why, grounds = _by_industry(asset, who, law)
    shortest = -(
        -(life.number * floor.number).numerator // (life.number * floor.number).denominator
    )
    cites = unique((life, *grounds, *used))
    return [
        Method(SHORT, state, _made(SHORT, asset, shortest, terms),
               (*why, f"最短 {months_words(shortest)}"), unique((*cites, floor))),
        Method(DECLINING, state, _made(DECLINING, asset, int(life.number), terms), why,
               unique((*cites, *declining_cites(asset, law)))),
        Method(DIGITS, state, _made(DIGITS, asset, int(life.number), terms), why, cites),
    ]  # fmt: skip


def _by_industry(
    asset: PlannedAsset, who: Taxpayer, law: Law
) -> tuple[str, tuple[str, ...], tuple[Cite, ...]]:
    if asset.fast_renewal:
        return YES, ("技术进步更新快，或常年强震动、高腐蚀（实施条例第九十八条）",), ()
    codes = law.on("accelerated_industry_codes", asset.purchase)
    words = law.on("accelerated_industries", asset.purchase)
    maybe = law.on("accelerated_industry_open", asset.purchase)
    ceiling = law.on("research_equipment_ceiling", asset.purchase)
    if asset.research_only and ceiling.known:
        return YES, ("专门用于研发的设备，各行业都可以（75号第二条）",), (ceiling,)
    if not codes.known:
        why = f"{asset.purchase} 还没有行业性的加速折旧，只能按实施条例第九十八条"
        return (UNKNOWN if asset.fast_renewal is None else NO), (why,), (codes,)
    inside = listed(who.industry, codes)
    if inside:
        return YES, ("所属行业在范围内",), (words, codes)
    if inside is None:
        return UNKNOWN, ("行业代码不知道，或者太粗",), (words, codes)
    if listed(who.industry, maybe):
        return UNKNOWN, ("要对照重点行业附件由人确认",), (words, codes, maybe)
    state = UNKNOWN if asset.research_only is None or asset.fast_renewal is None else NO
    return state, ("所属行业不在范围内",), (words, codes)


def _one_off(
    asset: PlannedAsset, who: Taxpayer, law: Law, life: Cite, terms: Terms, used: tuple[Cite, ...]
) -> Method:
    whole = schedule(ONE_OFF, asset.cost, 0, int(life.number), asset.in_service, terms)
    if asset.kind == BUILDING:
        return Method(ONE_OFF, NO, None, ("房屋、建筑物不能一次扣除",), used)
    tried: list[Cite] = []
    why: list[str] = []
    for name, open_to, words in _CEILINGS:
        cite = law.on(name, asset.purchase)
        tried.append(cite)
        if not cite.known:
            continue
        within, fits = cite.reached_by(asset.piece), open_to(asset)
        if within and fits:
            return Method(ONE_OFF, YES, whole, (words.format(cite.text),), (cite, *used))
        if within and fits is None:
            why.append("是不是专门用于研发还不知道")
        elif not within:
            why.append(f"单位价值超过{cite.name}（{cite.text}）")
    large = _large_of_sme(asset, who, law, life, terms, used)
    if large is not None:
        return large
    known = [cite for cite in tried if cite.known]
    if not known:
        why.append(f"{asset.purchase} 没有登记一次扣除的规定")
    elif not law.on("one_off_ceiling", asset.purchase).known:
        why.append("当时一次扣除只限研发专用和低值设备")
    state = UNKNOWN if "是不是专门用于研发还不知道" in why else NO
    return Method(ONE_OFF, state, whole, tuple(why), unique((*known, *used)))


_CEILINGS = (
    ("one_off_ceiling", lambda asset: True, "单位价值{}"),
    ("research_equipment_ceiling", lambda asset: asset.research_only, "研发专用，单位价值{}"),
    ("small_asset_ceiling", lambda asset: True, "单位价值{}"),
)


def _large_of_sme(
    asset: PlannedAsset, who: Taxpayer, law: Law, life: Cite, terms: Terms, used: tuple[Cite, ...]
) -> Method | None:
    """2022: equipment above the ceiling of a small or medium enterprise, a part at once."""
    part = law.on("sme_one_off_share", asset.purchase)
    full = law.on("sme_one_off_full_life", asset.purchase)
    if not (part.known and full.known):
        return None
    share = Fraction(1) if life.number <= full.number else part.number
    months = int(life.number)
    made = (
        schedule(ONE_OFF, asset.cost, 0, months, asset.in_service, terms)
        if share == 1
        else partly_at_once(share, asset.cost, asset.residual, months, asset.in_service, terms)
    )
    states = {True: YES, False: NO, None: UNKNOWN}
    whys = {True: "中小微企业新购置的大额设备", False: "大额设备一次扣除只限中小微企业",
            None: "是不是中小微企业还不知道"}  # fmt: skip
    return Method(ONE_OFF, states[who.small_or_medium], made, (whys[who.small_or_medium],),
                  (part, full, life, *used), share)  # fmt: skip


def months_words(months: int) -> str:
    """36 → 3 年; 29 → 2 年 5 个月."""
    years, rest = divmod(months, _YEAR)
    parts = [f"{years} 年"] if years else []
    return " ".join([*parts, f"{rest} 个月"] if rest or not years else parts)
