"""Units of policy documents: money in fen, area in 0.01 m², energy in gce, everything else in ones.

The registry is pint's, with exact fractions. It is needed to load and lint a pack, never to run a
compiled plan.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

from jigai.rules.errors import FormulaError

if TYPE_CHECKING:
    import pint

Dimension = tuple[tuple[str, int], ...]

DIMENSIONLESS: Dimension = ()
MONEY: Dimension = (("money", 1),)
AREA: Dimension = (("area", 1),)
ENERGY: Dimension = (("energy", 1),)

# 1 亩 = 10000/15 m² is the statutory ratio; bureaus compute with 0.0015 亩 per m², which is it.
_DEFINITIONS = """
分 = [money]
元 = 100 分
千元 = 1000 元
万元 = 10000 元
百万元 = 1000000 元
亿元 = 100000000 元
万亿元 = 10000 亿元
平方厘米单位 = [area]
平方米 = 100 平方厘米单位
亩 = 2000 / 3 * 平方米
公顷 = 10000 平方米
克标准煤 = [energy]
吨标准煤 = 1000000 克标准煤
千瓦时 = [electricity]
吨 = [mass]
立方米 = [volume]
兆瓦 = [power]
千伏 = [voltage]
毫克每立方米 = [concentration]
人 = [person]
万人 = 10000 人
家 = [entity]
户 = 家
个 = [item]
项 = 个
次 = 个
台 = 个
套 = 个
天 = [day]
日 = 天
工作日 = [workday]
月 = [month]
年 = 12 月
百分之一 = 0.01
百分点 = 0.01
千分之一 = 0.001
倍 = 1
"""


@cache
def registry() -> pint.UnitRegistry:  # type: ignore[type-arg]
    """Build the registry once: Chinese units only, exact fractions, no SI prefixes."""
    import pint

    units: pint.UnitRegistry = pint.UnitRegistry(None, non_int_type=Fraction)  # type: ignore[type-arg]
    for line in _DEFINITIONS.strip().splitlines():
        units.define(line)
    return units


_SPELLINGS = {
    "%": "百分之一", "％": "百分之一", "‰": "千分之一",
    "m²": "平方米", "㎡": "平方米", "mg/m³": "毫克每立方米", "mg/m3": "毫克每立方米",
    "m³": "立方米", "m3": "立方米", "m2": "平方米", "MW": "兆瓦", "kV": "千伏", "t/d": "吨/天",
}  # fmt: skip


@cache
def unit(text: str) -> tuple[Fraction, Dimension]:
    """Return (factor to base units, dimension) of a unit such as ``万元`` or ``万元/亩``.

    Base units are fen, 0.01 m², gce, kWh, t, persons, items, days, workdays and months.
    Raises :class:`FormulaError` for a unit the registry does not know.
    """

    for spelling, name in _SPELLINGS.items():
        text = text.replace(spelling, name)
    try:
        base = registry().Quantity(Fraction(1), text).to_base_units()
    except Exception as error:  # the parser of units fails in many ways on arbitrary text
        raise FormulaError(
            "unknown-unit",
            f"不认识的单位“{text}”",
            "用 元、万元、%、百分点、亩、人、年 等已登记单位",
        ) from error
    powers = {name.strip("[]"): int(str(power)) for name, power in base.dimensionality.items()}
    dimension = tuple(sorted(powers.items()))
    return Fraction(base.magnitude), dimension


def multiply(left: Dimension, right: Dimension, sign: int = 1) -> Dimension:
    """Dimension of a product (``sign=1``) or quotient (``sign=-1``)."""
    powers = dict(left)
    for name, power in right:
        powers[name] = powers.get(name, 0) + sign * power
    return tuple(sorted((name, power) for name, power in powers.items() if power))


_NAMES = {"money": "元", "area": "面积", "energy": "标准煤", "person": "人", "day": "天"}


def dimension_name(dimension: Dimension) -> str:
    """Name a dimension in Chinese for error messages: ``元/面积``, ``无量纲``."""
    if not dimension:
        return "无量纲"
    above = [_NAMES.get(n, n) + (f"^{p}" if p > 1 else "") for n, p in dimension if p > 0]
    below = [_NAMES.get(n, n) + (f"^{-p}" if p < -1 else "") for n, p in dimension if p < 0]
    return "·".join(above or ["1"]) + ("/" + "·".join(below) if below else "")
