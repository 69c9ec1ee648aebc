"""Moves a draft along: handed in, reviewed, heard, finished, sent back, withdrawn."""

from __future__ import annotations

import pghistory
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.models import User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.policies.addressees import people_with, reaches
from jigai.policies.editor import life
from jigai.policies.editor.models_of import model_of_draft
from jigai.policies.editor.selectors import DRAFT, ISSUE, require_reach
from jigai.policies.editor.services.check_draft import check_draft
from jigai.policies.editor.states import moved
from jigai.policies.editor.writers import writers
from jigai.policies.models import PackDraft
from jigai.policies.stored_packs import files_hash


def submit_draft(
    *, draft: int, by: User, access: Access, consults: bool | None = None,
    no_consultation: str = "",
) -> PackDraft:  # fmt: skip
    """Hand a draft in for review: its text is frozen by its hash, checked and compared.

    Raises :class:`JigaiError` for a draft with errors, or one that is not to be opened for comment
    without a word why.
    """
    access.require(DRAFT)
    with transaction.atomic(), pghistory.context(reason="送审"):
        found = locked(draft, DRAFT, access)
        state = moved(found, "submit")
        if consults is not None:
            found.consults, found.no_consultation = consults, no_consultation.strip()[:400]
        if not found.consults and not found.no_consultation:
            raise JigaiError(
                "no-reason", "不公开征求意见要写理由", "例如：只改正文字，不改变权利义务"
            )
        _hand_in(found, by, state)
        life.moved(found, "submitted", by)
        _tell(found, ISSUE, "pack-draft-submitted", "有送审的政策文件", found.title, by)
    return found


def review_draft(*, draft: int, by: User, access: Access) -> PackDraft:
    """Pass the review: the draft goes to consultation, or straight to its final text.

    Raises :class:`Denied` for anybody who wrote in it.
    """
    with transaction.atomic(), pghistory.context(reason="通过审核"):
        found = locked(draft, ISSUE, access)
        require_other(found, by, access)
        require_checked(found)
        if found.consults:
            found.state, found.consulted = moved(found, "consult"), found.proposal
        else:
            found.state = moved(found, "approve")
        found.returned = ""
        found.save()
        life.moved(found, "reviewed", by)
        _tell(found, DRAFT, "pack-draft-moved", f"{found.get_state_display()}：{found.title}",
              "审核已通过", by)  # fmt: skip
    return found


def heard_draft(*, draft: int, by: User) -> PackDraft:
    """The round of comments is over: the final text may be written. Whoever says so was checked
    where the round is organised."""
    with transaction.atomic(), pghistory.context(reason="征求意见结束"):
        found = locked(draft, "", None)
        found.state = moved(found, "heard")
        found.save()
        life.moved(found, "heard", by)
        _tell(found, DRAFT, "pack-draft-moved", f"{found.get_state_display()}：{found.title}",
              "采纳情况已公示，可以修改定稿", by)  # fmt: skip
    return found


def finish_draft(*, draft: int, by: User, access: Access) -> PackDraft:
    """Hand the final text in, to be issued; frozen and checked anew."""
    access.require(DRAFT)
    with transaction.atomic(), pghistory.context(reason="送印发"):
        found = locked(draft, DRAFT, access)
        _hand_in(found, by, moved(found, "finish"))
        life.moved(found, "finished", by)
        _tell(found, ISSUE, "pack-draft-submitted", "有待印发的政策文件", found.title, by)
    return found


def return_draft(*, draft: int, reason: str, by: User, access: Access) -> PackDraft:
    """Send a draft back to be written, with the reason. Raises :class:`JigaiError` without one."""
    with transaction.atomic(), pghistory.context(reason=f"退回：{reason}"[:200]):
        found = locked(draft, ISSUE, access)
        require_other(found, by, access)
        if not reason.strip():
            raise JigaiError("no-reason", "退回要写理由", "写明哪一条要改、怎样改")
        found.state, found.returned = moved(found, "return"), reason.strip()[:400]
        found.save()
        life.moved(found, "returned", by, found.returned)
        _tell(found, DRAFT, "pack-draft-moved", f"已退回：{found.title}", found.returned, by)
    return found


def withdraw_draft(*, draft: int, reason: str, by: User, access: Access) -> PackDraft:
    """Give a draft up. Raises :class:`JigaiError` while the public is asked, or once issued."""
    access.require(DRAFT)
    with transaction.atomic(), pghistory.context(reason=f"撤回：{reason}"[:200]):
        found = locked(draft, DRAFT, access)
        if not reason.strip():
            raise JigaiError("no-reason", "撤回要写理由", "例如：并入另一份文件")
        found.state, found.returned = moved(found, "withdraw"), reason.strip()[:400]
        found.save()
        life.moved(found, "withdrawn", by, found.returned)
    return found


def locked(draft: int, capability: str, access: Access | None) -> PackDraft:
    """The row under lock, whoever follows it locked before; within reach where that is asked."""
    life.hold(draft)
    rows = PackDraft.objects.select_for_update(of=("self",))
    found = rows.select_related("proposal", "created_by", "submitted_by").get(pk=draft)
    if access is not None:
        require_reach(access, capability, found.slug, found.region_code)
    return found


def require_other(draft: PackDraft, by: User, access: Access) -> None:
    """Raise :class:`Denied` for who wrote in the draft, and for who acts with their rights."""
    hint = "请同一单位的另一位有权限的人审核"
    authors = writers(draft)
    if by.pk in authors:
        raise Denied("same-person", "起草或改过这份稿的人不能自己审核印发", hint)
    for author in User.objects.filter(pk__in=authors).order_by("id"):
        if not reaches(access, ISSUE, draft.region_code, slug=draft.slug, without=str(author)):
            raise Denied("same-person", "受起草人委托代行的也不能审核印发", hint)


def require_checked(draft: PackDraft) -> None:
    """Raise :class:`JigaiError` unless the check of the text handed in has ended well."""
    proposal = draft.proposal
    if proposal is None or proposal.status != proposal.Status.READY:
        word = proposal.get_status_display() if proposal else "没有检查"
        raise JigaiError(
            "not-checked", f"送审内容{word}，还不能通过", "等检查完成；没有通过的退回修改"
        )


def _hand_in(draft: PackDraft, by: User, state: str) -> None:
    model_of_draft(draft)  # raises with the first error
    draft.state, draft.frozen = state, files_hash(draft.files)
    draft.submitted_by, draft.submitted_at = by, timezone.now()
    draft.save()
    draft.proposal = check_draft(draft=draft, by=by)
    draft.save(update_fields=["proposal"])


def _tell(draft: PackDraft, capability: str, event: str, title: str, body: str, by: User) -> None:
    url = reverse("draft-detail", args=[draft.pk])

    def send() -> None:
        for person in people_with(capability, draft.region_code, draft.slug):
            if person.pk != by.pk:
                send_notice(user=person, event=event, title=title, body=body, url=url)

    transaction.on_commit(send)
