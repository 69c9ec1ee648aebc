"""The workbook a bureau submits: publicity, totals, refusals, missing data, unverified, trace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from jigai.policies.reasons import Reason
from jigai.policies.unverified import unverified_items
from jigai.rules.bounds import shown_limit
from jigai.rules.plan import BELOW, EXCLUDED, PAY
from jigai.sheets.values.amounts import grouped_yuan
from jigai.sheets.writer import INTEGER, MONEY, ExportColumn, ExportSheet, write_book
from jigai.workbench.decisions import (
    ConsortiumDecision,
    ProjectDecision,
    consortium_decisions,
    project_decisions,
)
from jigai.workbench.evaluation import Evaluation
from jigai.workbench.summary import Group, awards, by_industry, by_measure, by_size, totals
from jigai.workbench.traces import trace_rows

Row = tuple[object, ...]


def write_result(run: Evaluation, target: Path) -> dict[str, int]:
    """Write the result workbook; returns the number of data rows by sheet.

    Amounts are 元 to the fen. The file appears only when it is complete.
    """
    projects, consortia = project_decisions(run), consortium_decisions(run)
    sheets = [
        _publicity(run, projects, consortia),
        _totals(run, projects, consortia),
        _refused(run, projects, consortia),
        _missing(run, projects, consortia),
        _unverified(run),
        _trace(run, projects, consortia),
        _issues(run),
    ]
    return dict(zip((s.name for s in sheets), write_book(target, sheets), strict=True))


def _note(run: Evaluation) -> str:
    simulated = f"　【{run.simulation}】" if run.simulation else ""
    as_of = run.env.context["as_of"]
    pack, data = run.model.pack.content_hash[:12], run.snapshot[:12]
    departures = f"　读法：{run.departures}" if run.departures else ""
    return f"单位：元　取数日：{as_of}　政策包 {pack}　数据 {data}{departures}{simulated}"


def _title(run: Evaluation, name: str) -> str:
    region = run.model.pack.identity.region
    return f"{region.name if region else ''}{run.year}年度{name}"


def _reasons(reasons: tuple[Reason, ...]) -> tuple[str, str]:
    text = "；".join(reason.text for reason in reasons)
    return text, "、".join(dict.fromkeys(r.clause for r in reasons if r.clause))


def _sheet(
    run: Evaluation, name: str, columns: list[ExportColumn], rows: Iterator[Row]
) -> ExportSheet:
    return ExportSheet(name, _title(run, name), columns, rows, _note(run))


# publicity ------------------------------------------------------------------------------------


def _publicity(
    run: Evaluation, projects: list[ProjectDecision], consortia: list[ConsortiumDecision]
) -> ExportSheet:
    columns = [
        ExportColumn("序号", INTEGER, 6),
        ExportColumn("企业名称", width=34),
        ExportColumn("统一社会信用代码", width=22),
        ExportColumn("项目名称", width=40),
        ExportColumn("奖补类别", width=34),
        ExportColumn("封顶前金额", MONEY),
        ExportColumn("拟奖补金额", MONEY),
        ExportColumn("依据条款", width=20),
        ExportColumn("备注", width=30),
    ]
    return _sheet(run, "拟奖补项目公示表", columns, _publicity_rows(run, projects, consortia))


def _publicity_rows(
    run: Evaluation, projects: list[ProjectDecision], consortia: list[ConsortiumDecision]
) -> Iterator[Row]:
    number = 0
    for decision in projects:
        if not decision.selected:
            continue
        number += 1
        raw = sum(decision.row[m.raw] or 0 for m in decision.measures)
        clauses = [
            c for m in decision.measures for c in (m.clause, *run.model.measures[m.id].clauses)
        ]
        yield (
            number,
            decision.name,
            decision.project.uscc,
            decision.project.project_name,
            "、".join(m.name for m in decision.measures),
            raw,
            decision.paid,
            "、".join(dict.fromkeys(clauses)),
            f"台账第{decision.project.row}行",
        )
    for pool in consortia:
        if pool.verdict != PAY:
            continue
        clauses = [pool.measure.clause, *run.model.measures[pool.measure.id].clauses]
        for member in pool.members:
            if member.share:
                number += 1
                code = member.enterprise.uscc if member.enterprise else None
                yield (
                    number,
                    member.name,
                    code,
                    pool.name,
                    pool.measure.name,
                    None,
                    member.share,
                    "、".join(dict.fromkeys(clauses)),
                    f"{pool.key}{'（牵头）' if member.lead else ''}",
                )
    whole = totals(projects, consortia)
    yield (
        None,
        "合计",
        None,
        None,
        None,
        None,
        whole.total,
        None,
        f"其中共同体 {grouped_yuan(whole.consortium)} 元",
    )


# totals ---------------------------------------------------------------------------------------


def _totals(
    run: Evaluation, projects: list[ProjectDecision], consortia: list[ConsortiumDecision]
) -> ExportSheet:
    columns = [
        ExportColumn("分组", width=12),
        ExportColumn("名称", width=44),
        ExportColumn("条款", width=10),
        ExportColumn("奖补笔数", INTEGER),
        ExportColumn("企业数", INTEGER),
        ExportColumn("金额", MONEY),
    ]

    def rows() -> Iterator[Row]:
        given = list(awards(projects, consortia))
        for label, groups in (
            ("按措施", by_measure(given)),
            ("按行业", by_industry(given)),
            ("按规模", by_size(given)),
        ):
            yield from (_group(label, group) for group in groups)
            companies = len({a.enterprise.uscc for a in given if a.enterprise})
            yield (label, "小计", None, len(given), companies, sum(a.amount for a in given))
        whole = totals(projects, consortia)
        yield ("合计", "拟奖补总额", None, len(given), None, whole.total)
        yield (
            "待定",
            "缺数据或未定的项目（上限，不计入合计）",
            None,
            whole.open,
            None,
            shown_limit(whole.open_high),
        )

    return _sheet(run, "资金测算汇总表", columns, rows())


def _group(label: str, group: Group) -> Row:
    return (label, group.label, group.clause, group.count, group.enterprises, group.amount)


# refusals and missing data --------------------------------------------------------------------


def _refused(
    run: Evaluation, projects: list[ProjectDecision], consortia: list[ConsortiumDecision]
) -> ExportSheet:
    columns = [
        ExportColumn("序号", INTEGER, 6),
        ExportColumn("企业名称", width=34),
        ExportColumn("统一社会信用代码", width=22),
        ExportColumn("项目名称", width=40),
        ExportColumn("结论", width=10),
        ExportColumn("理由", width=60),
        ExportColumn("依据条款", width=16),
        ExportColumn("理由代码", width=28),
        ExportColumn("备注", width=18),
    ]

    def rows() -> Iterator[Row]:
        number = 0
        for decision in projects:
            if decision.verdict in (BELOW, EXCLUDED) or (
                decision.verdict == PAY and decision.selected is False
            ):
                number += 1
                verdict = "符合，未选入" if decision.verdict == PAY else decision.verdict_name
                yield (
                    number,
                    decision.name,
                    decision.project.uscc,
                    decision.project.project_name,
                    verdict,
                    *_reasons(decision.reasons),
                    decision.codes,
                    f"台账第{decision.project.row}行",
                )
        for pool in consortia:
            if pool.verdict in (BELOW, EXCLUDED):
                number += 1
                yield (
                    number,
                    pool.name,
                    None,
                    pool.key,
                    pool.verdict_name,
                    *_reasons(pool.reasons),
                    ";".join(r.code for r in pool.reasons),
                    "共同体",
                )
            for member in pool.members:
                if member.counts is False:
                    number += 1
                    yield (
                        number,
                        member.name,
                        member.enterprise.uscc if member.enterprise else None,
                        pool.name,
                        "剔除成员",
                        *_reasons(member.reasons),
                        ";".join(r.code for r in member.reasons),
                        pool.key,
                    )

    return _sheet(run, "不予支持名单及理由", columns, rows())


def _missing(
    run: Evaluation, projects: list[ProjectDecision], consortia: list[ConsortiumDecision]
) -> ExportSheet:
    columns = [
        ExportColumn("序号", INTEGER, 6),
        ExportColumn("企业名称", width=34),
        ExportColumn("项目名称", width=40),
        ExportColumn("结论", width=8),
        ExportColumn("金额下限", MONEY),
        ExportColumn("金额上限", MONEY),
        ExportColumn("缺什么", width=50),
        ExportColumn("依据条款", width=16),
        ExportColumn("代码", width=24),
        ExportColumn("备注", width=18),
    ]

    def rows() -> Iterator[Row]:
        number = 0
        for decision in projects:
            if decision.verdict not in (PAY, BELOW, EXCLUDED) or (
                decision.verdict == PAY and decision.selected is None
            ):
                number += 1
                yield (
                    number,
                    decision.name,
                    decision.project.project_name,
                    decision.verdict_name,
                    decision.low,
                    shown_limit(decision.high),
                    *_reasons(decision.reasons),
                    decision.codes,
                    f"台账第{decision.project.row}行",
                )
        for pool in consortia:
            if pool.verdict not in (PAY, BELOW, EXCLUDED):
                number += 1
                yield (
                    number,
                    pool.name,
                    pool.key,
                    pool.verdict_name,
                    pool.row[pool.measure.low],
                    shown_limit(pool.row[pool.measure.high]),
                    *_reasons(pool.reasons),
                    ";".join(r.code for r in pool.reasons),
                    "共同体",
                )

    return _sheet(run, "缺数据清单", columns, rows())


def _unverified(run: Evaluation) -> ExportSheet:
    columns = [
        ExportColumn("序号", INTEGER, 6),
        ExportColumn("事项", width=22),
        ExportColumn("对象", width=10),
        ExportColumn("涉及数", INTEGER),
        ExportColumn("按此假定", width=16),
        ExportColumn("应由谁核实", width=24),
        ExportColumn("说明", width=50),
        ExportColumn("依据条款", width=16),
    ]
    rows = ((n, *item) for n, item in enumerate(unverified_items(run), 1))
    return _sheet(run, "未核实事项", columns, rows)


# trace and input ------------------------------------------------------------------------------


def _trace(
    run: Evaluation, projects: list[ProjectDecision], consortia: list[ConsortiumDecision]
) -> ExportSheet:
    columns = [
        ExportColumn("对象", width=14),
        ExportColumn("名称", width=36),
        ExportColumn("步骤", width=26),
        ExportColumn("条款", width=8),
        ExportColumn("公式", width=60),
        ExportColumn("取值", width=50),
        ExportColumn("结果", width=24),
    ]
    return _sheet(run, "计算过程", columns, trace_rows(run, projects, consortia))


def _issues(run: Evaluation) -> ExportSheet:
    columns = [
        ExportColumn("序号", INTEGER, 6),
        ExportColumn("文件", width=30),
        ExportColumn("工作表", width=16),
        ExportColumn("单元格", width=8),
        ExportColumn("级别", width=8),
        ExportColumn("字段", width=16),
        ExportColumn("原文", width=30),
        ExportColumn("采用值", width=24),
        ExportColumn("说明", width=50),
        ExportColumn("代码", width=22),
    ]
    names = {"error": "错误", "warning": "提醒", "autofix": "已自动修正"}
    order = {"error": 0, "warning": 1, "autofix": 2}
    ranked = sorted(run.dossier.issues, key=lambda i: (order[i.severity], i.file, i.sheet, i.row))
    rows = (
        (
            n,
            i.file,
            i.sheet,
            i.cell,
            names[i.severity],
            i.label,
            i.raw,
            i.clean_value,
            i.message,
            i.code,
        )
        for n, i in enumerate(ranked, 1)
    )
    return _sheet(run, "输入问题", columns, rows)
