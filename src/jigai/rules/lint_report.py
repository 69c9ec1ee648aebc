"""The linter's report as plain Chinese text for a terminal or a log."""

from __future__ import annotations

from jigai.rules.coverage import Coverage
from jigai.rules.lint import Report


def render(report: Report) -> str:
    """Findings as ``file:line:column [code] …``, then counts, coverage and what is still open."""
    blocks = [
        [f"{report.pack} {report.title}".rstrip()],
        _findings("错误", [str(problem) for problem in report.errors]),
        _findings("提醒", [str(problem) for problem in report.warnings]),
        _counts(report),
        _pending(report),
        _undetermined(report),
        ["通过" if report.passed else "没有通过：先改正上面的错误"],
    ]
    return "\n".join("\n".join(block) for block in blocks if block) + "\n"


def _findings(title: str, lines: list[str]) -> list[str]:
    return [f"{title} {len(lines)} 项", *(f"  {line}" for line in lines)] if lines else []


def _counts(report: Report) -> list[str]:
    lines = []
    if report.sections:
        counted = [f"{name} {count}" for name, count in report.sections.items() if count]
        lines.append("各部分：" + "、".join(counted))
    if report.clauses is not None and report.facts is not None:
        lines.append(f"条款覆盖 {_coverage(report.clauses)}；数的覆盖 {_coverage(report.facts)}")
        lines.append(
            "原文的数已逐条核对"
            if report.numerals_checked
            else "没有给出原文，未核对原文里的数；给出原文即核对"
        )
    return lines


def _coverage(coverage: Coverage) -> str:
    # Rounded down: 99.99 % must not read as complete.
    percent = int(coverage.percent * 10) / 10
    waiting = f"，其中 {coverage.pending} 待后续事项" if coverage.pending else ""
    return f"{percent:g}%（{coverage.covered}/{coverage.total}{waiting}）"


def _pending(report: Report) -> list[str]:
    lines = [f"{item.kind} {item.id} {item.what}（{item.issue}）" for item in report.pending]
    return _findings("待后续事项", lines)


def _undetermined(report: Report) -> list[str]:
    lines = [
        f"{item.name}（条款 {item.clause}）：由{item.decides or '未写明的部门'}决定"
        for item in report.undetermined
    ]
    return _findings("未定参数", lines)
