"""Somebody complains, with or without an account: a case begins and a number opens its outcome."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from jigai.cases.models import Case, CaseProcedure
from jigai.cases.services.act import finish
from jigai.cases.services.deed import deed_of_time
from jigai.cases.services.deeds import draft
from jigai.cases.services.start_case import new_case
from jigai.core.access.scoping import region_prefix
from jigai.core.departments import DepartmentNotFound
from jigai.core.evidence.store import store_evidence
from jigai.core.models import User
from jigai.errors import JigaiError

CODE = "complaint"
# An office behind one address may send this many an hour; a county never gets so many a day.
PER_HOUR = 10
ANONYMOUS = "匿名"
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_COUNT = """
    INSERT INTO cases_filingthrottle (digest, hour, count) VALUES (%s, %s, 1)
    ON CONFLICT (digest, hour) DO UPDATE SET count = cases_filingthrottle.count + 1
    RETURNING count
"""


class NoDesk(JigaiError):
    """Nobody on the platform handles complaints of the place."""


def file_complaint(
    *, values: Mapping[str, Any], region_code: str, by: User | None = None, name: str = "",
    contact: str = "", nonce: str = "", address: str | None = None, trap: str = "",
    proof: UploadedFile | int | None = None, about: str = "", receipt: str = "",
) -> Case:  # fmt: skip
    """Begin and hand in a case; the same form sent again (``nonce``) gives the first one.

    ``values`` by field id of the procedure; ``address`` is where it comes from and is counted,
    ``None`` where the platform itself files. ``name`` and ``contact`` are shown to handlers only;
    ``proof`` is a file as sent, or the id of one in the store already.
    Raises :class:`NoDesk` for a place without desk and :class:`JigaiError` for values that do not
    fit, a filled trap, or too many an hour.
    """
    if trap.strip():
        raise JigaiError("trapped", "有一栏应当空着却填了内容", "清空“请勿填写”一栏后再提交")
    key = f"{CODE}:{_number(nonce)}" if nonce else None
    before = Case.objects.filter(key=key).first() if key else None
    if before is not None:
        return before
    procedure = _desk(region_code)
    try:
        with transaction.atomic():
            if address is not None:
                throttle(address)
            case = new_case(
                procedure, by, region_code, None, about=about, key=key,
                applicant_name=name.strip()[:100] or ANONYMOUS,
                applicant_contact=contact.strip()[:100],
                receipt=receipt or new_receipt(),
            )  # fmt: skip
            _hand_in(case, values, by, proof)
    except IntegrityError:
        # The same form arrived twice at the same moment.
        twin = Case.objects.filter(key=key).first() if key else None
        if twin is None:
            raise
        return twin
    except DepartmentNotFound as missing:
        raise NoDesk(
            "no-desk",
            "这个地区办理举报的部门还没有接入本平台",
            f"请直接联系当地部门（{missing.message}）",
        ) from missing
    return case


def _desk(region_code: str) -> CaseProcedure:
    rows = CaseProcedure.objects.select_related("current")
    found = rows.filter(code=CODE, state=CaseProcedure.State.PUBLISHED).first()
    if found is None or (
        found.region_code and not region_code.startswith(region_prefix(found.region_code))
    ):
        raise NoDesk("no-desk", "这个地区还没有开通举报办理", "请直接联系当地工业和信息化部门")
    return found


def _hand_in(
    case: Case, values: Mapping[str, Any], by: User | None, proof: UploadedFile | int | None
) -> None:
    deed = deed_of_time(case, "submit")
    kept = _keep(proof, case.region_code, by) if isinstance(proof, UploadedFile) else proof
    evidence = {"proof": kept} if kept else {}
    deed.by, deed.data = by, {"values": dict(values), "evidence": evidence}
    draft.submit(deed)
    finish(deed)


def _keep(file: UploadedFile, region: str, by: User | None) -> int:
    assert file.file is not None
    kept = store_evidence(
        stream=file.file, name=file.name or "证据", owner=by, region_code=region,
        source="投诉举报",
    )  # fmt: skip
    return int(kept.pk)


def new_receipt() -> str:
    """A number nobody can guess: it opens the outcome to whoever knows it."""
    signs = "".join(secrets.choice(_SIGNS) for _ in range(12))
    return f"TS-{signs[:4]}-{signs[4:8]}-{signs[8:]}"


def _number(nonce: str) -> uuid.UUID:
    try:
        return uuid.UUID(nonce)
    except ValueError:
        raise JigaiError("bad-nonce", "这个表单已失效", "请刷新页面后重新填写") from None


def digest_of(address: str) -> str:
    """What is kept of a network address: enough to count, not enough to know it."""
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, f"complaint:{address}".encode(), hashlib.sha256).hexdigest()


def throttle(address: str, what: str = "举报") -> None:
    """Count one more from an address. Raises :class:`JigaiError` for too many an hour."""
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        # Digests are of no use once their hour is over.
        cursor.execute("DELETE FROM cases_filingthrottle WHERE hour < %s", [hour])
        cursor.execute(_COUNT, [digest_of(address), hour])
        count = cursor.fetchone()[0]
    if count > PER_HOUR:
        raise JigaiError(
            "too-many", f"同一网络一小时内最多提交 {PER_HOUR} 件{what}", "请下一个整点以后再提交"
        )
