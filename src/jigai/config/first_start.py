"""What a new platform is filled with: shipped packs, the sample district, demo accounts."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from jigai.config import environment
from jigai.config.summary import DemoAccount, Summary
from jigai.errors import JigaiError
from jigai.paths import packs_dir, samples_dir

Tell = Callable[[str], None]
REGION, YEAR, PACK = "370812", 2021, "yanzhou-2020"
SAMPLES = (
    "01_企业名录_2021.xlsx",
    "02_技改项目台账_2021.xlsx",
    "03_设备购置发票清单_2021.xlsx",
    "06_技改共同体名单_2021.xlsx",
)
SAMPLE_SOURCE = "随附样例（虚构）"
# Seconds for jobs that a worker already running has taken before we could.
PATIENCE, PAUSE = 180.0, 0.2


def prepare(tell: Tell, *, samples: bool = True) -> Summary | None:
    """Install what ships; on a second start, change nothing and say the same.

    With ``samples`` an empty platform is given the sample district, by the same imports and the
    same evaluation that people use on screen.
    """
    from jigai.cases.services import load_content as procedures
    from jigai.core.services.install_reference import install_reference
    from jigai.registers.services.install_items import install_current
    from jigai.registers.services.load_content import load_content, load_demo
    from jigai.workbench.case_links import open_missing

    install_reference()
    # Before the packs: a shipped register that carries out an item of a pack is the one to show.
    load_content(tell)
    procedures.load_content(tell)
    install_packs(tell)
    install_current()
    open_missing()
    if not samples or refused():
        refuse()
        return None
    try:
        folder = samples_dir()
    except FileNotFoundError:
        tell("样例只随源码提供，已跳过")
        return None
    accounts = demo_accounts(None)
    load_samples(folder, tell)
    load_demo(tell)
    procedures.load_demo(tell)
    demo_accounts_of_enterprise()
    return Summary(accounts, tuple(evaluate_samples(tell)))


def refused() -> bool:
    """Whether this platform was once started without samples: then it never gets them."""
    return (environment.data_dir() / "no-samples").exists()


def refuse() -> None:
    """Remember that this platform is for real work, whatever later starts say."""
    (environment.data_dir() / "no-samples").touch()


def install_packs(tell: Tell) -> None:
    """Install every shipped pack that is not installed as it is."""
    from jigai.policies.models import PackVersion
    from jigai.policies.services.install_pack import install_pack

    before = set(PackVersion.objects.filter(is_current=True).values_list("sha256", flat=True))
    for folder in sorted(path.parent for path in packs_dir().glob("*/pack.yaml")):
        # The shipped packs have passed the linter before they were shipped.
        version = install_pack(folder=folder, check=False)
        if version.sha256 not in before:
            tell(f"安装数据包：{version.title}")


def demo_password() -> str:
    """One password for all demo accounts of this platform, made once, readable by the owner."""
    path = environment.data_dir() / "demo-password"
    return environment.kept(path, lambda: f"shili-{secrets.token_hex(4)}")


def demo_accounts(enterprise: Any) -> tuple[DemoAccount, ...]:
    """The demo accounts, made where they are missing."""
    from jigai.core.services.install_demo_people import install_demo_people

    password = demo_password()
    people = install_demo_people(password=password, enterprise=enterprise)
    return tuple(DemoAccount(role, user, password, sees) for role, user, _person, sees in people)


def demo_accounts_of_enterprise() -> None:
    """Bind the enterprise account to an enterprise of the sample that has something to see."""
    from jigai.core.models import Enterprise

    chosen = Enterprise.objects.filter(projects__isnull=False).order_by("id").first()
    if chosen is not None:
        demo_accounts(chosen)


def load_samples(folder: Path, tell: Tell) -> None:
    """Import the sample workbooks of the district, once; go on where a start broke off."""
    from jigai.core.imports.services import commit_group
    from jigai.core.models import ImportBatch, User

    clerk = User.objects.get(username="clerk")
    group = _group_begun()
    if group is None:
        if ImportBatch.objects.filter(region_code=REGION, year=YEAR).exists():
            drain()
            return
        tell("导入样例：企业名录、项目台账、发票清单、共同体名单")
        group = _read_samples(folder, clerk)
    batches = ImportBatch.objects.filter(group=group)
    finish(batches.values_list("job_id", flat=True))
    job = commit_group(group=group, by=clerk, allowed=list(batches.values_list("pk", flat=True)))
    finish([job.pk])


def _group_begun() -> Any:
    """The group of sample files that came in but never got into the tables."""
    from jigai.core.models import ImportBatch

    status = ImportBatch.Status
    left = ImportBatch.objects.filter(
        file__source=SAMPLE_SOURCE, status__in=[status.READING, status.WAITING, status.READY]
    )
    return left.order_by("id").values_list("group", flat=True).first()


def _read_samples(folder: Path, clerk: Any) -> Any:
    """Store the sample workbooks and begin to read them; the number of their group."""
    from jigai.core.evidence import store_evidence
    from jigai.core.imports.services import start_group

    files = []
    for name in SAMPLES:
        with (folder / name).open("rb") as stream:
            files.append(
                store_evidence(stream=stream, name=name, owner=clerk, region_code=REGION,
                               source=SAMPLE_SOURCE)
            )  # fmt: skip
    return start_group(files=files, year=YEAR, region_code=REGION, by=clerk)


def evaluate_samples(tell: Tell) -> list[str]:
    """Run the main job on the sample district unless it has been run; lines of its summary."""
    from jigai.core.jobs import start_job
    from jigai.core.models import User
    from jigai.policies.models import EvaluationRun, PackVersion
    from jigai.policies.selectors import whole_runs

    runs = whole_runs(EvaluationRun.objects.all()).filter(
        region_code=REGION, year=YEAR, pack__slug=PACK
    )
    if not runs.exists():
        tell("测算样例")
        pack = PackVersion.objects.get(slug=PACK, is_current=True)
        job = start_job(
            kind="evaluate",
            title=f"测算：{pack.title}（{YEAR} 年）",
            owner=User.objects.get(username="clerk"),
            params={"pack": pack.pk, "year": YEAR, "region": REGION},
        )
        finish([job.pk])
    run = runs.select_related("pack").order_by("id").first()
    return _told(run) if run is not None else ["样例测算没有完成，请在“我的任务”中查看原因"]


def finish(jobs: Iterable[int | None]) -> None:
    """Do these jobs, or wait for the worker that has taken them.

    Raises :class:`JigaiError` when they are not over in time.
    """
    from jigai.core.models import Job

    wanted = Job.objects.filter(pk__in=[key for key in jobs if key is not None])
    going = wanted.filter(status__in=[Job.Status.WAITING, Job.Status.RUNNING])
    until = time.monotonic() + PATIENCE
    drain()
    while going.exists():
        if time.monotonic() > until:
            raise JigaiError(
                "samples-slow",
                "任务服务没有及时处理完随附的样例",
                "请查看任务服务的日志，然后再启动一次，会从中断处继续；也可以加 --no-samples 启动",
            )
        time.sleep(PAUSE)
        drain()


def drain() -> None:
    """Do every job here and now that no living worker holds; the worker finds nothing left of them.

    Those that a killed start had begun are among them.
    """
    from procrastinate.contrib.django.models import ProcrastinateJob

    from jigai.core.jobs import run_job
    from jigai.core.jobs.rescue import rescue_stalled
    from jigai.core.models import Job

    free = ProcrastinateJob.objects.filter(status="todo").values("id")
    open_ = [Job.Status.WAITING, Job.Status.RUNNING]
    while True:
        rescue_stalled()
        job = Job.objects.filter(status__in=open_, queue_id__in=free).order_by("id").first()
        if job is None:
            return
        run_job(job.pk)


def _told(run: Any) -> list[str]:
    """The summary in words."""
    from jigai.core.screens import formats
    from jigai.policies.words import VERDICT_WORDS

    summary = run.summary
    counts = "，".join(
        f"{word} {summary['verdicts'].get(str(code), 0)}" for code, word in VERDICT_WORDS.items()
    )
    lines = [
        f"{run.pack.title}，{run.year} 年，{summary['projects']} 个项目",
        counts,
    ]
    lines += [
        f"{item['name']}：{item['count']} 项 {formats.yuan(item['fen'])} 元"
        for item in summary["by_measure"]
    ]
    lines.append(f"合计 {formats.yuan(summary['total_fen'])} 元")
    lines.append(f"决定根散列 {run.root_hash[:16]}…，随时可用 jigai verify 核对")
    return lines
