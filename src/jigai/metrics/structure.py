"""Share, increment, contribution and pull: what a part does to a whole.

The formulas of official statistics, exact: 占比 = part ÷ whole; 增量 = this period − the one
before; 贡献率 = own increment ÷ total increment; 拉动 = own increment ÷ total of the period before,
in percentage points, which is own share then × own growth, so that pulls add up to the growth of
the whole (as the statistics bureaus explain 贡献率 and 拉动). Where the denominator makes a
figure senseless it is left out with the reason, never shown as zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import partial

from jigai.metrics.worked import Input, Worked, exact, missing

Number = int | Decimal | Fraction
UNFIT = "不宜计算"


def share(part: Number | None, whole: Number | None, unit: str = "") -> Worked:
    """占比. Senseless for a whole of zero or less, a negative part, a part above the whole."""
    p, w = exact(part), exact(whole)
    inputs = (Input("部分", p, unit), Input("全体", w, unit))
    done = partial(Worked, "占比", "部分 ÷ 全体", inputs, unit="%")
    if p is None or w is None:
        return done(why=missing(inputs))
    if w <= 0:
        return done(why=f"{UNFIT}：全体不大于零")
    if p < 0:
        return done(why=f"{UNFIT}：部分是负数")
    if p > w:
        return done(why=f"{UNFIT}：部分大于全体，两个数的口径不一致")
    return done(p / w)


def growth(base: Number | None, current: Number | None, unit: str = "") -> Worked:
    """同比增速. Senseless against a base of zero or less."""
    b, c = exact(base), exact(current)
    inputs = (Input("本期", c, unit), Input("上年同期", b, unit))
    done = partial(Worked, "同比", "本期 ÷ 上年同期 − 1", inputs, unit="%")
    if b is None or c is None:
        return done(why=missing(inputs))
    if b == 0:
        return done(why=f"{UNFIT}：上年同期为零" + ("，本期是新增" if c > 0 else ""))
    if b < 0:
        return done(why=f"{UNFIT}：上年同期是负数")
    return done(c / b - 1)


def base_from_growth(current: Number | None, rate: Number | None, unit: str = "") -> Worked:
    """上年同期 from this period's amount and its growth (a fraction: 14.1 % is 0.141).

    A fall of the whole (−100 %) leaves nothing to work back from; a deeper one does not exist for
    amounts.
    """
    c, r = exact(current), exact(rate)
    inputs = (Input("本期", c, unit), Input("同比", r, "%"))
    done = partial(Worked, "上年同期", "本期 ÷（1 + 同比）", inputs, unit=unit)
    if c is None or r is None:
        return done(why=missing(inputs))
    if r == -1:
        return done(why=f"{UNFIT}：下降 100% 后推不出上年同期")
    if r < -1:
        return done(why=f"{UNFIT}：下降超过 100%，增速有误")
    return done(c / (1 + r))


def increment(base: Number | None, current: Number | None, unit: str = "") -> Worked:
    """增量: this period less the same period of the year before."""
    b, c = exact(base), exact(current)
    inputs = (Input("本期", c, unit), Input("上年同期", b, unit))
    done = partial(Worked, "增量", "本期 − 上年同期", inputs, unit=unit)
    return done(why=missing(inputs)) if b is None or c is None else done(c - b)


def contribution(own: Number | None, total: Number | None, unit: str = "") -> Worked:
    """贡献率 out of increments. Senseless where the whole did not grow.

    More than 100 % or less than zero is right where increments have opposite signs; it is noted.
    """
    o, t = exact(own), exact(total)
    inputs = (Input("本部分增量", o, unit), Input("总增量", t, unit))
    done = partial(Worked, "贡献率", "本部分增量 ÷ 总增量", inputs, unit="%")
    if o is None or t is None:
        return done(why=missing(inputs))
    if t <= 0:
        return done(why=f"{UNFIT}：总量没有增长（总增量不大于零），请看拉动")
    note = "其余部分合计下降，所以大于 100%" if o > t else "本部分下降，所以是负数" if o < 0 else ""
    return done(o / t, note=note)


def pull(own: Number | None, total_base: Number | None, unit: str = "") -> Worked:
    """拉动, in percentage points of the whole's growth. Senseless against a base not above zero."""
    o, b = exact(own), exact(total_base)
    inputs = (Input("本部分增量", o, unit), Input("上年同期总量", b, unit))
    done = partial(Worked, "拉动", "本部分增量 ÷ 上年同期总量", inputs, unit="点")
    if o is None or b is None:
        return done(why=missing(inputs))
    if b <= 0:
        return done(why=f"{UNFIT}：上年同期总量不大于零")
    return done(o / b, note="本部分下降，拉低总量" if o < 0 else "")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole in two periods, in one unit; ``None`` is unknown."""

    key: str
    name: str
    base: Number | None
    current: Number | None


@dataclass(frozen=True, slots=True)
class PartFigures:
    """What one part does: every figure opens its formula."""

    part: Part
    share: Worked
    growth: Worked
    increment: Worked
    contribution: Worked
    pull: Worked


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A whole and its parts. The whole is unknown as soon as one part is; increments and pulls of
    the parts add up exactly to ``increment`` and ``growth``."""

    lines: tuple[PartFigures, ...]
    base: Fraction | None
    current: Fraction | None
    growth: Worked
    increment: Worked


