"""Carries out a form exactly once, however often it is sent."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.db import connection, transaction

from jigai.core.models import FormNonce, User
from jigai.errors import JigaiError

_CLAIM = """
    INSERT INTO core_formnonce (nonce, user_id, path, result_url, at)
    VALUES (%s, %s, %s, '', now()) ON CONFLICT (nonce) DO NOTHING
"""


def send_once(*, user: User, nonce: str, path: str, act: Callable[[], str]) -> str:
    """The address to go to: that of ``act``, or of its first run when the form is sent again.

    ``act`` runs in the transaction that claims the nonce; when it raises, the form may be sent
    again. A second sending at the same moment waits for the first. Raises :class:`JigaiError` for a
    form without a number or one that belongs to somebody else.
    """
    try:
        number = uuid.UUID(nonce)
    except ValueError:
        raise JigaiError("bad-nonce", "这个表单已失效", "请返回上一页，刷新后重新填写") from None
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, [number, user.pk, path[:300]])
            first = cursor.rowcount == 1
        if first:
            url = act()
            FormNonce.objects.filter(pk=number).update(result_url=url[:300])
            return url
    before = FormNonce.objects.filter(pk=number, user=user, path=path[:300]).first()
    if before is None:
        raise JigaiError("bad-nonce", "这个表单已失效", "请返回上一页，刷新后重新填写")
    return str(before.result_url)
