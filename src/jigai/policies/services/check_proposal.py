"""The work behind a proposal: lint it, compare it, work out the money."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.db import DataError, IntegrityError, transaction
from django.urls import reverse

import jigai
from jigai.core.access import Access, access_of
from jigai.core.jobs import JobContext, Outcome
from jigai.core.screens import formats
from jigai.errors import JigaiError
from jigai.policies.compare import compare_packs
from jigai.policies.editor.models_of import examined_draft
from jigai.policies.examined_packs import Examined, counted, examine_files, summary_problem
from jigai.policies.fact_run import Progress
from jigai.policies.models import PackProposal, PackVersion
from jigai.policies.money_change import money_change
from jigai.policies.proposals import (
    current_version,
    may_install,
    region_of,
    run_in,
    run_to_compare,
)
from jigai.policies.services.install_pack import install_pack
from jigai.policies.stored_packs import files_hash, model_of
from jigai.policies.task_departments import unknown_departments
from jigai.policies.uploaded_packs import laid_out_aside, own_files
from jigai.rules.errors import Problem
from jigai.rules.model import Model

Status = PackProposal.Status


def check_proposal(context: JobContext) -> None:
    """Check the files of a proposal and store what was found together with the job's end."""
    proposal = PackProposal.objects.get(pk=context.params["proposal"])
    owner = access_of(context.job.owner)
    context.progress("检查政策包", 0.05)
    examine = examine_files if proposal.draft_id is None else examined_draft
    examined = examine(proposal.slug, own_files(proposal.slug, proposal.files))
    if examined.model is not None:
        _name(proposal, examined.model)
    base = current_version(proposal.slug)
    examined = _refused(examined, proposal, base, owner)
    changes: dict[str, Any] = {}
    money: dict[str, Any] = {}
    if examined.model is not None:
        context.progress("与现行版本比较", 0.4)
        changes = _changes(examined.model, base, context.params.get("overtaken"))
        money = money_on(
            base or _began_from(proposal), examined.model, owner,
            lambda step, share: context.progress(step, 0.45 + share * 0.5),
            proposal.region_code if proposal.draft_id is not None else "",
        )  # fmt: skip
    with transaction.atomic():
        fresh = PackProposal.objects.select_for_update().get(pk=proposal.pk)
        if fresh.status == Status.CHECKING:
            fresh.job_id = context.job.pk
            fresh.slug, fresh.title = proposal.slug, proposal.title
            fresh.region_code = proposal.region_code
            fresh.problems, fresh.changes, fresh.money = examined.told, changes, money
            if examined.model is not None:
                fresh.status, fresh.files = Status.READY, examined.files
            else:
                fresh.status = Status.REFUSED
            fresh.save()
        url = reverse("proposal-detail", args=[proposal.pk])
        context.finish(Outcome({"proposal": proposal.pk}, url, _told(examined, changes, money)))


def _began_from(proposal: PackProposal) -> PackVersion | None:
    """The installed document a new one was written from: both are tried on the same people."""
    return proposal.draft.base if proposal.draft is not None else None


def _name(proposal: PackProposal, model: Model) -> None:
    identity = model.pack.identity
    proposal.title = identity.title[:200]
    proposal.region_code = region_of(identity.region.code) if identity.region else ""
    # The reach of the proposer is looked up by these.
    PackProposal.objects.filter(pk=proposal.pk).update(
        title=proposal.title, region_code=proposal.region_code
    )


def _refused(
    examined: Examined, proposal: PackProposal, base: PackVersion | None, owner: Access
) -> Examined:
    """Refuse what passed the linter and still may not or need not be installed."""
    if examined.model is None:
        return examined
    file = f"{proposal.slug}/pack.yaml"
    problem = None
    # Of a draft the reach was checked when it was handed in; it is issued by somebody else.
    if proposal.draft_id is None and not may_install(owner, proposal):
        message = "这份文件适用的地区不在您的数据权限之内"
        problem = summary_problem(
            "out-of-reach", file, message, "请有权限的人上传，或联系平台管理员"
        )
    elif base is not None and base.sha256 == files_hash(examined.files):
        problem = summary_problem(
            "same-version", file, "内容与现行版本完全相同", "没有要安装的，放弃即可"
        )
    elif unknown := unknown_departments(examined.model.pack):
        message = f"任务里有部门名录没有的单位：{'；'.join(item.told for item in unknown[:5])}"
        fix = "改用名录里的名称，或先在部门名录里补登"
        file = f"{proposal.slug}/tasks.yaml"
        problem = summary_problem("unknown-department", file, message, fix)
    else:
        problem = _not_storable(proposal.slug, examined)
    if problem is None:
        return examined
    return dataclasses.replace(examined, problems=[problem, *examined.problems], model=None)


def _not_storable(slug: str, examined: Examined) -> Problem | None:
    """What the tables do not take, found by installing it and taking that back."""
    try:
        with transaction.atomic(), laid_out_aside(slug, examined.files) as folder:
            install_pack(folder=folder, check=False)
            transaction.set_rollback(True)
    except (DataError, IntegrityError) as error:
        reason = str(error).partition("\n")[0]
        message = f"有内容存不进数据库：{reason}"
        fix = "多半是编号、名称或条号太长，或同一部分里编号重复"
        return summary_problem("not-storable", f"{slug}/pack.yaml", message, fix)
    return None


def _changes(model: Model, base: PackVersion | None, overtaken: Any) -> dict[str, Any]:
    old = model_of(base).pack if base else None
    return {
        **compare_packs(old, model.pack),
        "base": base.pk if base else None,
        "engine": jigai.__version__,
        "overtaken": overtaken,
    }


def money_on(
    base: PackVersion | None, model: Model, owner: Access | None, progress: Progress,
    region: str = "",
) -> dict[str, Any]:  # fmt: skip
    """The money before and after, or under ``none`` why there is nothing to compare.

    For a new document of a ``region`` it is tried on those the newest run there was made for.
    """
    run = run_to_compare(base.slug, owner) if base else run_in(region, owner)
    if run is None:
        return {"none": "这份政策还没有测算过，没有可以比较的对象"}
    try:
        return money_change(run=run, current=base, model=model, progress=progress)
    except JigaiError as error:
        if error.code == "cancelled":
            raise
        return {"none": f"不能测算比较：{error.message}", "failed": True}


def _told(
    examined: Examined, changes: dict[str, Any], money: dict[str, Any]
) -> list[tuple[str, str | int]]:
    errors, warnings = counted(examined.problems)
    found: list[tuple[str, str | int]] = [("错误", errors), ("提醒", warnings)]
    if changes:
        counts = changes["counts"]
        found += [
            ("增加", counts["added"]),
            ("删去", counts["removed"]),
            ("改动", counts["changed"]),
        ]
    if "difference" in money:
        found.append(("金额差（元）", formats.yuan(money["difference"])))
    return found
