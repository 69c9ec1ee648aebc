"""Takes in a new version of a pack, and has it checked and compared."""

from __future__ import annotations

from typing import Any, BinaryIO

from django.db import transaction
from django.urls import reverse

from jigai.core.access import Access
from jigai.core.evidence import cite, store_evidence
from jigai.core.jobs import start_job
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.policies.models import PackProposal
from jigai.policies.proposals import CAPABILITY, current_version, unfinished_job
from jigai.policies.uploaded_packs import own_files, read_zip

Status = PackProposal.Status
JOB = "propose-pack"


def propose_pack(
    *, stream: BinaryIO, name: str, size: int, by: User, access: Access
) -> PackProposal:
    """Keep the zip, take its files out and start the check; ``size`` in bytes.

    Raises :class:`Denied` without the right to install packs and :class:`JigaiError` for a zip that
    is not exactly one pack.
    """
    access.require(CAPABILITY)
    slug, files = read_zip(stream, size)
    stream.seek(0)
    known = current_version(slug)
    title = known.title if known else slug
    with transaction.atomic():
        file = store_evidence(
            stream=stream, name=name, owner=by, region_code=access.home_region, source="政策包"
        )
        proposal = PackProposal.objects.create(
            slug=slug, title=title, region_code=access.home_region, file=file, files=files,
            created_by=by,
        )  # fmt: skip
        cite(
            file=file, kind="pack-proposal", key=proposal.pk, label=title, purpose="政策包新版本",
            url=reverse("proposal-detail", args=[proposal.pk]), by=by,
        )  # fmt: skip
        start_check(proposal=proposal, by=by)
    return proposal


def check_again(*, proposal_id: int, by: User, overtaken: dict[str, Any] | None = None) -> None:
    """Check and compare once more; ``overtaken`` tells what has been installed meanwhile.

    Raises :class:`JigaiError` for a proposal that is decided. While a check runs, nothing happens.
    """
    with transaction.atomic():
        rows = PackProposal.objects.select_for_update(of=("self",)).select_related("job")
        proposal = rows.get(pk=proposal_id)
        if proposal.status in (Status.INSTALLED, Status.DISCARDED):
            raise JigaiError(
                "proposal-decided", f"这个版本{proposal.get_status_display()}，不再比较"
            )
        if unfinished_job(proposal) is None:
            proposal.files = own_files(proposal.slug, proposal.files)
            start_check(proposal=proposal, by=by, overtaken=overtaken)


def start_check(
    *, proposal: PackProposal, by: User, overtaken: dict[str, Any] | None = None
) -> None:
    """Queue the check of a proposal; call it inside a transaction."""
    proposal.status, proposal.problems = Status.CHECKING, []
    proposal.changes, proposal.money = {}, {}
    proposal.job = start_job(
        kind=JOB,
        title=f"检查政策包：{proposal.title}"[:200],
        owner=by,
        params={"proposal": proposal.pk, "overtaken": overtaken},
    )
    proposal.save()
