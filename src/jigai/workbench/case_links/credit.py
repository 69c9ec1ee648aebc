"""A broken promise becomes a proposal for a credit record; the register's own review decides."""

from __future__ import annotations

from django.utils import timezone

from jigai.cases.models import Case, CaseRecord
from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.registers.access import EDIT, covers
from jigai.registers.models import Entry
from jigai.registers.selectors import register_by_code
from jigai.registers.services.propose_entry import propose_entry
from jigai.registers.special.stored_credit import RECORDS

KIND = "企业信用记录（地方采集）"
WAYS = ("commitment-approval", "build-then-verify", "tolerance-approval")


def number_of(case: Case) -> str:
    """The number of the record: one for a case."""
    return f"违诺 {case.number}"


def proposed(case: Case) -> Entry | None:
    """The record proposed about the case, if there is one."""
    rows = Entry.objects.filter(register__code=RECORDS, enterprise=case.enterprise)
    return rows.filter(values__number=number_of(case)).order_by("-pk").first()


def may_propose(access: Access, case: Case) -> bool:
    """Whether the person enters records for the region."""
    return access.can(EDIT) and covers(access, EDIT, case.region_code)


def propose_credit(*, case: Case, by: User, access: Access) -> Entry:
    """Propose the record of a revoked conclusion; it counts once the register's review admits it.

    Raises :class:`JigaiError` where nothing was revoked or there is no enterprise, and what
    :func:`propose_entry` raises.
    """
    revoked = getattr(case, "revocation", None)
    if revoked is None:
        raise JigaiError("not-revoked", "结论没有撤销，不能提出信用记录", "先办理撤销")
    if case.enterprise is None:
        raise JigaiError("no-enterprise", "这件办件没有企业", "由信用主管部门另行登记")
    today = timezone.localdate().isoformat()
    entry = propose_entry(
        register=register_by_code(RECORDS), by=by, access=access, source=f"办件 {case.number}",
        reason="未履行承诺",
        values={
            "number": number_of(case), "type": KIND, "happened": revoked.on.isoformat(),
            "enterprise": {"id": case.enterprise.pk, "name": case.enterprise.name},
            "content": f"{case.procedure.name}“{case.title}”：{revoked.reason}（{revoked.basis}）",
            "collected_from": f"办件 {case.number}", "collected_on": today,
            "merged_by": "按统一社会信用代码并入", "merged_on": today,
        },
    )  # fmt: skip
    CaseRecord.objects.create(case=case, verb="credit", by=by, reason="提出信用记录，待审核",
                              data={"entry": entry.pk})  # fmt: skip
    return entry
