"""The workbook of a study: comparison, groups, winners and losers, answers, every decision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from jigai.core.documents.charts import chart_of
from jigai.core.enterprise_register import SIZE_NAMES
from jigai.policies.words import VERDICT_WORDS
from jigai.sheets.escape import harmless
from jigai.sheets.writer import INTEGER, MONEY, ExportColumn, ExportSheet, write_book
from jigai.workbench.models import SandboxAnalysis, SandboxStudy
from jigai.workbench.sandbox.comparing import KINDS
from jigai.workbench.sandbox.figures import study_figures
from jigai.workbench.sandbox.kept_rows import read_rows
from jigai.workbench.sandbox.standing import Standing, with_results
from jigai.workbench.sandbox.summing import DIMENSIONS
from jigai.workbench.sandbox.told import (
    WARNING,
    about,
    against_first,
    percent,
    ratio,
    solved_words,
)

_SUBJECTS = {"project": "项目", "consortium": "共同体", "member": "共同体成员"}
Rows = Iterator[Sequence[Any]]


def write_study(
    study: SandboxStudy, listed: Sequence[Standing], answers: Sequence[SandboxAnalysis],
    target: Path,
) -> None:  # fmt: skip
    """Write the workbook; amounts are 元 to the fen."""
    done = with_results(listed)
    sheets = [
        _sheet(study, "说明", ["事项", "内容"], [20, 90], _about(study, listed)),
        _compared(study, done),
        _groups(study, done),
        _classes(study, done),
        _changes(study, done),
        _answers(study, answers),
        *(_decisions(study, place, one) for place, one in enumerate(done, 1)),
    ]
    write_book(target, sheets, lambda book: _figures(book, done))


def _figures(book: Any, done: Sequence[Standing]) -> None:
    """A sheet of figures: each table with its chart beside it."""
    sheet, row = book.add_worksheet("图"), 2
    sheet.write_string(0, 0, WARNING, book.add_format({"bold": True, "font_color": "#A4161A"}))
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 12, 16)
    for figure in study_figures(done):
        if not figure.categories or not figure.series:
            continue
        sheet.write_string(row, 0, harmless(f"{figure.title}（{figure.unit}）"))
        for column, head in enumerate(figure.columns):
            sheet.write_string(row + 1, column, harmless(head))
        for place, name in enumerate(figure.categories):
            sheet.write_string(row + 2 + place, 0, harmless(name))
            for column, (_name, values) in enumerate(figure.series, 1):
                sheet.write_number(row + 2 + place, column, figure.numbers(values)[place])
        chart = chart_of(book, figure, "图", row + 1)
        chart.set_size({"width": 620, "height": 300})
        sheet.insert_chart(row, len(figure.series) + 2, chart)
        row += max(len(figure.categories) + 4, 17)


def _sheet(
    study: SandboxStudy, name: str, heads: Sequence[str | tuple[str, str]], widths: Sequence[int],
    rows: Rows,
) -> ExportSheet:  # fmt: skip
    columns = [
        ExportColumn(h, width=w) if isinstance(h, str) else ExportColumn(h[0], h[1], w)
        for h, w in zip(heads, widths, strict=True)
    ]
    return ExportSheet(name, f"{study.title}（模拟）", columns, rows, f"{WARNING}　单位：元")


def _about(study: SandboxStudy, listed: Sequence[Standing]) -> Rows:
    yield ("用途", WARNING)
    yield from about(study, listed)
    for one in listed:
        yield (f"情景：{one.scenario.name}", "；".join([*one.changes, *one.readings]) or "照文件")
        if one.result is not None:
            result = one.result
            yield ("　政策内容散列", result.pack_hash)
            yield ("　事实快照", result.snapshot)
            yield ("　决定散列", result.root_hash)
            yield ("　结果文件散列", result.file)
            if not one.fresh:
                yield ("　注意", "运行之后又改过，本表是改之前的结果")


def _compared(study: SandboxStudy, done: Sequence[Standing]) -> ExportSheet:
    heads: list[str | tuple[str, str]] = [
        "情景", ("成本", MONEY), ("单个项目", MONEY), ("共同体", MONEY), ("其他", MONEY),
        ("受益企业", INTEGER), ("得钱项数", INTEGER), ("户均", MONEY), ("最多一家", MONEY),
        "前十家占比", "基尼系数", "赫芬达尔指数", ("待定项数", INTEGER), ("待定上限", MONEY),
    ]  # fmt: skip
    names = ("total", "projects", "consortia", "items", "heads", "awards", "mean", "most")

    def rows() -> Rows:
        for one in done:
            s = one.summary
            yield (
                one.scenario.name, *(s[n] for n in names), percent(s["top_share"]),
                ratio(s["gini"]), ratio(s["hhi"]), s["open"], s["open_high"],
            )  # fmt: skip

    return _sheet(study, "情景对比", heads, [26, *[18] * 13], rows())


def _groups(study: SandboxStudy, done: Sequence[Standing]) -> ExportSheet:
    heads: list[str | tuple[str, str]] = [
        "情景",
        "分组",
        "名称",
        ("企业", INTEGER),
        ("项数", INTEGER),
        ("金额", MONEY),
    ]

    def rows() -> Rows:
        for one in done:
            for dimension, word in DIMENSIONS.items():
                for group in one.summary["groups"][dimension]:
                    yield (one.scenario.name, word, group["label"], group["heads"],
                           group["count"], group["fen"])  # fmt: skip

    return _sheet(study, "分组", heads, [26, 12, 44, 10, 10, 18], rows())


def _classes(study: SandboxStudy, done: Sequence[Standing]) -> ExportSheet:
    heads: list[str | tuple[str, str]] = [
        "情景", ("每家下限（含）", MONEY), ("每家上限（不含）", MONEY), ("企业", INTEGER),
        ("金额", MONEY),
    ]  # fmt: skip

    def rows() -> Rows:
        for one in done:
            for b in one.summary["histogram"]:
                yield (one.scenario.name, b["low"], b["high"], b["count"], b["fen"])

    return _sheet(study, "每家得多少", heads, [26, 18, 18, 10, 18], rows())


def _changes(study: SandboxStudy, done: Sequence[Standing]) -> ExportSheet:
    heads: list[str | tuple[str, str]] = [
        "情景", "变化", "企业", "等级", "规模", ("原来", MONEY), ("现在", MONEY), ("相差", MONEY),
        "不再得的理由",
    ]  # fmt: skip

    def rows() -> Rows:
        for against in against_first(done):
            for c in against.changes:
                yield (against.name, KINDS[c.kind], c.name, c.grade, SIZE_NAMES.get(c.size, ""),
                       c.before, c.after, c.difference, c.why)  # fmt: skip

    return _sheet(study, "增减名单", heads, [26, 10, 34, 8, 8, 18, 18, 18, 50], rows())


def _answers(study: SandboxStudy, answers: Sequence[SandboxAnalysis]) -> ExportSheet:
    heads: list[str | tuple[str, str]] = [
        "情景",
        "分析",
        "项目",
        "取值",
        ("成本", MONEY),
        ("与现在相差", MONEY),
        "说明",
    ]

    def rows() -> Rows:
        for row in answers:
            name, kind = row.scenario.name, row.get_kind_display()
            found = row.found
            if row.kind == SandboxAnalysis.Kind.SOLVE:
                yield (name, kind, found["name"], found["value"], found["cost"], None,
                       solved_words(row))  # fmt: skip
                for text, _number, fen in found["looked"]:
                    yield (name, kind, found["name"], text, fen, None, "看过的取值")
            elif row.kind == SandboxAnalysis.Kind.MARGINAL:
                for r in found["rows"]:
                    for side in ("up", "down"):
                        if r[side]:
                            yield (name, kind, r["name"], r[side]["text"], r[side]["total"],
                                   r[side]["difference"], r["alone"])  # fmt: skip
            else:
                for text, line in zip(found["y"]["texts"], found["cells"], strict=True):
                    for other, fen in zip(found["x"]["texts"], line, strict=True):
                        yield (name, kind, f"{found['x']['name']}、{found['y']['name']}",
                               f"{other}、{text}", fen, None, "")  # fmt: skip

    return _sheet(study, "分析", heads, [26, 18, 26, 22, 18, 18, 60], rows())


def _decisions(study: SandboxStudy, place: int, one: Standing) -> ExportSheet:
    heads: list[str | tuple[str, str]] = [
        "对象", "名称", "企业", "行业", "规模", "地区", "等级", "结论", "措施", ("测算金额", MONEY),
        ("下限", MONEY), ("上限", MONEY), ("模拟金额", MONEY), "理由",
    ]  # fmt: skip

    def rows() -> Rows:
        assert one.result is not None
        for r in read_rows(one.result.file):
            yield (
                _SUBJECTS.get(r["subject"], r["subject"]), r["label"], r["enterprise"],
                r["industry"], SIZE_NAMES.get(r["size"], ""), r["town"] or r["region"], r["grade"],
                VERDICT_WORDS.get(r["verdict"], ""), "＋".join(r["measures"]), r["amount"],
                r["low"], r["high"], r["given"], "；".join(r["why"]),
            )  # fmt: skip

    return _sheet(
        study, f"明细{place}", heads, [10, 36, 34, 8, 8, 14, 8, 10, 34, 18, 18, 18, 18, 60], rows()
    )
