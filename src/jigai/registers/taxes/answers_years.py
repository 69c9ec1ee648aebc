"""Answers by year: super deduction, the holiday, the equipment credit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jigai.errors import JigaiError
from jigai.registers.taxes import match
from jigai.registers.taxes.fields import by_year
from jigai.registers.taxes.sheet import (
    NO,
    UNKNOWN,
    YES,
    Result,
    Stat,
    Table,
    bars,
    money,
    once,
    worth,
)
from jigai.rules.wording import percent
from jigai.taxes.amounts import to_fen
from jigai.taxes.credit import DIGITAL, EQUIPMENT, CreditItem, Credits, back_tax, use_credits
from jigai.taxes.holiday import START_RULES, Holiday
from jigai.taxes.holiday import holiday as reckon
from jigai.taxes.income_tax import ordinary_rate
from jigai.taxes.law import Law, unique
from jigai.taxes.research import KINDS, Spending, super_deduction

Given = Mapping[str, Any]
_LAST = 2060


def research(given: Given, rows: Sequence[Given], law: Law) -> list[Result]:
    """What a year's spending adds, at the rate of the year; other kinds and years beside it."""
    spent = Spending(given["year"], given["own"], given["entrusted"] or 0, given["overseas"] or 0,
                     given["late"])  # fmt: skip
    kind, industry = given["kind"] or None, given["industry"]
    found = super_deduction(spent, kind, industry, law, given["share"])
    rate, rate_cites = ordinary_rate(law, spent.year, bool(given["high_tech"]))
    added = found.added
    saved = None if added is None or rate is None else to_fen(added * rate)
    result = Result(
        f"{spent.year} 年研发费用加计扣除",
        found.state,
        [
            Stat("加计扣除额", worth(added)),
            Stat(
                "少缴所得税",
                worth(saved),
                f"按税率 {percent(rate) if rate else '未知'}，所得足够抵减时",
            ),
            Stat("可加计的费用", worth(found.base)),
        ],
        why=list(found.why),
        missing=list(found.missing),
        cites=list(unique((*found.cites, *rate_cites))),
    )
    if given["high_tech"] is None:
        result.assumed.append("不知道是不是高新技术企业，按一般税率算少缴的税")
    if kind == "manufacturing" and given["share"] is None:
        result.assumed.append("制造业收入占比没有填，按达到起点算")
    if found.cut:
        result.why.append(f"委托境外超过上限的 {money(found.cut)} 元不能加计")
    if found.parts:
        result.tables.append(_parts(found.parts, found.by_actual))
    result.tables.append(_other_years(spent, kind, industry, law))
    return [result]


def _parts(parts: Any, actual: bool) -> Table:
    rows = tuple(
        (part.cite.text, str(part.months), money(part.base), money(part.added)) for part in parts
    )
    foot = ("合计", "", money(sum(p.base for p in parts)), money(sum(p.added for p in parts)))
    note = "" if len(parts) == 1 else "按实际发生分开" if actual else "按经营月份分摊"
    return Table("按比例算（元）", ("加计比例", "月数", "费用", "加计额"), rows, foot, note)


def _other_years(spent: Spending, kind: str | None, industry: str, law: Law) -> Table:
    """The same spending in the years around: the rate is never the same for long."""
    kinds = [kind] if kind else list(KINDS)
    rows = []
    for year in range(spent.year - 3, spent.year + 4):
        cells = []
        for one in kinds:
            moved = Spending(year, spent.own, spent.entrusted, spent.overseas)
            found = super_deduction(moved, one, industry, law)
            cells.append("不适用" if found.state == NO else money(found.added))
        rows.append((f"{year} 年", *cells))
    return Table(
        "同样的费用放在别的年度（加计额，元）", ("年度", *(KINDS[k] for k in kinds)), tuple(rows)
    )


def holiday(given: Given, rows: Sequence[Given], law: Law) -> list[Result]:
    """The calendar by the first income, and by the year assessed where there is one.

    Raises :class:`JigaiError` without any first year.
    """
    starts = [("first_income", given["first_income"]), ("assessed", given["assessed"])]
    told = [(rule, year) for rule, year in starts if year]
    if not told:
        raise JigaiError(
            "no-start", "起算年度还不知道，排不出日历", "填第一笔经营收入的年度，或税务核定的年度"
        )
    first = given["first_income"] or told[0][1]
    incomes = by_year(first, given["incomes"])
    low = _certificate(given)
    found = []
    for rule, year in told:
        made = reckon(year, incomes, law, kind=given["scheme"], high_tech=low)
        found.append(_calendar(made, START_RULES[rule], given))
    if len(told) > 1 and told[0][1] != told[1][1]:
        found[0].why.append("起算年度有两种取法，两张日历并列；以税务机关核定的为准")
    return found


def _certificate(given: Given) -> frozenset[int]:
    first, last = given["high_tech_from"], given["high_tech_until"]
    return frozenset(range(first, (last or _LAST) + 1)) if first else frozenset()


