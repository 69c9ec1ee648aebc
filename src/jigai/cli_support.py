"""What the commands share: finding packs, reading options, running, printing, friendly errors."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from jigai.errors import JigaiError
from jigai.paths import packs_dir, samples_dir
from jigai.rules.bounds import shown_limit
from jigai.rules.errors import EvaluationError, FormulaError, PackError
from jigai.workbench.evaluation import Evaluation, evaluate

Tell = Callable[[str, float], None]
_errors = Console(stderr=True)


@contextmanager
def friendly_errors() -> Iterator[None]:
    """Show what is wrong, where and what to do; never a stack. Exit code 2."""
    try:
        yield
    except PackError as error:
        for problem in error.problems:
            _errors.print(str(problem), style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(2) from None
    except JigaiError as error:
        _fail(error.message, error.hint)
    except (EvaluationError, FormulaError) as error:
        _fail(str(error), getattr(error, "fix", ""))
    except FileNotFoundError as error:
        _fail(f"找不到文件：{error.filename or error}", "检查路径和文件名")
    except typer.Exit:
        raise
    except OSError as error:
        _fail(f"文件读写失败：{error.strerror or error}", "检查磁盘空间与权限；没有留下半个文件")
    except Exception as error:
        if os.environ.get("JIGAI_DEBUG"):
            raise
        _fail(
            f"程序出错：{type(error).__name__}：{error}",
            "这是程序缺陷。设 JIGAI_DEBUG=1 再运行一次可看到详情，请连同输入文件报给维护者",
        )


def _fail(message: str, hint: str) -> None:
    _errors.print(f"错误：{message}", style="red", markup=False, highlight=False, soft_wrap=True)
    if hint:
        _errors.print(f"改法：{hint}", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(2)


@contextmanager
def progress_bar(console: Console) -> Iterator[Tell]:
    """A progress bar on a terminal; silent elsewhere."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("开始", total=1.0)
        yield lambda step, share: bar.update(task, description=step, completed=share)


def pack_folder(name: str) -> Path:
    """Folder of a pack given by path or by the name of a shipped one."""
    given = Path(name)
    if (given / "pack.yaml").exists():
        return given
    shipped = packs_dir() / name
    if (shipped / "pack.yaml").exists():
        return shipped
    names = "、".join(sorted(p.parent.name for p in packs_dir().glob("*/pack.yaml")))
    raise JigaiError("no-pack", f"没有政策包“{name}”", f"写文件夹路径，或用随附的：{names}")


def parse_date(text: str | None) -> dt.date | None:
    """An ISO date option; raises :class:`JigaiError` for anything else."""
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise JigaiError("bad-date", f"日期“{text}”写法不对", "写成 2021-12-31") from None


def parse_choices(items: list[str] | None) -> dict[str, str]:
    """``name=value`` options; raises :class:`JigaiError` for anything else."""
    chosen = {}
    for item in items or []:
        name, sign, value = item.partition("=")
        if not sign or not name.strip() or not value.strip():
            raise JigaiError("bad-option", f"“{item}”写法不对", "写成 名称=值")
        chosen[name.strip()] = value.strip()
    return chosen


def sample_files() -> tuple[Path, Path, Path, Path]:
    """The shipped sample workbooks: register, ledger, invoices, consortia."""
    folder = samples_dir()
    found = [next(folder.glob(pattern)) for pattern in ("01_*", "02_*", "03_*", "06_*")]
    return found[0], found[1], found[2], found[3]


def make_run(
    pack: str,
    enterprises: Path,
    projects: Path,
    invoices: Path | None,
    consortia: Path | None,
    *,
    year: int,
    as_of: dt.date | None = None,
    deadline: dt.date | None = None,
    readings: Mapping[str, str] | None = None,
    overrides: Mapping[str, str] | None = None,
    progress: Tell | None = None,
) -> Evaluation:
    """Read the workbooks and evaluate the pack."""
    from jigai.workbench.dossier import read_dossier

    tell = progress or (lambda step, share: None)
    folder = pack_folder(pack)
    dossier = read_dossier(
        enterprises,
        projects,
        invoices,
        consortia,
        year=year,
        progress=lambda step, share: tell(step, share * 0.5),
    )
    return evaluate(
        folder,
        dossier,
        as_of=as_of,
        deadline=deadline,
        readings=readings,
        overrides=overrides,
        progress=lambda step, share: tell(step, 0.5 + share * 0.5),
    )


def describe(
    pack: str, measure: str | None, year: int, as_of: dt.date | None, readings: Mapping[str, str]
) -> str:
    """A pack or one measure in plain Chinese; ``pack`` alone may also be a measure of any pack."""
    from jigai.rules.describe import describe_measure, describe_pack

    if measure is None and not _is_pack(pack):
        pack, measure = _pack_of(pack), pack
    model, env = _model(pack, year, as_of, readings)
    if measure is None:
        return describe_pack(model, env)
    if measure not in model.measures:
        raise JigaiError("no-measure", f"没有措施“{measure}”", "可用：" + "、".join(model.measures))
    return describe_measure(model, measure, env)


def _is_pack(name: str) -> bool:
    return (Path(name) / "pack.yaml").exists() or (packs_dir() / name / "pack.yaml").exists()


def _pack_of(measure: str) -> str:
    from jigai.rules.loader import load_pack

    for path in sorted(packs_dir().glob("*/pack.yaml")):
        if any(m.id == measure for m in load_pack(path.parent).measures.measures):
            return str(path.parent)
    raise JigaiError(
        "no-measure", f"没有政策包或措施“{measure}”", "用 jigai pack explain 政策包名 查看全部措施"
    )


