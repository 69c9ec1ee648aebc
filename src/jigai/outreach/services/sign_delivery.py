"""An addressee signs for a document, notes it, and confirms that an ended one is out of use."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.outreach.distribution_people import SEND, distributions_for, inbox_of
from jigai.outreach.distribution_standing import standing_on
from jigai.outreach.models import Delivery, Distribution

State = Delivery.State


def sign_delivery(*, delivery: int, by: User, access: Access) -> Delivery:
    """Somebody of the unit signs; a second signature changes nothing."""
    with transaction.atomic():
        found = _mine(delivery, access)
        if found.state == State.UNSIGNED:
            found.state, found.signed_by, found.signed_at = State.SIGNED, by, timezone.now()
            found.save(update_fields=["state", "signed_by", "signed_at"])
    return found


def read_delivery(*, delivery: int, by: User, access: Access) -> Delivery:
    """Somebody of the unit has read it. Raises :class:`JigaiError` before the signature."""
    with transaction.atomic():
        found = _mine(delivery, access)
        if found.state == State.UNSIGNED:
            raise JigaiError("not-signed", "还没有签收", "先签收，再标为已阅")
        if found.state == State.SIGNED:
            found.state, found.read_by, found.read_at = State.READ, by, timezone.now()
            found.save(update_fields=["state", "read_by", "read_at"])
    return found


def stop_delivery(*, delivery: int, by: User, access: Access) -> Delivery:
    """The unit confirms that it no longer uses an ended document.

    Raises :class:`JigaiError` while the document may be used.
    """
    with transaction.atomic():
        found = _mine(delivery, access)
        _require_ended(found)
        if found.stopped_at is None:
            found.stopped_at, found.stopped_by = timezone.now(), by
            found.save(update_fields=["stopped_at", "stopped_by"])
    return found


def enter_paper_receipt(
    *, delivery: int, signer: str, stopped: bool, by: User, access: Access
) -> Delivery:
    """The sender enters what a unit without an account has signed on paper.

    ``stopped``: the confirmation that an ended document is out of use. Raises :class:`JigaiError`
    without the name of who signed, and for what is on record already.
    """
    if not signer.strip():
        raise JigaiError("no-signer", "没有写签收人", "写纸质回执上的姓名")
    with transaction.atomic():
        found = _locked(delivery)
        if found is None or not _sends(found.distribution_id, access):
            raise Denied("out-of-reach", "这份收文不在您的数据权限之内")
        if found.distribution.status != Distribution.Status.SENT:
            raise JigaiError("not-sent", "文件还没有发出", "发出后再登记回执")
        now = timezone.now()
        if stopped:
            _require_ended(found)
            _require_new(found.stopped_at is None)
            found.stopped_at, found.stopper, found.stopped_by = now, signer.strip(), by
        else:
            _require_new(found.state == State.UNSIGNED)
            found.state, found.signed_at, found.signed_by = State.SIGNED, now, by
            found.signer, found.on_paper = signer.strip(), True
        found.save()
    return found


def _require_new(new: bool) -> None:
    if not new:
        raise JigaiError("on-record", "这份回执已经登记过", "刷新页面查看")


def _require_ended(found: Delivery) -> None:
    if standing_on(found.distribution).valid:
        raise JigaiError("still-valid", "这份文件现行有效，不用停用", "刷新页面查看状态")


def _sends(distribution: int, access: Access) -> bool:
    return distributions_for(access, SEND).filter(pk=distribution).exists()


def _locked(delivery: int) -> Delivery | None:
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("distribution")
    return rows.filter(pk=delivery).first()


def _mine(delivery: int, access: Access) -> Delivery:
    found = _locked(delivery)
    if found is None or not inbox_of(access).filter(pk=delivery).exists():
        raise Denied("out-of-reach", "这份收文不是发给您单位的")
    return found
