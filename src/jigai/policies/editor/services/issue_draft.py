"""Issues a draft: number and dates are put in, and it becomes an installed version."""

from __future__ import annotations

import datetime as dt

import pghistory
from django.db import transaction

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.policies.editor import life
from jigai.policies.editor.identity import stamped
from jigai.policies.editor.selectors import ISSUE
from jigai.policies.editor.services.move_draft import locked, require_checked, require_other
from jigai.policies.editor.states import moved
from jigai.policies.examined_packs import examine_files
from jigai.policies.models import PackDraft, PackProposal, PackVersion
from jigai.policies.services.confirm_proposal import install_checked
from jigai.policies.stored_packs import files_hash


def issue_draft(
    *, draft: int, number: str, issued: dt.date, effective_from: dt.date,
    effective_to: dt.date | None, by: User, access: Access,
) -> PackVersion:  # fmt: skip
    """The installed version a draft became.

    Only number, dates and the word 印发 are put into the text that was handed in. Raises
    :class:`Denied` for anybody who wrote in it, :class:`Overtaken` when something else has been
    installed since the comparison, :class:`JigaiError` for dates the wrong way round or a text that
    no longer passes.
    """
    _dates(issued, effective_from, effective_to)
    with transaction.atomic(), pghistory.context(reason=f"印发：{number or '无文号'}"[:200]):
        found = locked(draft, ISSUE, access)
        state = moved(found, "issue")
        require_other(found, by, access)
        require_checked(found)
        _same_text(found)
        files = stamped(
            found.slug, found.files, number=number.strip(), issued=issued,
            effective_from=effective_from, effective_to=effective_to,
        )  # fmt: skip
        version = _installed(found, files, by)
        found.files, found.state, found.issued = files, state, version
        found.save()
        life.moved(found, "issued", by)
    return version


def _installed(draft: PackDraft, files: dict[str, str], by: User) -> PackVersion:
    examined = examine_files(draft.slug, files)
    if examined.model is None:
        first = examined.errors[0]
        raise JigaiError(
            "draft-faulty", f"写入文号和日期以后没有通过检查：{first.place} {first.message}",
            first.fix or "退回修改",
        )  # fmt: skip
    assert draft.proposal_id is not None
    proposal = PackProposal.objects.select_for_update().get(pk=draft.proposal_id)
    return install_checked(proposal=proposal, files=examined.files, by=by)


def _same_text(draft: PackDraft) -> None:
    """Nobody issues what nobody reviewed."""
    if files_hash(draft.files) != draft.frozen:
        raise JigaiError("text-changed", "内容与送印发时不同", "退回后重新送印发")


def _dates(issued: dt.date, begins: dt.date, ends: dt.date | None) -> None:
    if begins < issued:
        raise JigaiError("bad-dates", "施行日期早于成文日期", "施行日期不早于成文日期")
    if ends is not None and ends < begins:
        raise JigaiError("bad-dates", "有效期止早于施行日期", "改正起止日期")
