"""Notes that an enterprise is no more, so that every register that names it shows the problem."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from jigai.core.access import Access, Denied
from jigai.core.models import Enterprise, User
from jigai.errors import JigaiError
from jigai.registers.access import EDIT, covers
from jigai.registers.models import EnterpriseChange


def note_enterprise_change(
    *, enterprise: Enterprise, kind: str, effective: dt.date, document: str, by: User,
    access: Access, successor: str = "",
) -> EnterpriseChange:  # fmt: skip
    """Record the merger or closure; entries stay as they are until somebody acts on each.

    Raises :class:`Denied` out of reach and :class:`JigaiError` for a second record, a merger
    without a known successor, or one into itself.
    """
    access.require(EDIT)
    if not covers(access, EDIT, enterprise.region_code):
        raise Denied("out-of-reach", "这家企业不在您的数据权限之内", "请联系管理单位")
    heir = None
    if kind == str(EnterpriseChange.Kind.MERGED):
        heir = _successor(successor)
        if heir.pk == enterprise.pk:
            raise JigaiError("own-successor", "承继企业不能是它自己", "重新填写承继企业")
    try:
        with transaction.atomic():
            return EnterpriseChange.objects.create(
                enterprise=enterprise, kind=kind, successor=heir, effective=effective,
                document=document, by=by,
            )  # fmt: skip
    except IntegrityError as error:
        raise JigaiError(
            "change-twice", f"“{enterprise}”已登记过{_known(enterprise)}", "核对后再办"
        ) from error


def _successor(text: str) -> Enterprise:
    plain = text.strip()
    found = Enterprise.objects.filter(uscc=plain.upper()).first() if plain else None
    named = Enterprise.objects.filter(name=plain).order_by("pk")[:2] if plain else []
    if found is None and len(named) == 1:
        found = named[0]
    if found is None:
        raise JigaiError(
            "no-successor", f"企业名录里没有唯一的“{plain}”", "填写统一社会信用代码，或先登记该企业"
        )
    return found


def _known(enterprise: Enterprise) -> str:
    known = EnterpriseChange.objects.filter(enterprise=enterprise).first()
    return known.get_kind_display() if known else ""
