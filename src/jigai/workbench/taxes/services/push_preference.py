"""Tells enterprises of a preference they may use, once a year each, with a receipt to sign."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.access.duties import in_force
from jigai.core.models import Assignment, User
from jigai.core.selectors_enterprises import enterprises_for
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.registers.entry_values import prepare_one
from jigai.registers.models import Entry, Register
from jigai.registers.selectors import register_by_code
from jigai.registers.services.admit_entries import Admission, admit_entries
from jigai.workbench.taxes.candidates import FINDERS, Candidate, candidates
from jigai.workbench.taxes.deliveries import CODE, OPEN, OUTREACH, SENT


def push_preference(
    *, code: str, name: str, year: int, enterprises: Sequence[int], by: User, access: Access,
    basis: str = "",
) -> tuple[int, int]:  # fmt: skip
    """Push a preference to chosen enterprises of a year; (pushed now, told before).

    Those the platform finds itself carry its reason and estimate; any other needs ``basis``, and
    its estimate is unknown. Raises :class:`Denied` for an enterprise out of reach and
    :class:`JigaiError` with nobody chosen, or for one without a reason.
    """
    access.require(OUTREACH)
    chosen = set(enterprises)
    if not chosen:
        raise JigaiError("nobody", "没有选企业", "至少选一家")
    reach = {row.pk: row for row in enterprises_for(access, OUTREACH).filter(pk__in=chosen)}
    if len(reach) != len(chosen):
        raise Denied("out-of-reach", "有企业不在您的数据权限之内", "刷新页面重选")
    register = register_by_code(CODE)
    with transaction.atomic():
        Register.objects.select_for_update().get(pk=register.pk)
        found = candidates(code, year, access)[0] if code in FINDERS else []
        known = {one.enterprise.pk: one for one in found}
        before = _told(register, code, year, chosen)
        if chosen - before - set(known) and not basis.strip():
            raise JigaiError("no-basis", "有企业平台找不出理由，要写为什么推送", "写一句理由")
        new = [
            known.get(pk) or Candidate(reach[pk], basis.strip(), None)
            for pk in sorted(chosen - before)
        ]
        _admit(register, code, name, year, new, by)
        transaction.on_commit(lambda: _tell(name, [one.enterprise.pk for one in new]))
    return len(new), len(chosen & before)


def _told(register: Register, code: str, year: int, chosen: set[int]) -> set[int]:
    rows = Entry.objects.filter(
        register=register, enterprise__in=chosen, values__preference=code, values__year=str(year)
    )
    return {int(key) for key in rows.values_list("enterprise", flat=True) if key}


def _admit(
    register: Register, code: str, name: str, year: int, new: list[Candidate], by: User
) -> None:
    today = timezone.localdate()
    rows = [
        Admission(_row(register, code, name, year, one), today, None, "平台推送") for one in new
    ]
    admit_entries(register=register, admissions=rows, by=by, reason="推送")


def _row(register: Register, code: str, name: str, year: int, one: Candidate) -> Any:
    values: dict[str, Any] = {
        "enterprise": {"id": one.enterprise.pk, "name": one.enterprise.name},
        "preference": code, "name": name, "year": year, "basis": one.basis, "state": OPEN,
        "pushed_on": timezone.localdate().isoformat(), "receipt": SENT,
    }  # fmt: skip
    if one.estimate is not None:
        values["estimate"] = one.estimate
    return prepare_one(register, values)


def _tell(name: str, enterprises: list[int]) -> None:
    """Those who act for the enterprises."""
    held = Assignment.objects.filter(
        in_force(), enterprise__in=enterprises, user__is_active=True
    )  # fmt: skip
    for person in User.objects.filter(pk__in=held.values("user")).order_by("id"):
        send_notice(
            user=person, event="tax-pushed", title=f"有一项税收优惠您的企业可能用得上：{name}",
            body="签收后请看条件和测算；享受以后请回填享受额", url=reverse("tax-deliveries"),
        )  # fmt: skip
