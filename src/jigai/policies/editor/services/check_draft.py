"""Has the text that was handed in checked and compared like any new version of a pack."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from django.urls import reverse

from jigai.core.evidence import cite, store_evidence
from jigai.core.models import User
from jigai.policies.models import PackDraft, PackProposal
from jigai.policies.services.propose_pack import start_check
from jigai.policies.uploaded_packs import own_files


def check_draft(*, draft: PackDraft, by: User) -> PackProposal:
    """The proposal made of a draft, its check queued; the files are kept as evidence.

    Call it in the transaction that freezes the draft. It is installed only by issuing the draft.
    """
    content = zipped(draft.files)
    file = store_evidence(
        stream=io.BytesIO(content), name=f"{draft.slug}-{draft.frozen[:8]}.zip", owner=by,
        region_code=draft.region_code, source="起草稿",
    )  # fmt: skip
    proposal = PackProposal.objects.create(
        slug=draft.slug, title=draft.title, region_code=draft.region_code, file=file,
        files=own_files(draft.slug, draft.files), draft=draft, created_by=by,
    )  # fmt: skip
    cite(
        file=file, kind="pack-proposal", key=proposal.pk, label=draft.title, purpose="送审的起草稿",
        url=reverse("draft-detail", args=[draft.pk]), by=by,
    )  # fmt: skip
    start_check(proposal=proposal, by=by)
    return proposal


def zipped(files: Mapping[str, str]) -> bytes:
    """Files as a zip; the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in sorted(files.items()):
            package.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text.encode())
    return out.getvalue()
