"""The paper of a study: comparison, figures, winners and losers, answers, archive. Word, 模拟."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from docxtpl import DocxTemplate

from jigai.core.documents.charts import InlineChart
from jigai.core.documents.context import plain
from jigai.core.documents.packages import without_moments
from jigai.core.documents.sandbox import sandbox
from jigai.core.screens import formats
from jigai.workbench.models import SandboxAnalysis, SandboxStudy
from jigai.workbench.sandbox.comparing import Change
from jigai.workbench.sandbox.figures import study_figures
from jigai.workbench.sandbox.standing import Standing, with_results
from jigai.workbench.sandbox.told import (
    WARNING,
    about,
    against_first,
    comparison,
    signed_wan,
    signed_yuan,
    solved_words,
)
from jigai.workbench.sandbox.word_template import paper_template

Block = dict[str, Any]
_WHITE = "FFFFFF"
_SHADES = ("EAF2FB", "D3E3F6", "B5D0F0", "93B9E8", "6FA0DD")
_NAMED = 10


def study_paper(
    study: SandboxStudy, listed: Sequence[Standing], answers: Sequence[SandboxAnalysis]
) -> bytes:
    """The document; the same study and results give the same bytes."""
    done = with_results(listed)
    template = DocxTemplate(io.BytesIO(paper_template()))
    sections = [
        ("一、研究什么", list(_about(study, listed))),
        ("二、情景对比", list(_compared(done))),
        ("三、图", list(_figures(template, done))),
        ("四、增减名单（与第一个情景比）", list(_changed(done))),
        ("五、分析", list(_answers(answers))),
        ("六、存档", list(_archive(done))),
    ]
    template.render(
        {
            "title": plain(study.title),
            "warning": WARNING,
            "about": plain(
                "　".join(f"{name}：{text}" for name, text in about(study, listed)[1:4])
            ),
            "foot": f"政策沙盘第 {study.pk} 号　模拟",
            "sections": [
                {"title": title, "blocks": blocks} for title, blocks in sections if blocks
            ],
        },
        sandbox(),
    )
    out = io.BytesIO()
    template.save(out)
    return without_moments(out.getvalue())


# blocks ------------------------------------------------------------------------------------------


def _text(text: str) -> Block:
    return {"kind": "text", "text": plain(text)}


def _table(
    title: str, corner: str, header: Iterable[str], rows: Iterable[Sequence[str]],
    fills: Sequence[Sequence[str]] = (), texts: bool = False,
) -> Block:  # fmt: skip
    """A table whose first column stands apart; ``fills`` colours cells."""
    shaped = []
    for place, row in enumerate(rows):
        colours = fills[place] if fills else [_WHITE] * (len(row) - 1)
        cells = [
            {"text": plain(text), "fill": fill} for text, fill in zip(row[1:], colours, strict=True)
        ]
        shaped.append({"head": plain(row[0]), "cells": cells})
    heads = [{"text": plain(text), "fill": "E7EEF7"} for text in header]
    return {
        "kind": "texts" if texts else "table", "title": plain(title), "corner": plain(corner),
        "header": heads, "rows": shaped,
    }  # fmt: skip


def _about(study: SandboxStudy, listed: Sequence[Standing]) -> Iterator[Block]:
    if study.note:
        yield _text(study.note)
    yield _table("", "事项", ["内容"], about(study, listed), texts=True)
    rows = [
        [one.scenario.name, one.title, "；".join(one.changes) or "照文件",
         "；".join(one.readings) or "照默认"]
        for one in listed
    ]  # fmt: skip
    yield _table("情景", "情景", ["文件", "参数与规则的改动", "读法的改动"], rows, texts=True)


def _compared(done: Sequence[Standing]) -> Iterator[Block]:
    if not done:
        return
    rows = [[line.label, *line.values] for line in comparison(done)]
    yield _table("", "指标", [one.scenario.name for one in done], rows)
    if any(not one.fresh for one in done):
        names = "、".join(one.scenario.name for one in done if not one.fresh)
        yield _text(f"注意：{names} 在运行之后又改过，表里是改之前的结果。")


def _figures(template: Any, done: Sequence[Standing]) -> Iterator[Block]:
    for number, figure in enumerate(study_figures(done), 1):
        if not figure.categories or not figure.series:
            continue
        yield {
            "kind": "figure", "title": plain(f"图 {number}　{figure.title}（{figure.unit}）"),
            "chart": InlineChart(template, figure, number), "text": plain(figure.summary),
        }  # fmt: skip


def _changed(done: Sequence[Standing]) -> Iterator[Block]:
    for against in against_first(done):
        rows = [[word, f"{heads:,}", signed_wan(fen)] for _kind, word, heads, fen in against.tally]
        rows.append(["合计", "", signed_wan(against.total)])
        yield _table(against.name, "变化", ["企业（家）", "金额（万元）"], rows)
        for word, some in (
            ("增加最多", [c for c in against.changes if c.difference > 0]),
            ("减少最多", [c for c in against.changes if c.difference < 0]),
        ):
            if some:
                yield _named(f"{against.name}：{word}的前 {min(_NAMED, len(some))} 家", some)


def _named(title: str, some: Sequence[Change]) -> Block:
    rows = [
        [c.name, formats.yuan(c.before), formats.yuan(c.after), signed_yuan(c.difference)]
        for c in some[:_NAMED]
    ]
    return _table(title, "企业", ["原来（元）", "现在（元）", "相差（元）"], rows)


def _answers(answers: Sequence[SandboxAnalysis]) -> Iterator[Block]:
    for row in answers:
        found, name = row.found, row.scenario.name
        if row.kind == SandboxAnalysis.Kind.SOLVE:
            yield _text(f"{name}：{solved_words(row)}")
            shown = [[text, formats.yuan(fen)] for text, _number, fen in found["looked"]]
            yield _table(
                f"求解看过的取值（测算 {found['passes']} 遍）", found["name"], ["成本（元）"], shown
            )
        elif row.kind == SandboxAnalysis.Kind.MARGINAL:
            yield _table(
                f"{name}：每个参数一步的成本（现在 {formats.wan(found['total'])} 万元）",
                "参数", ["现值", "一步", "加一步（元）", "减一步（元）"],
                [[r["name"], r["text"], r["step"], *(_difference(r[s]) for s in ("up", "down"))]
                 for r in found["rows"] if _moves(r)],
            )  # fmt: skip
        else:
            yield _heat(name, found)


def _moves(row: dict[str, Any]) -> bool:
    return any(row[side] and row[side]["difference"] for side in ("up", "down"))


def _difference(side: dict[str, Any] | None) -> str:
    return signed_yuan(side["difference"]) if side else formats.ABSENT


def _heat(name: str, found: dict[str, Any]) -> Block:
    cells = found["cells"]
    flat = [fen for line in cells for fen in line]
    low, span = min(flat), max(flat) - min(flat) or 1
    fills = [[_SHADES[(fen - low) * (len(_SHADES) - 1) // span] for fen in line] for line in cells]
    rows = [
        [text, *(formats.wan(fen) for fen in line)]
        for text, line in zip(found["y"]["texts"], cells, strict=True)
    ]
    x, y = found["x"], found["y"]
    return _table(
        f"{name}：{x['name']}（横）与{y['name']}（纵）的成本（万元）", y["name"], x["texts"], rows,
        fills,
    )  # fmt: skip


def _archive(done: Sequence[Standing]) -> Iterator[Block]:
    yield _text("同样的政策内容、快照、参数、读法与日期，任何时候重算都得到同样的结果文件。")
    rows = [
        [one.scenario.name, one.result.pack_hash[:16], one.result.snapshot[:16],
         one.result.root_hash[:16], one.result.file[:16]]
        for one in done
        if one.result is not None
    ]  # fmt: skip
    yield _table("散列（前十六位）", "情景", ["政策内容", "事实快照", "决定", "结果文件"], rows,
                 texts=True)  # fmt: skip
