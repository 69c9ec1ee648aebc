"""Writes the text of a draft: whole files, or single entries of a section."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

import pghistory
from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.policies.editor.identity import named
from jigai.policies.editor.limits import checked_files, checked_text
from jigai.policies.editor.selectors import DRAFT, may, require_reach
from jigai.policies.editor.states import require_open
from jigai.policies.models import PackDraft
from jigai.policies.proposals import region_of


class DraftConflict(JigaiError):
    """Somebody else wrote the same place; ``draft`` is what is stored now."""

    def __init__(self, draft: PackDraft) -> None:
        super().__init__("draft-conflict", "这里刚被别人改过", "核对后再保存，您填写的没有丢失")
        self.draft = draft


def mark(value: Any) -> str:
    """What a form remembers of the place it was opened on; nothing for a place not there yet."""
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


# From the files as they are now to those that change; an empty text takes a file away.
Write = Callable[[Mapping[str, str]], Mapping[str, str]]


def save_draft(
    *, draft: int, write: Write, by: User, access: Access,
    seen: Callable[[Mapping[str, str]], bool] = lambda _files: True, what: str = "",
) -> PackDraft:  # fmt: skip
    """Store what ``write`` makes of the files. Faulty packs are stored too: nothing typed is lost.

    ``seen`` tells from the stored files whether the form still stands on them; otherwise
    :class:`DraftConflict`. Raises :class:`Denied` out of reach, :class:`JigaiError` for a frozen
    draft, a name or size that no pack may have.
    """
    access.require(DRAFT)
    with transaction.atomic(), pghistory.context(reason=f"修改：{what or '内容'}"[:200]):
        rows = PackDraft.objects.select_for_update(of=("self",)).select_related("updated_by")
        found = rows.get(pk=draft)
        require_reach(access, DRAFT, found.slug, found.region_code)
        require_open(found)
        if not seen(found.files):
            raise DraftConflict(found)
        new = dict(found.files)
        for name, text in write(found.files).items():
            if text.strip():
                new[name] = checked_text(found.slug, name, text)
            else:
                new.pop(name, None)
        if new != found.files:
            found.files = checked_files(found.slug, new)
            _name(found, access)
            found.version += 1
            found.updated_by, found.updated_at = by, timezone.now()
            found.save()
        return found


def _name(draft: PackDraft, access: Access) -> None:
    """Title and region as the text says, while it can be read.

    Raises :class:`JigaiError` for a region out of reach: a draft cannot be written away.
    """
    try:
        found = named(draft.slug, draft.files)
    except JigaiError:
        return
    region = region_of(found.region)
    if region != draft.region_code:
        if not may(access, DRAFT, draft.slug, region):
            raise JigaiError(
                "region-out-of-reach", "所写的适用地区不在您的数据权限之内",
                "改回原来的地区，或请上级起草",
            )  # fmt: skip
        draft.region_code = region
    draft.title = found.title or draft.title
