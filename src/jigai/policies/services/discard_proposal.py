"""Gives a proposal up."""

from __future__ import annotations

import contextlib

from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.models import User
from jigai.core.services.cancel_job import cancel_job
from jigai.errors import JigaiError
from jigai.policies.models import PackProposal
from jigai.policies.proposals import CAPABILITY, may_install, unfinished_job

Status = PackProposal.Status


def discard_proposal(*, proposal_id: int, by: User, access: Access) -> None:
    """Mark a proposal as given up; a check at work on it is asked to stop. Again changes nothing.

    Its own sender may, and who may install it. Raises :class:`Denied` for others and
    :class:`JigaiError` for one that is installed.
    """
    access.require(CAPABILITY)
    with transaction.atomic():
        proposal = PackProposal.objects.select_for_update().get(pk=proposal_id)
        if proposal.created_by_id != by.pk and not may_install(access, proposal):
            raise Denied("out-of-reach", "这份文件适用的地区不在您的数据权限之内")
        if proposal.status == Status.DISCARDED:
            return
        if proposal.draft_id is not None:
            raise JigaiError(
                "proposal-of-draft", "这是起草稿送审时的检查，不能单独放弃", "到起草稿页退回或撤回"
            )
        if proposal.status == Status.INSTALLED:
            raise JigaiError(
                "proposal-installed", "这个版本已经安装，不能放弃", "要换回旧版本，请上传旧版本"
            )
        job = unfinished_job(proposal)
        if job is not None:
            with contextlib.suppress(JigaiError):  # it has just ended: nothing to stop
                cancel_job(job=job)
        proposal.status = Status.DISCARDED
        proposal.decided_by, proposal.decided_at = by, timezone.now()
        proposal.save(update_fields=["status", "decided_by", "decided_at"])
