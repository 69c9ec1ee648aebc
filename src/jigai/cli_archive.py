"""The command that proves the archive of evaluations."""

from __future__ import annotations

import os

import typer
from rich.console import Console

from jigai.cli_support import friendly_errors

out = Console()

archive_app = typer.Typer()


@archive_app.command()
def verify(
    recompute: bool = typer.Option(
        False, "--recompute", help="连同每次测算一起重算（按其政策版本与快照），较慢"
    ),
) -> None:
    """核对测算存档：链是否连续，决定是否与存档散列一致；有任何不符即以 1 退出。"""
    from jigai.config.embedded import serving

    with friendly_errors(), serving(lambda text: None):
        wrong = _verify(recompute)
    raise typer.Exit(1 if wrong else 0)


def _verify(recompute: bool) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jigai.config.settings")
    import django

    django.setup()
    from jigai.policies.chain import verify_chain

    count, findings = verify_chain()
    if recompute:
        findings += _recomputed()
    for finding in findings:
        out.print(f"✘ 第 {finding.run} 次测算：{finding.what}", markup=False, highlight=False)
    if not findings:
        how = "逐次重算一致，" if recompute else ""
        out.print(f"✔ 共 {count} 次测算，{how}链与决定都与存档一致", highlight=False)
    return len(findings)


def _recomputed() -> list:  # type: ignore[type-arg]
    from jigai.policies.chain import Finding
    from jigai.policies.evaluate_stored import evaluate_again
    from jigai.policies.models import EvaluationRun

    findings = []
    for run in EvaluationRun.objects.select_related("pack").order_by("id"):
        again = evaluate_again(run)
        if (again.snapshot, again.decision_hash) != (run.snapshot, run.root_hash):
            findings.append(Finding(run.pk, "按存档重算的结果不同"))
    return findings
