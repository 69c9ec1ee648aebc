"""A served enterprise says how a provider did."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.registers.access import APPLY
from jigai.registers.entry_values import prepare_one
from jigai.registers.models import Entry, Register
from jigai.registers.selectors import register_by_code
from jigai.registers.services.admit_entries import Admission, admit_entries
from jigai.registers.services.propose_entry import refuse_twin
from jigai.registers.special.stored_providers import CASES, VOTES


def rate_case(
    *, case: int, score: str, period: str, by: User, access: Access, words: str = ""
) -> Entry:
    """The vote of the enterprise that was served; it counts at once, nobody may hold it back.

    Raises :class:`Denied` for anybody but the served enterprise and :class:`JigaiError` for a case
    that is not listed, a second vote, or a score outside 0 to 100.
    """
    register = register_by_code(VOTES)
    with transaction.atomic():
        Register.objects.select_for_update().get(pk=register.pk)
        found = Entry.objects.filter(pk=case, register__code=CASES, state="listed").first()
        if found is None:
            raise JigaiError("no-case", "没有这个案例，或还没有审核入册", "从资源池重新打开")
        firm = found.enterprise
        mine = {g.enterprise_id for g in access.granting(APPLY) if g.enterprise_id}
        if firm is None or firm.pk not in mine:
            raise Denied("not-served", "只有案例里被服务的企业可以评价", "请由该企业的经办人评价")
        row = prepare_one(register, _values(found, score, period, words))
        refuse_twin(register, None, row.key)
        admission = Admission(row, timezone.localdate(), None, "企业评价")
        return admit_entries(register=register, admissions=[admission], by=by, reason="企业评价")[0]


def _values(case: Entry, score: str, period: str, words: str) -> dict[str, Any]:
    firm: Any = case.enterprise
    if not (period.isdigit() and len(period) == 4):
        raise JigaiError("vote-period", f"评价期“{period}”不是年份", "填写四位年份，如 2021")
    return {
        "case": {"id": case.pk, "name": case.title}, "enterprise": {"id": firm.pk}, "score": score,
        "period": period, "words": words,
    }  # fmt: skip