def break_down(parts: Sequence[Part], unit: str = "", whole: Part | None = None) -> Breakdown:
    """Shares, growth, contribution and pull of every part of a whole.

    ``whole`` is given where parts overlap (a project of two directions); then nothing adds up.
    """
    base, current = _total(p.base for p in parts), _total(p.current for p in parts)
    if whole is not None:
        base, current = exact(whole.base), exact(whole.current)
    moved = increment(base, current, unit)
    lines = []
    for part in parts:
        own = increment(part.base, part.current, unit)
        lines.append(
            PartFigures(
                part,
                share(part.current, current, unit),
                growth(part.base, part.current, unit),
                own,
                contribution(own.value, moved.value, unit),
                pull(own.value, base, unit),
            )
        )
    return Breakdown(tuple(lines), base, current, growth(base, current, unit), moved)


@dataclass(frozen=True, slots=True)
class RatePart:
    """A part told only by its share of the base period and its growth, both fractions."""

    name: str
    share: Number | None
    growth: Number | None


@dataclass(frozen=True, slots=True)
class RateBreakdown:
    """Points of each part and their sum; ``rest`` is the share that no part was given for."""

    points: tuple[Worked, ...]
    total: Worked
    rest: Fraction | None


def break_down_rates(parts: Sequence[RatePart]) -> RateBreakdown:
    """拉动 = share of the base period × growth; the sum is the growth of what the parts make up.

    Nothing is rounded before the sum. Raises ``ValueError`` for shares that add up to more than 1:
    they cannot be of one whole.
    """
    points = []
    for part in parts:
        s, g = exact(part.share), exact(part.growth)
        inputs = (Input("基期占比", s, "%"), Input("同比", g, "%"))
        value = None if s is None or g is None else s * g
        points.append(Worked(part.name, "基期占比 × 同比", inputs, value, "点", missing(inputs)))
    shares = _total(part.share for part in parts)
    if shares is not None and shares > 1:
        raise ValueError(f"shares add up to {shares}, more than the whole")
    parts_in = tuple(Input(one.name, one.value, "点") for one in points)
    total = Worked("合计", "各部分拉动之和", parts_in, _total(one.value for one in points), "点",
                   missing(parts_in))  # fmt: skip
    return RateBreakdown(tuple(points), total, None if shares is None else 1 - shares)


def _total(values: Iterable[Number | None]) -> Fraction | None:
    """The sum; unknown as soon as one value is."""
    total = Fraction(0)
    for value in values:
        if value is None:
            return None
        total += Fraction(value)
    return total
