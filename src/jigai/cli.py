"""The ``jigai`` command: check and explain packs, evaluate workbooks, say why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from jigai.cli_archive import archive_app
from jigai.cli_packs import install
from jigai.cli_platform import platform_app
from jigai.cli_support import (
    friendly_errors,
    make_run,
    pack_folder,
    parse_choices,
    parse_date,
    print_summary,
    progress_bar,
)

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="技改通：把政策写成有出处的数据包并运行它。"
)
pack_app = typer.Typer(no_args_is_help=True, help="检查、说明、安装政策包。")
app.add_typer(pack_app, name="pack")
pack_app.command("install")(install)
app.add_typer(platform_app)
app.add_typer(archive_app)
out = Console()

Pack = Annotated[str, typer.Option("--pack", "-p", help="政策包文件夹，或随附政策包的名称")]
Enterprises = Annotated[Path, typer.Option("--enterprises", help="企业名录（.xlsx .xls .csv）")]
Projects = Annotated[Path, typer.Option("--projects", help="技改项目台账")]
Invoices = Annotated[Path | None, typer.Option("--invoices", help="设备购置发票清单")]
Consortia = Annotated[Path | None, typer.Option("--consortia", help="技改共同体名单")]
Year = Annotated[int, typer.Option("--year", min=2000, max=2100, help="申报年度")]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", help="参数取哪一天的值（默认申报截止日）；名单与评级照表"),
]
Deadline = Annotated[
    str | None, typer.Option("--deadline", help="申报截止日（默认申报年度12月31日）")
]
Readings = Annotated[
    list[str] | None,
    typer.Option("--reading", "-r", help="读法，如 金额口径=含税；可多次"),
]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", help="情景参数，如 设备补助比例=4%；可多次，结果只作测算"),
]


@app.command("coverage")
def coverage() -> None:
    """随附文件的覆盖情况：条款、数、各类事项，以及文件要求的系统做到了哪里。"""
    from jigai.cli_coverage import print_coverage

    print_coverage(out)


@pack_app.command("lint")
def lint(
    packs: Annotated[list[str], typer.Argument(help="政策包文件夹，可多个")],
    source: Annotated[Path | None, typer.Option(help="原文文本，核对其中每个数")] = None,
) -> None:
    """检查政策包：用词、单位、日期、条款与数字的覆盖率、举例。"""
    from jigai.rules.lint import lint_pack
    from jigai.rules.lint_report import render

    failed = 0
    with friendly_errors():
        for name in packs:
            report = lint_pack(pack_folder(name), source)
            out.print(render(report), markup=False, highlight=False, soft_wrap=True)
            failed += not report.passed
    raise typer.Exit(1 if failed else 0)


@pack_app.command("explain")
def explain_pack(
    pack: Annotated[str, typer.Argument(help="政策包文件夹或名称；也可直接写措施编号")],
    measure: Annotated[str | None, typer.Argument(help="措施编号，如 equipment")] = None,
    year: Year = 2021,
    as_of: AsOf = None,
    readings: Readings = None,
) -> None:
    """用中文说明一个政策包或其中一项措施：谁可以、起点、比例、封顶、读法、未定事项。"""
    from jigai.cli_support import describe

    with friendly_errors():
        text = describe(pack, measure, year, parse_date(as_of), parse_choices(readings))
        out.print(text, markup=False, highlight=False, soft_wrap=True)


@pack_app.command("readings")
def list_readings(pack: Annotated[str, typer.Argument(help="政策包文件夹或名称")]) -> None:
    """列出一个政策包的全部读法、选项与默认。"""
    from jigai.cli_support import readings_table

    with friendly_errors():
        out.print(readings_table(pack))


@pack_app.command("examples")
def run_examples(pack: Annotated[str, typer.Argument(help="政策包文件夹或名称")]) -> None:
    """运行政策包里的举例，列出每一例的应得与实得。"""
    from jigai.cli_support import examples_table

    with friendly_errors():
        table, failed = examples_table(pack)
        out.print(table)
    raise typer.Exit(1 if failed else 0)


@app.command()
def evaluate(
    enterprises: Enterprises,
    projects: Projects,
    year: Year,
    pack: Pack = "yanzhou-2020",
    invoices: Invoices = None,
    consortia: Consortia = None,
    as_of: AsOf = None,
    deadline: Deadline = None,
    readings: Readings = None,
    sets: Sets = None,
    target: Annotated[Path | None, typer.Option("--out", "-o", help="结果工作簿")] = None,
    corrected: Annotated[
        Path | None, typer.Option("--corrected", help="把更正写进各表的副本，放到这个文件夹")
    ] = None,
) -> None:
    """测算：读工作簿，逐项判断并计算，写出公示表、汇总、不予支持、缺数据、未核实、过程与输入问题。"""
    from jigai.workbench.corrections import write_corrected
    from jigai.workbench.result_book import write_result

    given = {
        "enterprises": enterprises,
        "projects": projects,
        "invoices": invoices,
        "consortium_members": consortia,
    }
    with friendly_errors(), progress_bar(out) as tell:
        run = make_run(
            pack,
            enterprises,
            projects,
            invoices,
            consortia,
            year=year,
            as_of=parse_date(as_of),
            deadline=parse_date(deadline),
            readings=parse_choices(readings),
            overrides=parse_choices(sets),
            progress=tell,
        )
        sheets = write_result(run, target) if target else None
        copies = write_corrected(run, corrected, given) if corrected else []
    print_summary(out, run, target, sheets)
    for copy in copies:
        out.print(f"更正副本：{copy}", markup=False, highlight=False, soft_wrap=True)


@app.command()
def why(
    project: Annotated[str, typer.Argument(help="台账行号、项目代码、项目名称或共同体编号")],
    enterprises: Annotated[
        Path | None, typer.Option("--enterprises", help="企业名录；不写则用随附样例")
    ] = None,
    projects: Annotated[Path | None, typer.Option("--projects", help="技改项目台账")] = None,
    year: Year = 2021,
    pack: Pack = "yanzhou-2020",
    invoices: Invoices = None,
    consortia: Consortia = None,
    as_of: AsOf = None,
    deadline: Deadline = None,
    readings: Readings = None,
    sets: Sets = None,
    full: Annotated[bool, typer.Option("--full", help="连同不适用的措施一起列出每一步")] = False,
) -> None:
    """为什么是这个数：逐步列出条款、参数、取值、读法、差额，缺什么、谁掌握，换一种读法是多少。"""
    from jigai.cli_support import explain_one

    with friendly_errors():
        text = explain_one(
            project,
            pack,
            enterprises,
            projects,
            invoices,
            consortia,
            year=year,
            as_of=parse_date(as_of),
            deadline=parse_date(deadline),
            readings=parse_choices(readings),
            overrides=parse_choices(sets),
            full=full,
        )
        out.print(text, markup=False, highlight=False, soft_wrap=True)


@app.command()
def demo(
    target: Annotated[Path, typer.Option("--out", "-o", help="结果工作簿")] = Path(
        "build/demo/结果.xlsx"
    ),
) -> None:
    """用随附的样例（虚构企业）跑一遍主流程并打印摘要。"""
    from jigai.cli_support import sample_files
    from jigai.workbench.result_book import write_result

    with friendly_errors(), progress_bar(out) as tell:
        files = sample_files()
        run = make_run("yanzhou-2020", *files, year=2021, progress=tell)
        target.parent.mkdir(parents=True, exist_ok=True)
        sheets = write_result(run, target)
    print_summary(out, run, target, sheets)
    out.print(
        "接着可以试：jigai why 49　·　jigai why GTT-2021-09　·　"
        "jigai pack explain equipment　·　jigai pack readings yanzhou-2020"
    )