def _model(pack: str, year: int, as_of: dt.date | None, readings: Mapping[str, str]) -> Any:
    from jigai.rules.environment import build_environment
    from jigai.rules.loader import load_pack
    from jigai.rules.model import build_model

    model = build_model(load_pack(pack_folder(pack)))
    return model, build_environment(
        model.pack, model.scope, year=year, as_of=as_of, readings=readings
    )


def readings_table(pack: str) -> Table:
    """All readings of a pack with options and default."""
    from jigai.rules.environment import all_readings
    from jigai.rules.loader import load_pack

    table = Table(title="读法（* 为默认）", show_lines=False)
    for heading in ("编号", "名称", "出处", "问题", "选项"):
        table.add_column(heading, overflow="fold")
    for reading in all_readings(load_pack(pack_folder(pack))).values():
        options = "\n".join(
            f"{'*' if key == reading.default else ' '}{key} {option.word}"
            for key, option in reading.options.items()
        )
        source = f"{reading.issue} {reading.clause}"
        table.add_row(reading.id, reading.name, source, reading.question, options)
    return table


def examples_table(pack: str) -> tuple[Table, int]:
    """Outcome of every example of a pack, and how many failed."""
    from jigai.rules.examples import run_examples
    from jigai.rules.loader import load_pack
    from jigai.rules.model import build_model

    table = Table(title="举例")
    for heading in ("条款", "举例", "结果", "差异"):
        table.add_column(heading, overflow="fold")
    failed = 0
    for result in run_examples(build_model(load_pack(pack_folder(pack)))):
        failed += not result.passed
        wrong = [
            f"{c.key}：应为 {c.expected}，得 {c.actual}" for c in result.checks if not c.passed
        ]
        table.add_row(
            result.example.clause,
            result.example.name,
            "通过" if result.passed else "不符",
            result.error or "；".join(wrong),
        )
    return table, failed


def explain_one(
    wanted: str,
    pack: str,
    enterprises: Path | None,
    projects: Path | None,
    invoices: Path | None,
    consortia: Path | None,
    *,
    year: int,
    as_of: dt.date | None,
    deadline: dt.date | None,
    readings: Mapping[str, str],
    overrides: Mapping[str, str],
    full: bool,
) -> str:
    """Text that explains one project or consortium, with other readings beside it."""
    from jigai.policies.cases import consortium_case, project_case
    from jigai.policies.explaining import explain
    from jigai.rules.alternatives import alternative_readings
    from jigai.rules.environment import build_environment
    from jigai.rules.explain_text import render_text
    from jigai.workbench.cases import find_key

    if enterprises is None or projects is None:
        enterprises, projects, invoices, consortia = sample_files()
    run = make_run(
        pack,
        enterprises,
        projects,
        invoices,
        consortia,
        year=year,
        as_of=as_of,
        deadline=deadline,
        readings=readings,
        overrides=overrides,
    )
    subject, key = find_key(run, wanted)
    found = explain(run, subject, key)
    cut = consortium_case if subject == "consortium" else project_case

    def make(changed: Mapping[str, str]) -> Any:
        return build_environment(
            run.model.pack,
            run.model.scope,
            year=year,
            deadline=deadline,
            as_of=as_of,
            readings={**readings, **changed},
            overrides=overrides,
        )

    found.alternatives = alternative_readings(run.model, make, cut(run.facts, key), key, subject)
    return render_text(found, full)


def print_summary(
    console: Console, run: Evaluation, target: Path | None, sheets: Mapping[str, int] | None
) -> None:
    """The totals of a run on the terminal."""
    from jigai.sheets.values.amounts import grouped_yuan
    from jigai.workbench.decisions import consortium_decisions, project_decisions
    from jigai.workbench.summary import awards, by_measure, totals

    projects, consortia = project_decisions(run), consortium_decisions(run)
    whole = totals(projects, consortia)
    identity = run.model.pack.identity
    console.print(
        f"[bold]{identity.title}[/bold]（{identity.number or '无文号'}）　{run.year} 年度"
    )
    state = f"——[yellow]{run.simulation}[/yellow]" if run.simulation else ""
    console.print(f"政策状态：{run.status.value}{state}　取数日：{run.env.context['as_of']}")
    if run.departures:
        console.print(f"读法（与默认不同）：{run.departures}")
    table = Table(show_edge=False, pad_edge=False)
    for heading, side in (
        ("措施", "left"),
        ("条款", "left"),
        ("笔数", "right"),
        ("企业", "right"),
        ("金额（元）", "right"),
    ):
        table.add_column(heading, justify=side)  # type: ignore[arg-type]
    for group in by_measure(list(awards(projects, consortia))):
        table.add_row(
            group.label,
            group.clause,
            str(group.count),
            str(group.enterprises),
            grouped_yuan(group.amount),
        )
    table.add_row("合计", "", "", "", grouped_yuan(whole.total), style="bold")
    console.print(table)
    limit = shown_limit(whole.open_high)
    shown = limit if isinstance(limit, str) else f"上限 {grouped_yuan(whole.open_high)} 元"
    console.print(
        f"项目 {whole.projects} 个：符合 {whole.pay}（选入 {whole.selected}，"
        f"名额外 {whole.pay - whole.selected}），"
        f"未达起点 {whole.below}，不合资格 {whole.excluded}，缺数据或未定 {whole.open}"
        f"（{shown}，未计入）；共同体 {len(consortia)} 个"
    )
    counts = {
        level: sum(i.severity == level for i in run.dossier.issues)
        for level in ("error", "warning", "autofix")
    }
    console.print(
        f"输入问题：错误 {counts['error']}，提醒 {counts['warning']}，"
        f"已自动修正 {counts['autofix']}"
    )
    if target and sheets:
        listed = "、".join(f"{name} {count}" for name, count in sheets.items())
        console.print(f"结果已写入 {target}：{listed}")
