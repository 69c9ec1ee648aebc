"""The sentences of a bulletin, from its figures and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from jigai.core.screens import formats
from jigai.projects.work.bulletin_figures import show

_MOST = 3


def texts_of(found: Mapping[str, Any], period: str, unit_word: str) -> list[str]:
    """总体情况 and what stands out. What is not known is said to be so."""
    total = found["total"]
    texts = [_whole(total, period), _inclusion(total), _problems(total)]
    first = _first(found["tables"], "done", unit_word)
    return [text for text in [texts[0], first, *texts[1:]] if text]


def _whole(total: Mapping[str, Any], period: str) -> str:
    if total["done_fen"] is None:
        return f"{period}，列入台账的项目 {total['projects']} 个，还没有计入的月报。"
    text = (
        f"{period}，列入台账的项目 {total['projects']} 个，{total['reported']} 个有计入的月报，"
        f"累计完成投资 {formats.wan(total['done_fen'])} 万元"
    )
    rate = Fraction(*total["growth"]) if total["growth"] else None
    if rate is None:
        text += "（上年同期没有月报，不算同比）"
    else:
        word = "增长" if rate >= 0 else "下降"
        text += f"，同比{word} {show(abs(rate), '%')}%"
    share = Fraction(*total["plan_share"]) if total["plan_share"] else None
    if share is not None:
        text += f"，占有计划的项目年度计划的 {show(share, '%')}%"
    return text + "。"


def _inclusion(total: Mapping[str, Any]) -> str:
    if total["inclusion"] is None:
        return "是否入统都不明，不算入统率。"
    rate = show(Fraction(*total["inclusion"]), "%")
    text = f"已入统 {total['included']} 个，入统率 {rate}%"
    if total["inclusion_unknown"]:
        text += f"；{total['inclusion_unknown']} 个是否入统不明"
    return text + "。"


def _problems(total: Mapping[str, Any]) -> str:
    if not total["issues"]:
        return "没有未销号的问题。"
    late = f"，其中逾期 {total['late']} 个" if total["late"] else "，没有逾期的"
    return f"未销号的问题 {total['issues']} 个{late}。"


def _first(tables: Sequence[Mapping[str, Any]], key: str, unit_word: str) -> str:
    table = next(one for one in tables if one["id"] == key)
    ranked = [row for row in table["rows"] if row["rank"]]
    if len(ranked) < 2:
        return ""
    told = [f"{row['name']}（{row['shown']} {table['unit']}）" for row in ranked[:_MOST]]
    return f"按{table['title']}，居前的{unit_word}是{'、'.join(told)}。"