def _calendar(made: Holiday, rule: str, given: Given) -> Result:
    facts = {"项目是否在当期目录之内": given["listed"], "项目所得是否单独核算": given["separate"]}
    state = NO if False in facts.values() else UNKNOWN if None in facts.values() else YES
    asked = [text for text, value in facts.items() if value is None]
    rows = tuple(
        (f"{one.year} 年", f"第 {one.number} 年", one.phase, money(one.income), money(one.made_up),
         money(one.taxable), money(one.normal), money(one.tax), money(one.saved))
        for one in made.years
    )  # fmt: skip
    foot = ("合计", "", "", "", "", "", "", "", money(made.saved))
    wasted = [str(one.year) for one in made.years if one.wasted]
    result = Result(
        f"起算年：{rule}",
        state,
        [
            Stat("优惠期", f"{made.first}—{made.last} 年", "先免后减半"),
            Stat("六年少缴", worth(made.saved), "与没有这项优惠相比"),
        ],
        [
            Table(
                "六年日历（元）",
                (
                    "年度",
                    "次序",
                    "优惠",
                    "项目所得",
                    "弥补以前亏损",
                    "应纳税所得额",
                    "照常应纳",
                    "优惠后应纳",
                    "少缴",
                ),
                rows,
                foot,
                words=frozenset({0, 1, 2}),
            )
        ],
        missing=[*asked, *made.missing],
        cites=list(made.cites),
    )
    if made.missing and made.known_saved:
        result.stats[1] = Stat("已知年度少缴", worth(made.known_saved), "缺的年度没有算进去")
    if wasted:
        result.why.append(f"{'、'.join(wasted)} 年没有应纳税所得额，免税年度白白过去")
    if not made.missing:
        years = [one.year for one in made.years]
        result.drawing = bars("照常应纳与优惠后应纳", "两条柱的差就是当年少缴的税。", years, {
            "照常应纳": [one.normal for one in made.years],
            "优惠后应纳": [one.tax for one in made.years],
        })  # fmt: skip
    return result


def credit(given: Given, rows: Sequence[Given], law: Law) -> list[Result]:
    """Credits used year by year. Raises :class:`JigaiError` for a line without day or price."""
    items = []
    for number, row in enumerate(rows, start=1):
        if row["bought"] is None or row["price"] is None:
            raise JigaiError(
                "half-line", f"第 {number} 行设备缺购置日期或投资额", "补齐，或清空这一行"
            )
        items.append(CreditItem(
            row["name"] or f"设备 {number}", row["bought"], row["price"], row["catalogue"],
            row["public_funds"] or 0, row["kind"] or EQUIPMENT, row["original"],
        ))  # fmt: skip
    if not items:
        raise JigaiError("no-line", "还没有填设备", "至少填一行购置的专用设备")
    first = given["first"] or min(item.bought.year for item in items)
    found = use_credits(items, by_year(first, given["payable"]), law)
    states = {one.state for one in found.credits}
    state = (
        YES if states == {YES} else UNKNOWN if UNKNOWN in states else YES if YES in states else NO
    )
    result = Result(
        "专用设备投资抵免",
        state,
        [
            Stat(
                "可抵免税额",
                worth(sum(one.amount or 0 for one in found.credits)),
                "已确定的合计",
            ),
            Stat("已抵", worth(found.used)),
            Stat("过期没有抵完", worth(found.lost), "结转年限内应纳税额不够"),
        ],
        [_purchases(found), _credit_years(found)],
        missing=once(
            [
                *(f"{one.item.name}：{text}" for one in found.credits for text in one.missing),
                *found.missing,
            ]
        ),
        cites=list(found.cites),
    )
    if found.years:
        result.drawing = bars("逐年抵免与结转", "先买的先抵；每年抵不完的结转到以后年度。",
                              [one.year for one in found.years], {
            "当年抵免": [one.used for one in found.years],
            "结转以后": [one.carried for one in found.years],
        })  # fmt: skip
    asked = [(item.name, item.bought) for item in items if item.catalogue is None]
    result.why += match.told(asked, match.EQUIPMENT)
    _sold(result, found, given["sold"])
    return [result]


def _purchases(found: Credits) -> Table:
    words = {YES: "可以抵", NO: "不能抵", UNKNOWN: "缺数据"}
    rows = tuple(
        (one.item.name, one.item.bought.isoformat(), words[one.state], money(one.base),
         money(one.amount), f"{one.last_year} 年" if one.last_year else "—",
         "；".join([*one.why, *(f"缺：{text}" for text in one.missing)]) or "—")
        for one in found.credits
    )  # fmt: skip
    return Table(
        "购置（元）",
        ("设备", "购置日期", "能不能抵", "计算基数", "可抵税额", "最后可抵", "说明"),
        rows,
        words=frozenset({0, 1, 2, 5, 6}),
    )


def _credit_years(found: Credits) -> Table:
    rows = tuple(
        (f"{one.year} 年", money(one.payable), money(one.used), money(one.tax), money(one.carried),
         money(one.lost))
        for one in found.years
    )  # fmt: skip
    foot = ("合计", "", money(found.used), "", money(found.left), money(found.lost))
    return Table(
        "逐年（元）",
        ("年度", "抵免前应纳", "抵免", "抵免后应纳", "结转以后", "过期"),
        rows,
        foot,
        "可抵税额 = 已抵 + 过期 + 结转",
    )


def _sold(result: Result, found: Credits, sold: Any) -> None:
    """What a transfer within the holding time costs."""
    if sold is None:
        return
    for one in found.credits:
        if one.item.kind == DIGITAL or one.hold_until is None:
            continue
        used = sum(use.fen for use in found.uses if use.item == one.item.name)
        back = back_tax(one, sold, used)
        if back:
            result.why.append(
                f"{one.item.name}在 {one.hold_until} 以前转让或出租，停止抵免，"
                f"补缴已抵的 {money(back)} 元"
            )
