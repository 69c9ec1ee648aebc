"""The agreement of a consortium is put up for signing and signed by every member itself."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.models import User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.funding.applications.agreement import agreement_of
from jigai.funding.applications.editing import locked, require_applicant
from jigai.funding.applications.selectors import own_enterprises
from jigai.funding.applications.services.move_application import move, note
from jigai.funding.models import Application, MemberSignature
from jigai.funding.review.applicants import people_of_enterprise

State: Any = Application.State
# After the hand-in a changed agreement is signed again while the review goes on.
SIGNABLE = (State.SIGNING, State.SUBMITTED, State.CORRECTION, State.REVIEW, State.HELD)


def open_signing(*, application: int, by: User, access: Access) -> Application:
    """Put the agreement up for signing; the application cannot be changed while it is signed."""
    with transaction.atomic():
        row = locked(application)
        require_applicant(row, access)
        if row.consortium_id is None:
            raise JigaiError("no-consortium", "单个项目的申报不需要签署协议", "直接提交")
        move(application=row, to=State.SIGNING, text="协议交成员签署", by=by)
        transaction.on_commit(lambda: _ask(row))
    return row


def reopen_draft(*, application: int, by: User, access: Access) -> Application:
    """Take the agreement back to change the application; whoever signed has to sign again."""
    with transaction.atomic():
        row = locked(application)
        require_applicant(row, access)
        move(application=row, to=State.DRAFT, text="撤回签署，继续修改", by=by)
        row.signatures.filter(left_at__isnull=True).update(
            content_hash="", signed_by=None, signed_at=None
        )
    return row


def sign_agreement(
    *, signature: int, content_hash: str, by: User, access: Access
) -> MemberSignature:
    """Sign for one's own enterprise what was shown: the hash of the page must still be that of the
    agreement.

    Raises :class:`Denied` for another enterprise's place, and :class:`JigaiError` where the content
    changed meanwhile or there is nothing to sign.
    """
    with transaction.atomic():
        place = MemberSignature.objects.select_related("application").get(pk=signature)
        if place.enterprise_id not in own_enterprises(access):
            raise Denied("not-your-place", "只能为本企业签署", "请成员企业用自己的账号签署")
        row = locked(place.application_id)
        place = MemberSignature.objects.select_for_update().get(pk=signature)
        if row.state not in SIGNABLE or place.left_at is not None:
            raise JigaiError("not-signable", "现在没有需要签署的协议", "刷新页面查看状态")
        now = agreement_of(row)
        if content_hash != now.content_hash:
            raise JigaiError(
                "content-changed", "协议内容刚刚变化，您看到的不是现在的内容", "刷新页面看过再签"
            )
        if place.content_hash == content_hash and place.signed_at is not None:
            return place
        place.content_hash, place.signed_by, place.signed_at = content_hash, by, timezone.now()
        place.save(update_fields=["content_hash", "signed_by", "signed_at"])
        note(application=row, text=f"{place.enterprise.name} 已签署协议", by=by,
             data={"hash": content_hash})  # fmt: skip
    return place


def _ask(row: Application) -> None:
    url = reverse("agreement-detail", args=[row.pk])
    for place in row.signatures.filter(left_at__isnull=True).order_by("id"):
        for person in people_of_enterprise(place.enterprise_id):
            send_notice(user=person, event="application", title=f"待签署协议：{row.title}", url=url)
