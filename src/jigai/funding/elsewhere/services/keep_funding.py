"""Registers public money from elsewhere, and takes it from state to state."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.access import check as check_reach
from jigai.core.models import Enterprise, EvidenceFile, User
from jigai.errors import JigaiError
from jigai.funding.elsewhere.access import FIRM, KEEP, REACH
from jigai.funding.elsewhere.services.write_back import write_back
from jigai.funding.elsewhere.words import DAY_OF, FOLLOWING, KINDS, LEVELS, MATCHED, RECEIVED
from jigai.funding.models import OtherFunding
from jigai.projects.models import Project

_MOST_PAPERS = 200


@dataclass(frozen=True, slots=True)
class NewFunding:
    """What somebody states: money in fen (``None``: not known), papers as written."""

    kind: str
    level: str
    programme: str
    year: int
    document: str = ""
    amount_fen: int | None = None
    invoices: tuple[str, ...] = ()
    serials: tuple[str, ...] = ()
    source: str = ""


def add_funding(
    *, enterprise: Enterprise, project: Project | None, given: NewFunding, by: User, access: Access,
    evidence: EvidenceFile | None = None,
) -> OtherFunding:  # fmt: skip
    """Register it as 可争取; :func:`move_funding` takes it further.

    Raises :class:`Denied` for an enterprise out of reach and :class:`JigaiError` for a project of
    another enterprise or unknown words.
    """
    access.require(KEEP)
    check_reach(enterprise, access, KEEP, FIRM)
    _check(enterprise, project, given)
    return OtherFunding.objects.create(
        region_code=enterprise.region_code, enterprise=enterprise, project=project,
        evidence=evidence, created_by=by, **_columns(given),
    )  # fmt: skip


def change_funding(
    *, funding: int, seen: int, project: Project | None, given: NewFunding, by: User,
    access: Access, evidence: EvidenceFile | None = None,
) -> OtherFunding:  # fmt: skip
    """Correct what is registered; what rests on money already received is worked out anew."""
    access.require(KEEP)
    with transaction.atomic():
        row = _held(funding, seen, access)
        _check(row.enterprise, project, given)
        if row.state == RECEIVED and given.amount_fen is None:
            raise JigaiError("received-amount", "已到账的必须有金额", "填到账通知上的金额")
        row.project = project
        for name, value in _columns(given).items():
            setattr(row, name, value)
        row.evidence = evidence or row.evidence
        row.version += 1
        row.save()
        write_back(funding=row)
    return row


def move_funding(
    *, funding: int, seen: int, to: str, on: dt.date | None, amount_fen: int | None, by: User,
    access: Access,
) -> OtherFunding:  # fmt: skip
    """Take it to another state, with its day; money received is written back at once.

    Raises :class:`JigaiError` for a state that does not follow, a day that has not come, and money
    received without amount or day.
    """
    access.require(KEEP)
    with transaction.atomic():
        row = _held(funding, seen, access)
        if to not in FOLLOWING[row.state]:
            raise JigaiError(
                "funding-state", f"现为“{row.get_state_display()}”，不能改为这个状态", "刷新页面"
            )
        if to in DAY_OF:
            column, name = DAY_OF[to]
            if on is None:
                raise JigaiError("no-day", f"还没有填{name}", f"填写{name}")
            if on > timezone.localdate():
                raise JigaiError("day-ahead", f"{name}还没有到", "到了那一天再登记")
            setattr(row, column, on)
        if amount_fen is not None:
            row.amount_fen = amount_fen
        if to == RECEIVED and row.amount_fen is None:
            raise JigaiError("received-amount", "到账的必须有金额", "填到账通知上的金额")
        row.state = to
        row.version += 1
        row.save()
        write_back(funding=row)
    return row


def _held(funding: int, seen: int, access: Access) -> OtherFunding:
    rows = OtherFunding.objects.select_for_update(of=("self",)).filter(pk=funding)
    row = rows.select_related("enterprise", "project").first()
    if row is None:
        raise JigaiError("unknown-funding", "没有这一条登记", "回到列表重新打开")
    check_reach(row, access, KEEP, REACH)
    if row.version != seen:
        raise JigaiError("changed", "这一条刚有人改过，您的还没有保存", "刷新后再改")
    return row


def _check(enterprise: Enterprise, project: Project | None, given: NewFunding) -> None:
    if project is not None and project.enterprise_id != enterprise.pk:
        raise JigaiError("other-firm", "这个项目不是该企业的", "重新选择项目，或不填项目")
    if given.kind not in KINDS or given.level not in LEVELS:
        raise JigaiError("unknown-kind", "资金类别或层级不在范围内", "从下拉框里选")
    if max(len(given.invoices), len(given.serials)) > _MOST_PAPERS:
        raise JigaiError("many-papers", f"发票或编号超过 {_MOST_PAPERS} 个", "分几条登记")


def _columns(given: NewFunding) -> dict[str, Any]:
    return {
        "kind": given.kind, "level": given.level, "programme": given.programme.strip()[:200],
        "year": given.year, "document": given.document.strip()[:200],
        "amount_fen": given.amount_fen, "invoices": list(given.invoices),
        "serials": list(given.serials), "source": given.source.strip()[:200],
    }  # fmt: skip


def add_matched(*, rows: list[OtherFunding]) -> int:
    """Keep proposals that the matching found, in one statement."""
    for row in rows:
        row.state = MATCHED
    return len(OtherFunding.objects.bulk_create(rows))
