"""Materials the platform has: looked up when a case is handed in, asked for only where missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.utils import timezone

from jigai.cases.models import Case, CaseEvidence
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.registers.special.filing import VALID
from jigai.registers.special.stored_filing import filing_state_of

# Found: what it is, in words; empty where the platform does not have it.
Look = Callable[[Case, dt.date], str]


def licence(case: Case, day: dt.date) -> str:
    """The enterprise with its credit code."""
    firm = case.enterprise
    return f"{firm.name}，统一社会信用代码 {firm.uscc}" if firm and firm.uscc else ""


def filing(case: Case, day: dt.date) -> str:
    """The certificate in force of the project, by its code, else by enterprise and name."""
    code = str(case.values.get("project_code") or "")
    if not code and case.enterprise_id is None:
        return ""
    found = filing_state_of(code, day, enterprise=case.enterprise_id, name=case.title)
    own = found.record is not None and found.record.enterprise == case.enterprise_id
    return found.citation if found.state == VALID and own else ""


SOURCES: dict[str, Look] = {"企业名录": licence, "项目备案核准证据": filing}


def verify_shared(case: Case, by: User | None) -> None:
    """Look every shared material up and keep what was found; called when a case is handed in.

    Raises :class:`JigaiError` (``not-on-platform``) naming every material the platform does not
    have: those are to be uploaded after all. A source nobody looks up stays as the procedure says.
    """
    day = case.submitted_on or timezone.localdate()
    missing = []
    names = {item.id: item for item in case.release.spec.evidence}
    for row in case.evidence.filter(state=CaseEvidence.State.SHARED):
        item = names[row.item]
        look = SOURCES.get(item.shared)
        if look is None:
            continue
        found = look(case, day)
        if not found:
            missing.append(f"{item.name}（查了{item.shared}）")
            continue
        row.words = f"{item.shared}：{found}"[:400]
        row.save(update_fields=["words"])
    if missing:
        raise JigaiError(
            "not-on-platform", f"平台没有查到：{'、'.join(missing)}", "请上传这些材料再提交"
        )
