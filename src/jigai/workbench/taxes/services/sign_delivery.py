"""The enterprise signs that a tax policy has reached it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.registers.lifecycle import CHANGE
from jigai.registers.models import Entry
from jigai.registers.services.record_event import record
from jigai.workbench.taxes.deliveries import SIGNED, own_deliveries


def sign_delivery(*, delivery: int, by: User, access: Access) -> Entry:
    """Sign one delivery. Raises :class:`Denied` for somebody else's and :class:`JigaiError` when it
    was signed before."""
    with transaction.atomic():
        if not own_deliveries(access).filter(pk=delivery).exists():
            raise Denied("out-of-reach", "这项送达不是给您的企业的")
        rows = Entry.objects.select_for_update(of=("self",)).select_related("register__current")
        found = rows.get(pk=delivery)
        if found.values["receipt"] == SIGNED:
            raise JigaiError("signed-before", "已经签收过", "刷新页面")
        today = timezone.localdate()
        values = {**found.values, "receipt": SIGNED, "signed_on": today.isoformat()}
        record(entry=found, kind=CHANGE, effective=today, by=by, reason="签收", values=values)
    return found
