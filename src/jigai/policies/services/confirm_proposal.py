"""Installs a new version that somebody has looked at."""

from __future__ import annotations

from typing import Any

import pghistory
from django.db import transaction
from django.utils import timezone

import jigai
from jigai.core.access import Access, Denied
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.policies.models import PackProposal, PackVersion
from jigai.policies.proposals import CAPABILITY, current_version, may_install
from jigai.policies.services.install_pack import install_pack, lock_pack
from jigai.policies.uploaded_packs import laid_out_aside, own_files, with_bases

Status = PackProposal.Status


class Overtaken(JigaiError):
    """What was compared is no longer what is installed; ``found`` tells what is now."""

    def __init__(self, found: dict[str, Any]) -> None:
        super().__init__("proposal-overtaken", "比较之后，现行版本已经变了", "请看重新比较的结果")
        self.found = found


def confirm_proposal(*, proposal_id: int, by: User, access: Access) -> PackVersion:
    """Install the files of a proposal; the version it became when that has been done.

    Raises :class:`Denied` without the right to install it, :class:`Overtaken` when something else
    has been installed since the comparison, :class:`JigaiError` for one that is not ready.
    """
    access.require(CAPABILITY)
    with transaction.atomic(), pghistory.context(reason=f"安装政策包新版本（第 {proposal_id} 号）"):
        proposal = PackProposal.objects.select_for_update().get(pk=proposal_id)
        if not may_install(access, proposal):
            raise Denied("out-of-reach", "这份文件适用的地区不在您的数据权限之内")
        if proposal.installed is not None:
            return proposal.installed
        if proposal.draft_id is not None:
            raise JigaiError(
                "proposal-of-draft", "这是起草稿送审时的检查，不能单独安装", "到起草稿页印发"
            )
        return install_checked(proposal=proposal, files=proposal.files, by=by)


def install_checked(*, proposal: PackProposal, files: dict[str, str], by: User) -> PackVersion:
    """Install files of a proposal that is locked; who may has been checked.

    ``files`` have passed the linter: those of the proposal, or of the draft it was made from with
    its number and dates. Raises as :func:`confirm_proposal`.
    """
    if proposal.status != Status.READY:
        raise JigaiError(
            "proposal-not-ready",
            f"这个版本{proposal.get_status_display()}，不能安装",
            "只有通过检查、待确认的版本可以安装",
        )
    lock_pack(proposal.slug)
    _require_same_base(proposal)
    with laid_out_aside(proposal.slug, files) as folder:
        # These very files have passed the linter of this very program.
        version = install_pack(folder=folder, by=by, check=False)
    proposal.status, proposal.installed = Status.INSTALLED, version
    proposal.decided_by, proposal.decided_at = by, timezone.now()
    proposal.save(update_fields=["status", "installed", "decided_by", "decided_at"])
    return version


def _require_same_base(proposal: PackProposal) -> None:
    """Raise :class:`Overtaken` unless version, bases and program are those compared with."""
    now = current_version(proposal.slug)
    if (now.pk if now else None) != proposal.changes["base"]:
        raise Overtaken(_told("现行版本换成了", now))
    own = own_files(proposal.slug, proposal.files)
    wanted = with_bases(proposal.slug, own)
    folders = {name.partition("/")[0] for name in wanted}
    compared = {n: t for n, t in proposal.files.items() if n.partition("/")[0] in folders}
    if compared != wanted:
        raise Overtaken(_told("所引用的通用规则换了版本", now))
    if proposal.changes["engine"] != jigai.__version__:
        raise Overtaken(_told("平台程序换了版本", now))


def _told(what: str, now: PackVersion | None) -> dict[str, Any]:
    found: dict[str, Any] = {"what": what}
    if now is not None:
        found["sha256"] = now.sha256
        found["version"] = now.pk
    return found
