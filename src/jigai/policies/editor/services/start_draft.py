"""Begins a draft: from an installed version, from an empty document, from files of a scenario."""

from __future__ import annotations

from collections.abc import Mapping

import pghistory
from django.db import transaction

from jigai.core.access import Access
from jigai.core.models import User
from jigai.policies.editor.identity import draft_identity, slug_of
from jigai.policies.editor.limits import checked_files
from jigai.policies.editor.selectors import DRAFT, require_reach
from jigai.policies.models import PackDraft, PackVersion
from jigai.policies.proposals import region_of
from jigai.policies.uploaded_packs import own_files


def start_draft(
    *,
    base: PackVersion | None,
    files: Mapping[str, str] | None,
    title: str,
    by: User,
    access: Access,
    note: str = "",
) -> PackDraft:
    """A draft of one document; ``files`` by ``slug/name``, without them those of ``base``.

    The text says from its first line on that it is a draft, without number or dates of issue.
    Raises :class:`Denied` out of reach and :class:`JigaiError` for files that are no pack, are too
    large, or for a document that somebody is already writing.
    """
    access.require(DRAFT)
    given = dict(files if files is not None else base.files if base else {})
    slug = slug_of(given, base.slug if base else "")
    own = checked_files(slug, own_files(slug, given))
    identity = draft_identity(slug, own, title)
    region = region_of(identity.region)
    require_reach(access, DRAFT, slug, region)
    with transaction.atomic(), pghistory.context(reason=f"起草：{identity.title}"[:200]):
        return PackDraft.objects.create(
            slug=slug, title=identity.title[:200], region_code=region, base=base,
            files=identity.files, note=note.strip()[:400], created_by=by, updated_by=by,
        )  # fmt: skip
