"""Begins a case by a procedure: a draft with a number."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from jigai.cases.access import APPLY
from jigai.cases.models import Case, CaseProcedure
from jigai.cases.services.act import act
from jigai.core.access import Access, Denied
from jigai.core.models import Enterprise, User
from jigai.errors import JigaiError

_NEXT = """
    INSERT INTO cases_casecounter (prefix, last) VALUES (%s, 1)
    ON CONFLICT (prefix) DO UPDATE SET last = cases_casecounter.last + 1 RETURNING last
"""


def start_case(
    *, procedure: CaseProcedure, by: User, access: Access, region_code: str = "",
    enterprise: Enterprise | None = None, about: str = "", title: str = "",
) -> Case:  # fmt: skip
    """A draft by the version published now; the case keeps that version.

    An enterprise's person begins for the own enterprise; an office for the region it stands in, or
    one in reach. Raises :class:`Denied` out of reach and :class:`JigaiError` for a procedure that
    is not open.
    """
    access.require(APPLY)
    if procedure.state != CaseProcedure.State.PUBLISHED or procedure.current is None:
        raise JigaiError(
            "procedure-closed", f"“{procedure.name}”{procedure.get_state_display()}，不能申请",
            "等发布之后再申请",
        )  # fmt: skip
    firm, region = _who(procedure, access, enterprise, region_code)
    _require_place(procedure, region)
    with transaction.atomic():
        return new_case(procedure, by, region, firm, about=about, title=title)


def new_case(
    procedure: CaseProcedure, by: User | None, region: str, firm: Enterprise | None,
    **more: Any,
) -> Case:  # fmt: skip
    """The row itself, for callers that have checked who may; in a transaction of theirs."""
    title = more.pop("title", "") or procedure.name
    return Case.objects.create(
        number=next_number(region), procedure=procedure, release=procedure.current,
        title=title[:300], region_code=region, enterprise=firm, started_by=by, **more,
    )  # fmt: skip


def next_number(region: str) -> str:
    """``370812-2026-000012``: counted by region and year, none twice, none left out."""
    prefix = f"{region or '000000'}-{timezone.localdate().year}"
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [prefix])
        return f"{prefix}-{cursor.fetchone()[0]:06d}"


def _who(
    procedure: CaseProcedure, access: Access, enterprise: Enterprise | None, region_code: str
) -> tuple[Enterprise | None, str]:
    own = [g.enterprise_id for g in access.granting(APPLY) if g.enterprise_id]
    if own:
        if procedure.applicant == "bureau":
            raise JigaiError("not-for-enterprises", f"“{procedure.name}”由主管部门发起", "")
        firm = enterprise or Enterprise.objects.get(pk=own[0])
        if firm.pk not in own:
            raise Denied("out-of-reach", "只能为本企业申请")
        return firm, firm.region_code
    if enterprise is not None:
        region_code = region_code or enterprise.region_code
    region = region_code or access.home_region
    from jigai.policies.addressees import reaches

    if not reaches(access, APPLY, region):
        raise Denied("out-of-reach", f"{region} 不在您的数据权限之内", "由当地部门发起")
    return enterprise, region


def _require_place(procedure: CaseProcedure, region: str) -> None:
    from jigai.core.access.scoping import region_prefix

    home = procedure.region_code
    if home and not region.startswith(region_prefix(home)):
        raise JigaiError(
            "not-here",
            f"“{procedure.name}”在 {home} 范围内办理，{region} 不适用",
            "看当地的办事方式",
        )


def submit_case(
    *, case: Case, by: User, access: Access, values: dict[str, Any] | None = None,
    evidence: dict[str, Any] | None = None, answers: dict[str, str] | None = None,
) -> Case:  # fmt: skip
    """Hand in a draft; see :func:`jigai.cases.services.deeds.draft.submit`."""
    more: dict[str, Any] = {} if answers is None else {"answers": answers}
    return act(
        case=case.pk, verb="submit", by=by, access=access, values=values or {},
        evidence=evidence or {}, **more,
    )  # fmt: skip
