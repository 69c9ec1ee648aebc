"""What a bulletin prints, out of its frozen content; the same content gives the same bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from jigai.core.documents.figure import BAR, Figure
from jigai.core.documents.letter_template import letter_template
from jigai.core.documents.qr import qr_png
from jigai.core.documents.rendering import render_docx
from jigai.core.documents.templates import Template, template_for
from jigai.core.screens import formats
from jigai.projects.work.bulletin_figures import UNPLACED, show
from jigai.projects.work.bulletin_template import bulletin_template

KIND = "dispatch-bulletin"
HEADER = [
    "项目（个）", "累计投资（万元）", "同比（%）", "计划完成率（%）", "入统率（%）", "未销号问题",
]  # fmt: skip


def template_of(region: str) -> Template:
    """The region's own template for bulletins, else the one that ships."""
    found = template_for(KIND, region)
    if found.content == letter_template():
        return Template("调度通报", bulletin_template())
    return found


def context_of_bulletin(content: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the template besides title, number, date and code."""
    figure = figure_of(content)
    return {
        "organ": f"{content['region_name']}工业和信息化部门",
        "period": content["period"], "paragraphs": list(content["texts"]),
        "overview": overview(content), "figures": [asdict(figure)] if figure else [],
        "rankings": rankings_told(content),
        "method_name": content["method"]["name"], "method": list(content["method"]["lines"]),
        "states": list(content["data_state"]), "made_on": content["made_on"],
    }  # fmt: skip


def draft_word(content: Mapping[str, Any], number: int) -> bytes:
    """The paper as it would be printed, marked as a draft and without a code."""
    return render_docx(
        bulletin_template(),
        {**context_of_bulletin(content), "title": content["title"],
         "number": f"第 {number} 期（送审稿，未印发）", "date": "", "code": "", "check_address": "",
         "check_hint": ""},
        qr_png("/"),
    )  # fmt: skip


def overview(content: Mapping[str, Any]) -> dict[str, Any]:
    """All figures of all places in one table, the most investment first, the total last."""
    lines = [*_in_order(content), content["total"]]
    rows = [{"head": line["name"], "key": line["key"], "cells": cells_of(line)} for line in lines]
    return {"corner": content["unit_word"], "header": HEADER, "rows": rows}


def figure_of(content: Mapping[str, Any]) -> Figure | None:
    """Investment by place as bars, the most first; nothing where there is nothing to compare, and
    no bar for a place without a figure: unknown is not drawn as zero."""
    lines = [line for line in _in_order(content) if line["done_fen"] is not None]
    if len(lines) < 2:
        return None
    most = f"最多的是{lines[0]['name']}，{show(lines[0]['done_fen'], '万元')} 万元。"
    series = [("累计投资", [line["done_fen"] for line in lines])]
    names = [line["name"] for line in lines]
    return Figure("done", "累计完成投资", most, BAR, names, series, axis=content["unit_word"])


def _in_order(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The lines as they stand in the first ranking; what has no place stands last."""
    known = {line["key"]: line for line in content["lines"]}
    ranked = [known.pop(row["key"]) for row in content["tables"][0]["rows"]]
    return [*ranked, *known.values()]


def cells_of(line: Mapping[str, Any]) -> list[str]:
    """The figures of one place as printed."""
    late = f"（逾期 {line['late']}）" if line["late"] else ""
    return [
        f"{line['projects']:,}", show(line["done_fen"], "万元"), _rate(line["growth"]),
        _rate(line["plan_share"]), _rate(line["inclusion"]), f"{line['issues']:,}{late}",
    ]  # fmt: skip


def _rate(pair: Sequence[int] | None) -> str:
    return show(Fraction(*pair) if pair else None, "%")


def rankings_told(content: Mapping[str, Any]) -> dict[str, Any]:
    """The places of every unit in every ranking that ranks at least two, in one table.

    ``header`` and ``rows`` are empty where there is none; ``notes`` say how they were ranked.
    """
    tables = [table for table in content["tables"] if _ranked(table) > 1]
    places = [{row["key"]: row for row in table["rows"]} for table in tables]
    rows = [
        {"head": line["name"], "cells": [place_words(found[line["key"]]) for found in places]}
        for line in _in_order(content) if line["key"] != UNPLACED
    ]  # fmt: skip
    notes = [f"{table['title']}：{table['note']}" for table in tables if table["note"]]
    left = [table["title"] for table in content["tables"] if table not in tables]
    notes += [tables[0]["ties"]] if tables else []
    notes += [f"{'、'.join(left)}：有数的不到两个，不排"] if left else []
    notes += [
        f"括号里是上期（第 {content['before_number']} 期，口径相同）的名次"
    ] if content["before_number"] else []  # fmt: skip
    return {
        "corner": content["unit_word"], "header": [table["title"] for table in tables],
        "rows": rows if tables else [], "note": "；".join(notes),
    }  # fmt: skip


def _ranked(table: Mapping[str, Any]) -> int:
    return sum(row["rank"] is not None for row in table["rows"])


def place_words(row: Mapping[str, Any]) -> str:
    """``2``, ``2 并列``, ``2（上期 3）``; a dash without a place."""
    if row["rank"] is None:
        return formats.ABSENT
    before = f"（{row['before']}）" if row["before"] else ""
    return f"{row['rank']}{' 并列' if row['tied'] else ''}{before}"
