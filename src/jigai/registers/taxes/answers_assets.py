"""Answers about equipment: methods of depreciation compared, the plan with its best way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from jigai.errors import JigaiError
from jigai.registers.taxes import match
from jigai.registers.taxes.fields import by_year
from jigai.registers.taxes.sheet import (
    YES,
    Result,
    Stat,
    Table,
    bars,
    maybe,
    money,
    once,
    worth,
)
from jigai.taxes.compare import Column, Compared, compare_methods
from jigai.taxes.law import Law
from jigai.taxes.plan import PlanEffects, PlannedAsset, RenovationPlan, Taxpayer, plan_effects
from jigai.taxes.shapes import DEFERRED, RECOVERED

Given = Mapping[str, Any]
_STATES = {"yes": "可以用", "no": "不能用", "unknown": "缺数据"}
_KINDS = {DEFERRED: "推迟", RECOVERED: "收回"}


def depreciation(given: Given, rows: Sequence[Given], law: Law) -> list[Result]:
    """Every method of one asset, books against tax."""
    asset = PlannedAsset(
        "设备", given["cost"], given["in_service"], given["kind"], given["unit_price"],
        given["bought"], given["book_years"], given["residual"] or 0,
        research_only=given["research_only"], fast_renewal=given["fast_renewal"],
    )  # fmt: skip
    who = Taxpayer(
        given["industry"], high_tech_from=given["high_tech_from"],
        high_tech_until=given["high_tech_until"], small_or_medium=given["small_or_medium"],
    )  # fmt: skip
    incomes = by_year(given["in_service"].year, given["incomes"])
    found = compare_methods(
        asset, who, law, discount_rate=given["discount"] or Fraction(0), incomes=incomes
    )
    best = next(one for one in found.columns if one.method.method == found.best)
    return [_methods(found, best), _books(best)]


def _methods(found: Compared, best: Column) -> Result:
    head = ("年度", *(one.method.name for one in found.columns))
    rows = tuple(
        (str(year), *(maybe(one.lines[n].deducted or None) for one in found.columns))
        for n, year in enumerate(found.years)
    )
    foot = ("合计", *(money(one.total) for one in found.columns))
    told = tuple(
        (
            one.method.name, _STATES[one.method.state], money(one.put_off), money(one.present),
            "；".join(one.method.why),
        )
        for one in sorted(found.columns, key=lambda one: (not one.open, -one.present))
    )  # fmt: skip
    unknown = [one for one in found.columns if one.method.state == "unknown"]
    drawn = [one for one in found.columns if one.method.state != "no"]
    series = {one.method.name: [line.balance for line in one.lines] for one in drawn}
    return Result(
        "扣除方法比较",
        "",
        [
            Stat("现值最大的方法", best.method.name, found.reason),
            Stat("推迟的税折成现值", worth(best.present), "与会计折旧直接扣除相比"),
            Stat(
                "多扣最多的一年",
                worth(max(line.difference for line in best.lines)),
                "税前扣除减会计折旧",
            ),
        ],
        [
            Table(
                "能不能用、值多少（元）",
                ("方法", "能不能用", "各年合计少缴", "现值", "为什么"),
                told,
                words=frozenset({0, 1, 4}),
            ),
            Table("各年税前扣除额（元）", head, rows, foot),
        ],
        bars(
            "年末累计推迟的税额",
            f"{best.method.name}推迟的税最后都会补回来，差别在时间。",
            found.years,
            series,
            kind="line",
        ),
        missing=once(f"{one.method.name}：{'；'.join(one.method.why)}" for one in unknown),
        assumed=list(found.assumed),
        cites=list(found.cites),
    )


def _books(best: Column) -> Result:
    rows = tuple(
        (str(line.year), money(line.book), money(line.deducted), money(line.difference),
         money(line.put_off), money(line.balance))
        for line in best.lines
    )  # fmt: skip
    lines = best.lines
    foot = ("合计", money(sum(x.book for x in lines)), money(sum(x.deducted for x in lines)),
            money(sum(x.difference for x in lines)), money(best.put_off), "")  # fmt: skip
    table = Table(
        f"{best.method.name}：会计与税法的差（元）",
        ("年度", "会计折旧", "税前扣除", "税会差异", "当年少缴税", "累计推迟"), rows, foot,
        note="少缴为负数的年度是把以前推迟的税补回来",
    )  # fmt: skip
    return Result("会计与税法", tables=[table])


def plan_of(given: Given, rows: Sequence[Given]) -> RenovationPlan:
    """The plan as typed. Raises :class:`JigaiError` for a line without cost or day."""
    assets = []
    for number, row in enumerate(rows, start=1):
        if row["cost"] is None or row["in_service"] is None:
            raise JigaiError(
                "half-line", f"第 {number} 行设备缺原值或投入使用日期", "补齐，或清空这一行"
            )
        assets.append(
            PlannedAsset(
                row["name"] or f"设备 {number}", row["cost"], row["in_service"],
                row["kind"] or "machine", row["unit_price"], input_tax=row["input_tax"],
                catalogue=row["catalogue"], public_funds=row["public_funds"] or 0,
                in_project=bool(row["in_project"]),
            )
        )  # fmt: skip
    who = Taxpayer(
        given["industry"], given["general"], given["high_tech_from"], given["high_tech_until"],
        given["research_kind"] or None, given["small_profit"], given["small_or_medium"],
    )  # fmt: skip
    first = given["first_year"]
    start = first or min((asset.in_service.year for asset in assets), default=None)
    if start is None:
        raise JigaiError("no-start", "没有设备，也没有写从哪一年算起", "填设备，或填起始年度")
    from_income = given["first_income_year"] or start
    return RenovationPlan(
        tuple(assets), who, start, by_year(start, given["incomes"]),
        by_year(from_income, given["project_incomes"]), given["eligible_project"],
        given["first_income_year"], by_year(start, given["research"]),
        given["discount"] or Fraction(0), pooled_losses=given["losses"] == "b",
    )  # fmt: skip


def plan(given: Given, rows: Sequence[Given], law: Law) -> list[Result]:
    """Every instrument on a plan, the best combination, the others beside it."""
    made = plan_of(given, rows)
    found = plan_results(plan_effects(made, law))
    asked = [(asset.name, asset.purchase) for asset in made.assets if asset.catalogue is None]
    found[0].why += match.told(asked, match.EQUIPMENT)
    return found


def plan_results(found: PlanEffects) -> list[Result]:
    """The answer laid out."""
    years = sorted({*found.years, *found.input_tax})
    taken = [one for one in found.effects if one.state == YES]
    series = {one.name: [one.years.get(year, 0) for year in years] for one in taken if one.years}
    rows = tuple(
        (str(year), *(money(one.years.get(year, 0)) for one in taken),
         money(found.years.get(year, 0)))
        for year in years
    )  # fmt: skip
    foot = ("合计", *(money(one.total) for one in taken), money(found.total))
    result = Result(
        "最优组合",
        "",
        [
            Stat("各年少缴所得税合计", worth(found.total), "推迟的税最后补回，合计里已相抵"),
            Stat("折成现值", worth(found.present), f"折到 {found.base_year} 年"),
            Stat(
                "可抵进项税",
                worth(_input_tax(found)),
                "购进时已付给销售方，另列",
            ),
        ],
        [
            _instruments(found),
            Table(
                "逐年（元）",
                ("年度", *(one.name for one in taken), "所得税合计"),
                rows,
                foot,
                note="负数是把以前推迟的税补回来；进项税不在所得税合计里",
            ),
        ],
        bars("各项优惠逐年少缴的税", found.reason, years, series) if series else None,
        [found.reason],
        list(found.missing),
        list(found.assumed),
        list(found.cites),
    )
    return [result, _ways(found)]


def _input_tax(found: PlanEffects) -> int | None:
    """What can be credited in all; unknown while a datum is missing."""
    return next(one.total for one in found.effects if one.code == "equipment-vat")


def _instruments(found: PlanEffects) -> Table:
    rows = tuple(
        (
            one.name,
            {"yes": "可以用", "no": "不能用", "unknown": "缺数据"}[one.state],
            _KINDS.get(one.kind, "少缴"), money(one.total), money(one.present),
            "；".join([*one.why, *(f"缺：{text}" for text in one.missing)]) or "—",
        )
        for one in found.effects
    )  # fmt: skip
    return Table("各项优惠（元）", ("优惠", "能不能用", "性质", "各年合计", "现值", "说明"), rows,
                 words=frozenset({0, 1, 2, 5}))  # fmt: skip


_SHOWN = 30


def _ways(found: PlanEffects) -> Result:
    shown = found.combinations[:_SHOWN]
    names = [name for name, _ in shown[0].choices] if shown else []
    rows = tuple(
        (str(place), *(value for _, value in one.choices), money(one.total), money(one.present),
         money(found.present - one.present))
        for place, one in enumerate(shown, start=1)
    )  # fmt: skip
    words = frozenset(range(len(names) + 1))
    note = f"共 {len(found.combinations)} 种，列前 {len(shown)} 种" if len(shown) < len(
        found.combinations) else "不能并用的优惠逐种排列，按现值从大到小"  # fmt: skip
    table = Table("可以选的组合（元）", ("次序", *names, "各年合计", "现值", "比最优少"), rows,
                  note=note, words=words)  # fmt: skip
    return Result("其余组合", tables=[table])
