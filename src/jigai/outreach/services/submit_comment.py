"""Somebody says what they think of a clause of a draft."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.models import User
from jigai.core.screens import formats
from jigai.errors import JigaiError
from jigai.outreach.consultation_selectors import opened
from jigai.outreach.models import Consultation, ConsultationComment

LONGEST = 2000
# An office behind one address may send this many comments an hour.
PER_HOUR = 20
Source: Any = ConsultationComment.Source
# No letters or digits that look alike when read aloud or copied by hand.
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_COUNT = """
    INSERT INTO outreach_commentthrottle (digest, hour, count) VALUES (%s, %s, 1)
    ON CONFLICT (digest, hour) DO UPDATE SET count = outreach_commentthrottle.count + 1
    RETURNING count
"""


def submit_comment(
    *,
    consultation: int,
    clause: str,
    text: str,
    nonce: str,
    address: str = "",
    name: str = "",
    organisation: str = "",
    contact: str = "",
    trap: str = "",
    author: User | None = None,
    access: Access | None = None,
) -> ConsultationComment:
    """Keep a comment and give it a receipt number; the same form sent again gives the first one.

    Without an author it comes from the portal and counts against its network address. ``trap`` is
    a field people do not see. Raises :class:`JigaiError` outside the period (with its dates), for
    a clause that is not open, no text or too much, a trap that was filled, or too many an hour.
    """
    number = _number(nonce)
    if author is not None and access is not None:
        access.require("consultation.comment")
    item = opened().filter(pk=consultation).first()
    if item is None:
        raise JigaiError("no-consultation", "没有这次征求意见", "从征求意见列表重新进入")
    before = ConsultationComment.objects.filter(nonce=number).first()
    if before is not None:
        return _same(before, item, author)
    _check(item, clause, text, trap)
    row = ConsultationComment(
        consultation=item, clause=clause, text=text.strip(), nonce=number, receipt=_receipt(),
        name=name.strip()[:40], organisation=organisation.strip()[:100],
        contact=contact.strip()[:100], source=_source(access), author=author,
    )  # fmt: skip
    try:
        with transaction.atomic():
            if author is None:
                _throttle(address)
            row.save()
    except IntegrityError:
        # The same form arrived twice at the same moment.
        return _same(ConsultationComment.objects.get(nonce=number), item, author)
    return row


def digest_of(address: str) -> str:
    """What is kept of a network address: enough to count, not enough to know it."""
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, f"comment:{address}".encode(), hashlib.sha256).hexdigest()


def _number(nonce: str) -> uuid.UUID:
    try:
        return uuid.UUID(nonce)
    except ValueError:
        raise JigaiError("bad-nonce", "这个表单已失效", "请刷新页面后重新填写") from None


def _same(
    before: ConsultationComment, item: Consultation, author: User | None
) -> ConsultationComment:
    mine = before.author_id == (author.pk if author else None)
    if before.consultation_id != item.pk or not mine:
        raise JigaiError("bad-nonce", "这个表单已失效", "请刷新页面后重新填写")
    return before


def _check(item: Consultation, clause: str, text: str, trap: str) -> None:
    today = timezone.localdate()
    if not item.takes_comments(today):
        since, to = formats.day(item.period_from), formats.day(item.period_to)
        raise JigaiError(
            "out-of-period",
            f"公开期为 {since} 至 {to}，今天是 {formats.day(today)}，不收意见",
            f"可以联系组织单位：{item.contact}",
        )
    if clause and clause not in item.clauses:
        raise JigaiError("unknown-clause", f"“{clause}”没有公开征求意见", "从列表里选条款")
    if trap.strip():
        raise JigaiError("trapped", "有一栏应当空着却填了内容", "清空“请勿填写”一栏后再提交")
    if not text.strip():
        raise JigaiError("no-text", "还没有写意见", "写明哪里要改、怎样改、为什么")
    if len(text.strip()) > LONGEST:
        raise JigaiError(
            "too-long", f"意见有 {len(text.strip())} 字，最多 {LONGEST} 字", "请分条提交"
        )


def _source(access: Access | None) -> str:
    if access is None:
        return str(Source.PUBLIC)
    ours = any(grant.enterprise_id for grant in access.granting("consultation.comment"))
    return str(Source.ENTERPRISE if ours else Source.DEPARTMENT)


def _throttle(address: str) -> None:
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        # Digests are of no use once their hour is over.
        cursor.execute("DELETE FROM outreach_commentthrottle WHERE hour < %s", [hour])
        cursor.execute(_COUNT, [digest_of(address), hour])
        count = cursor.fetchone()[0]
    if count > PER_HOUR:
        raise JigaiError(
            "too-many", f"同一网络一小时内最多提交 {PER_HOUR} 条意见", "请下一个整点以后再提交"
        )


def _receipt() -> str:
    signs = "".join(secrets.choice(_SIGNS) for _ in range(12))
    return f"YJ-{signs[:4]}-{signs[4:8]}-{signs[8:]}"
