"""The applicant signs 承诺书: its text as it is now, with a hash that anybody can compute again."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db import transaction
from django.utils import timezone

from jigai.cases.access import desk_of, relations_of
from jigai.cases.models import Case, CaseRecord, Commitment
from jigai.core.access import Access, Denied
from jigai.core.models import User
from jigai.errors import JigaiError


def commitment_text(case: Case) -> str:
    """What is signed: the text of the procedure with the case it is for."""
    signer = case.enterprise.name if case.enterprise else ""
    lines = [case.release.spec.commitment.strip(), f"事项：{case.procedure.name}",
             f"名称：{case.title}", f"承诺人：{signer or '—'}"]  # fmt: skip
    return "\n".join(lines)


def commitment_hash(number: str, signer: str, at: dt.datetime, text: str) -> str:
    """SHA-256 over number, signer, time (ISO) and text, each on a line of its own."""
    return hashlib.sha256("\n".join((number, signer, at.isoformat(), text)).encode()).hexdigest()


def sign(case: Case, by: User) -> Commitment:
    """Sign once; the caller holds the lock of the case and has checked who may."""
    found = Commitment.objects.filter(case=case).first()
    if found is not None:
        return found
    text, at = commitment_text(case), timezone.now()
    signer = f"{case.enterprise.name} {by.name}" if case.enterprise else by.name
    made = Commitment.objects.create(
        case=case, text=text, signer=signer, by=by, signed_at=at,
        sha256=commitment_hash(case.number, signer, at, text),
    )  # fmt: skip
    CaseRecord.objects.create(case=case, verb="commit", by=by, reason="签署承诺书",
                              data={"sha256": made.sha256})  # fmt: skip
    return made


def sign_commitment(*, case: int, by: User, access: Access) -> Commitment:
    """Sign a draft of one's own before it is handed in.

    Raises :class:`Denied` for anybody but the applicant and :class:`JigaiError` where there is
    nothing to sign or the case is no draft any more.
    """
    from jigai.cases.services.act import locked_case

    with transaction.atomic():
        found = locked_case(case)
        tasks = list(found.tasks.all())
        if "applicant" not in relations_of(found, access, tasks, desk_of(access)):
            raise Denied("not-the-applicant", "只有申请人可以签署承诺书", "请申请人签署")
        if not found.release.spec.commitment:
            raise JigaiError("nothing-to-sign", "这件办件不用签承诺书", "直接提交")
        if found.state != Case.State.DRAFT:
            raise JigaiError("already-sent", "已经提交，不能再签", "看办件页上已签的承诺书")
        return sign(found, by)


def require_signature(case: Case, by: User | None, given: bool) -> None:
    """At handing in: signed before, or signed now (``given``). Raises :class:`JigaiError`."""
    if not case.release.spec.commitment:
        return
    if given and by is not None:
        sign(case, by)
    signed = Commitment.objects.filter(case=case).first()
    if signed is None:
        raise JigaiError("not-signed", "还没有签署承诺书", "先看承诺书，签署以后再提交")
    if signed.text != commitment_text(case):
        raise JigaiError(
            "commitment-differs", "签承诺书以后改了名称，承诺书对不上",
            "把名称改回去，或另起一件重新签",
        )  # fmt: skip
