"""Takes a conclusion back: a promise was not kept, or what was built did not pass."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jigai.cases import hooks
from jigai.cases.access import SUPERVISE
from jigai.cases.models import Case, CaseRecord, Revocation
from jigai.core.access import Access, Denied
from jigai.core.models import User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.policies.addressees import reaches


def revoke_conclusion(
    *, case: int, reason: str, basis: str, by: User, access: Access
) -> Revocation:  # fmt: skip
    """Revoke an agreement, with its reason and basis.

    Raises :class:`Denied` for anybody but a supervisor of the region and :class:`JigaiError` where
    there is no agreement to revoke, no broken promise stands behind it, or words are missing.
    """
    from jigai.cases.services.act import locked_case

    with transaction.atomic():
        found = locked_case(case)
        if not reaches(access, SUPERVISE, found.region_code):
            raise Denied("not-supervisor", "撤销结论由本单位负责人办理", "请负责人办理")
        if not reason.strip() or not basis.strip():
            raise JigaiError("no-reason", "撤销结论要写理由和依据", "写明事实、依据的条款或承诺")
        broken = found.fulfilment.filter(result="broken").exists()
        if not broken:
            raise JigaiError(
                "nothing-broken", "没有“未履行承诺”的核查结果，不能撤销", "先登记核查结果"
            )
        return take_back(found, reason.strip(), basis.strip(), by)


def take_back(case: Case, reason: str, basis: str, by: User | None) -> Revocation:
    """The change itself; the caller holds the lock of the case and has checked why."""
    if case.state != Case.State.DONE or case.result != Case.Result.AGREED:
        raise JigaiError(
            "no-agreement", f"“{case.title}”{case.get_state_display()}，没有可以撤销的结论",
            "核对办件编号",
        )  # fmt: skip
    made = Revocation.objects.create(
        case=case, on=timezone.localdate(), reason=reason[:2000], basis=basis[:200], by=by
    )
    case.state, case.result = Case.State.LAPSED, Case.Result.NONE
    case.version += 1
    case.save()
    CaseRecord.objects.create(case=case, verb="revoke", by=by, reason=made.reason,
                              data={"basis": made.basis})  # fmt: skip
    hooks.run_hooks(case, "ended", by)
    transaction.on_commit(lambda: _tell(case, made))
    return made


def _tell(case: Case, made: Revocation) -> None:
    if case.started_by is None:
        return
    send_notice(
        user=case.started_by, event="case-moved", title=f"结论已撤销：{case.title}",
        body=f"{made.reason}（{made.basis}）。不服的可以依法申请行政复议或者提起行政诉讼。",
        url=reverse("case-detail", args=[case.number]),
    )  # fmt: skip
