"""Figures of a study, on screen and in its papers."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from jigai.core.documents.figure import BAR, COLUMN, LINE, Figure, in_wan
from jigai.core.screens import formats
from jigai.workbench.sandbox.standing import Standing
from jigai.workbench.sandbox.summing import DIMENSIONS

_CUT = 12


def study_figures(listed: Sequence[Standing]) -> list[Figure]:
    """Cost by measure, beneficiaries, each dimension and the classes of amounts, by scenario."""
    if not listed:
        return []
    names = [one.scenario.name for one in listed]
    totals = "，".join(f"{n} {formats.wan(o.summary['total'])} 万元"
                      for n, o in zip(names, listed, strict=True))  # fmt: skip
    figures = [
        _turned("cost", "成本（按措施）", f"模拟成本：{totals}。", listed, "measure"),
        Figure(
            "heads", "受益企业", "，".join(f"{n} {o.summary['heads']:,} 家"
                                       for n, o in zip(names, listed, strict=True)) + "。",
            COLUMN, names, [("受益企业", [o.summary["heads"] for o in listed])], money=False,
            axis="情景",
        ),
    ]  # fmt: skip
    figures += [_grouped(listed, name) for name in ("industry", "size", "region", "grade")]
    return [*figures, _classes(listed)]


def _turned(
    key: str, title: str, summary: str, listed: Sequence[Standing], dimension: str
) -> Figure:
    """Scenarios along the axis, the groups stacked."""
    codes = _codes(listed, dimension)
    series = [
        (label, [_fen(one, dimension, code) for one in listed]) for code, label in codes.items()
    ]
    names = [one.scenario.name for one in listed]
    return Figure(key, title, summary, COLUMN, names, series, stacked=True, axis="情景")


def _grouped(listed: Sequence[Standing], dimension: str) -> Figure:
    codes = _codes(listed, dimension)
    first = listed[0].summary
    top = max(first["groups"][dimension], key=lambda g: g["fen"], default=None)
    share = (
        f"“{listed[0].scenario.name}”里{top['label']}最多，{formats.wan(top['fen'])} 万元。"
        if top else "没有给钱的项目。"
    )  # fmt: skip
    shown = dict(list(codes.items())[:_CUT]) if len(codes) > _CUT else codes
    rest = [code for code in codes if code not in shown]
    series = [
        (one.scenario.name, [_fen(one, dimension, code) for code in shown]
         + ([sum(_fen(one, dimension, code) for code in rest)] if rest else []))
        for one in listed
    ]  # fmt: skip
    kind = BAR if dimension in ("industry", "region") else COLUMN
    labels = [*shown.values(), *(["其余"] if rest else [])]
    title = f"按{DIMENSIONS[dimension]}"
    return Figure(dimension, title, share, kind, labels, series, axis=DIMENSIONS[dimension])


def _codes(listed: Sequence[Standing], dimension: str) -> dict[str, str]:
    """Groups of all scenarios in the order of the dimension; the greatest first where it has no
    order of its own."""
    found: dict[str, str] = {}
    fen: dict[str, int] = {}
    for one in listed:
        for group in one.summary["groups"][dimension]:
            found.setdefault(group["code"], group["label"])
            fen[group["code"]] = max(fen.get(group["code"], 0), group["fen"])
    if dimension in ("industry", "region"):
        return dict(sorted(found.items(), key=lambda item: (-fen[item[0]], item[0])))
    order = {"size": ["large", "medium", "small", "micro"], "grade": ["A", "B", "C", "D"]}
    listed_codes = order.get(dimension, list(found))
    known = [code for code in listed_codes if code in found]
    return {code: found[code] for code in [*known, *(c for c in found if c not in known)]}


def _fen(one: Standing, dimension: str, code: str) -> int:
    groups = one.summary["groups"][dimension]
    return int(next((g["fen"] for g in groups if g["code"] == code), 0))


def _classes(listed: Sequence[Standing]) -> Figure:
    bins = listed[0].summary["histogram"]
    labels = [
        f"{_wan(b['low'])}—{_wan(b['high'])}" if b["high"] else f"{_wan(b['low'])} 及以上"
        for b in bins
    ]
    series = [(one.scenario.name, [b["count"] for b in one.summary["histogram"]]) for one in listed]
    return Figure(
        "classes", "每家得多少（万元）", "每一段含下限、不含上限；没有得到钱的企业不在图里。",
        BAR, labels, series, money=False, axis="每家金额（万元）",
    )  # fmt: skip


def _wan(fen: int) -> str:
    return f"{fen // 1_000_000:,}"


def solve_figure(found: dict[str, Any]) -> dict[str, Any]:
    """The priced values as a line with the budget across it: ECharts option and table."""
    # Far ends were priced too; drawn, they would press everything else together.
    near = {found["value"], found["beyond"], found["present"]}
    far = 2 * max((_number(n) for text, n, _f in found["looked"] if text in near), default=0)
    points = [
        [float(_number(number)), in_wan(fen)]
        for _text, number, fen in found["looked"]
        if _number(number) <= far or not far
    ]
    return {
        "option": {
            "jgFormat": "wan",
            "xAxis": {"type": "value", "name": found["name"], "scale": True,
                      "nameLocation": "middle", "nameGap": 26},
            "yAxis": {"type": "value", "name": "万元"},
            "grid": {"left": 12, "right": 28, "top": 40, "bottom": 26, "containLabel": True},
            "series": [
                {
                    "type": "line", "name": "成本", "data": points, "symbolSize": 7,
                    "markLine": {
                        "symbol": "none",
                        "label": {"formatter": "预算", "position": "insideEndTop"},
                        "data": [{"yAxis": in_wan(found["budget"])}],
                    },
                }
            ],
        },
        "columns": [found["name"], "成本（元）"],
        "rows": [[text, formats.yuan(fen)] for text, _number, fen in found["looked"]],
        "summary": f"看过 {len(found['looked'])} 个取值，测算 {found['passes']} 遍。",
    }  # fmt: skip


def _number(text: str) -> Decimal:
    whole, _slash, part = text.partition("/")
    return Decimal(whole) / Decimal(part) if part else Decimal(whole)


def heat_figure(found: dict[str, Any]) -> Figure:
    """The table of two parameters as lines: one for each value down, along those across."""
    y = found["y"]
    series = [(f"{y['name']} {text}", line)
              for text, line in zip(y["texts"], found["cells"], strict=True)]  # fmt: skip
    return Figure(
        "heat", "成本随两个参数", f"横向{found['x']['name']}；每条线是{y['name']}的一个取值。",
        LINE, found["x"]["texts"], series, axis=found["x"]["name"],
    )  # fmt: skip
