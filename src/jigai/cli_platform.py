"""The commands that run and keep a platform: up, worker, manage, check, backup, restore, reset."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from jigai.cli_support import friendly_errors
from jigai.config.summary import Summary

platform_app = typer.Typer(no_args_is_help=True, add_completion=False)
out = Console()

Yes = Annotated[bool, typer.Option("--yes", "-y", help="不再询问")]


@platform_app.command()
def up(
    host: Annotated[str, typer.Option("--host", help="在哪个地址上提供服务")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="端口")] = 8000,
    no_samples: Annotated[bool, typer.Option("--no-samples", help="不装样例区与演示账号")] = False,
) -> None:
    """启动平台：数据库、网页服务与任务服务；按 Ctrl-C 全部停止。"""
    from jigai.config.up import Platform

    def announce(summary: Summary | None) -> None:
        _announce(host, port, summary)

    with friendly_errors():
        Platform(host, port, _tell, samples=not no_samples, announce=announce).run()


@platform_app.command()
def worker() -> None:
    """单独启动一个任务服务（jigai up 已自带一个）。"""
    from jigai.config import worker as work
    from jigai.config.embedded import serving

    with friendly_errors(), serving(_tell):
        work.main()


@platform_app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    add_help_option=False,
)
def manage(context: typer.Context) -> None:
    """执行 Django 的管理命令，如 jigai manage showmigrations。"""
    import os

    from jigai.config.embedded import serving

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jigai.config.settings")
    with friendly_errors(), serving(_tell_aside):
        from django.core.management import execute_from_command_line

        execute_from_command_line(["jigai manage", *context.args])


@platform_app.command()
def check() -> None:
    """检查配置、数据库、磁盘、页面资源与权限；有不合格项时退出码为 1。"""
    from jigai.config.check import run_checks

    with friendly_errors():
        findings = run_checks(_tell_aside)
    table = Table("", "项目", "情况", "改法", box=None, header_style="bold")
    for found in findings:
        mark = "[green]✔[/green]" if found.passed else "[red]✘[/red]"
        table.add_row(mark, found.title, found.state, found.hint)
    out.print(table)
    raise typer.Exit(0 if all(found.passed for found in findings) else 1)


@platform_app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="备份文件，如 backup.tar")],
) -> None:
    """把数据库与文件备份成一个文件；平台运行或停止时都可以做。"""
    from jigai.config.backup import write_backup
    from jigai.config.embedded import serving

    with friendly_errors(), serving(_tell_aside):
        made = write_backup(file)
        _tell(f"已备份到 {file}：数据库与 {made.files} 个文件，{made.size / 1e6:.1f} MB")


@platform_app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="由 jigai backup 写出的文件")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="现有数据可以被取代")] = False,
) -> None:
    """从备份恢复。先核对备份，恢复成功才换下现有数据；平台须先停止。"""
    from jigai.config.restore import restore_backup

    with friendly_errors():
        restore_backup(file, replace=yes, tell=_tell)


@platform_app.command()
def reset(yes: Yes = False) -> None:
    """删除全部数据，回到第一次启动之前。"""
    from jigai.config.reset import reset_data, what_is_there

    with friendly_errors():
        found = what_is_there()
        if not yes:
            typer.confirm(f"将删除 {found} 中的全部数据，不能恢复。继续？", abort=True)
        reset_data()
        _tell("已删除。下次 jigai up 从头开始")


def _announce(host: str, port: int, summary: Summary | None) -> None:
    from jigai.config import environment
    from jigai.config.reach import page_address

    out.print(f"\n技改通已启动：{page_address(host, port)}", style="bold", highlight=False)
    _tell(f"数据目录：{environment.data_dir()}　·　日志在其中的 log/")
    if host not in ("127.0.0.1", "localhost", "::1") and not environment.text("JIGAI_HOSTS"):
        _tell("要让别的机器访问，请设 JIGAI_HOSTS=本机域名或地址（逗号分隔）")
    if summary is not None:
        _show(summary)
    _tell("按 Ctrl-C 停止")


def _show(summary: Summary) -> None:
    for line in summary.lines:
        _tell(line)
    if summary.accounts:
        table = Table("角色", "用户名", "密码", "说明", box=None, header_style="bold")
        for account in summary.accounts:
            table.add_row(account.role, account.username, account.password, account.note)
        out.print("\n演示账号（虚构人员）：", highlight=False)
        out.print(table)


def _tell(text: str) -> None:
    out.print(text, markup=False, highlight=False, soft_wrap=True)


def _tell_aside(text: str) -> None:
    """Progress of commands whose output is meant for other programs."""
    Console(stderr=True).print(text, markup=False, highlight=False, soft_wrap=True)
