"""A clerk prepares a round of comments on a draft."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from jigai.core.access import Access, Denied
from jigai.core.models import User
from jigai.core.screens import formats
from jigai.errors import JigaiError
from jigai.outreach import rounds
from jigai.outreach.consultation_drafts import draft_of
from jigai.outreach.consultation_selectors import MANAGE
from jigai.outreach.models import Consultation
from jigai.policies.addressees import reaches
from jigai.policies.stored_packs import model_of


def draft_consultation(
    *,
    subject: str,
    title: str,
    clauses: Sequence[str],
    period_from: dt.date,
    period_to: dt.date,
    contact: str,
    by: User,
    access: Access,
    intro: str = "",
) -> Consultation:
    """Prepare a consultation on the text ``subject`` (``v<id>`` or ``p<id>``).

    It belongs to the region of the document where the person reaches it, else to their own: a
    bureau may ask its own enterprises about a draft from above. Raises :class:`JigaiError` for a
    text that is no draft, unknown clauses, or a period that ends before it begins.
    """
    access.require(MANAGE)
    draft = draft_of(access, subject)
    known = {clause.id for clause in model_of(draft.version).pack.clauses}
    if not clauses or set(clauses) - known:
        raise JigaiError("no-clauses", "没有选对条款", "至少选草案里的一条")
    if period_to < period_from:
        raise JigaiError(
            "bad-period",
            f"公开期止 {formats.day(period_to)} 早于公开期起 {formats.day(period_from)}",
            "改正起止日期",
        )
    if not contact.strip():
        raise JigaiError("no-contact", "没有写联系方式", "写明部门电话或地址，供公众询问")
    row = Consultation(
        title=title.strip() or f"《{draft.title}》征求意见",
        slug=draft.version.slug,
        sha256=draft.version.sha256,
        region_code=_region(access, draft.version.region_code, draft.version.slug),
        organiser=_organiser(access),
        intro=intro.strip(),
        contact=contact.strip(),
        clauses=list(clauses),
        period_from=period_from,
        period_to=period_to,
        created_by=by,
    )
    number = int(draft.key[1:])
    if draft.key.startswith("v"):
        row.draft_id = number
    else:
        row.proposal_id = number
    with transaction.atomic():
        row.save()
        rounds.moved(row, "drafted", by)
    return row


def _region(access: Access, wanted: str, slug: str) -> str:
    for code in (wanted, access.home_region or ""):
        if code and reaches(access, MANAGE, code, slug=slug):
            return code
    raise Denied("out-of-reach", "这份草案不在您的数据权限之内", "需要时请联系平台管理员")


def _organiser(access: Access) -> str:
    return next((grant.holder for grant in access.granting(MANAGE) if grant.holder), "")
