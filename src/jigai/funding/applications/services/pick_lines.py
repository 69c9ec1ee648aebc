"""Chooses the invoice lines an application counts, whole or in part, with what is declared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from jigai.core.access import Access
from jigai.core.screens import formats
from jigai.errors import JigaiError
from jigai.funding.applications.editing import LINES, open_section
from jigai.funding.applications.pool import (
    buyers_of,
    counted_already,
    left_of,
    name_of,
    pool_of,
    refusal_of,
)
from jigai.funding.invoices.items import ensure_items
from jigai.funding.models import Application, ApplicationLine, InvoiceLine


@dataclass(frozen=True, slots=True)
class Pick:
    """One line as chosen: ``share`` in fen without tax, and what the applicant says about it."""

    share: int
    second_hand: bool | None = None
    related_party: bool | None = None
    leased: bool | None = None
    customs_no: str = ""
    serial: str = ""


def pick_lines(
    *, application: int, picks: Mapping[int, Pick], access: Access, seen: int | None = None
) -> Application:
    """Count exactly these lines (by primary key); the others are no longer counted.

    A line that belongs to nothing yet is attached to the application's subject. Raises
    :class:`JigaiError` naming the line for another buyer's, one outside the pool, or more than is
    left of it.
    """
    with transaction.atomic():
        row = open_section(application=application, section=LINES, access=access, seen=seen)
        ensure_items(pool_of(row))
        lines = {line.pk: line for line in pool_of(row).select_for_update(of=("self",))}
        _require_known(row, picks, lines)
        _require_counting(row, picks, lines)
        for key, pick in picks.items():
            _declare(row, lines[key], pick)
        _store(row, picks)
        row.claimed_fen = sum(pick.share for pick in picks.values()) if picks else None
        row.version += 1
        row.save(update_fields=["claimed_fen", "version"])
    return row


def _require_known(
    row: Application, picks: Mapping[int, Pick], lines: Mapping[int, InvoiceLine]
) -> None:
    missing = sorted(set(picks) - set(lines))
    if not missing:
        return
    other = InvoiceLine.objects.filter(pk=missing[0]).first()
    if other is None:
        raise JigaiError("unknown-line", "选的发票已经不在了", "刷新页面重新选择")
    why = refusal_of(other, buyers_of(row), left_of(other)) or "属于另一个项目或年度"
    # Another enterprise's paper is not described to a stranger beyond what was sent.
    place = list(picks).index(missing[0]) + 1
    raise JigaiError(
        "other-buyer", f"第{place}行发票 {other.invoice_no or '（无号码）'} 不能计入：{why}",
        "去掉这一行；确属本企业的，先让主管部门更正购买方",
    )  # fmt: skip


def _require_counting(
    row: Application, picks: Mapping[int, Pick], lines: Mapping[int, InvoiceLine]
) -> None:
    buyers, mine = set(buyers_of(row)), counted_already(row)
    held = dict(row.lines.values_list("line", "share_fen")) if mine else {}
    for place, (key, pick) in enumerate(picks.items(), start=1):
        line = lines[key]
        left = left_of(line) + held.get(key, 0)
        why = refusal_of(line, buyers, left)
        if why:
            code = "other-buyer" if "购买方" in why else "line-refused"
            text = f"第{place}行{name_of(line)}不能计入：{why}"
            raise JigaiError(code, text, "去掉这一行再保存")
        if not 0 < pick.share <= left:
            raise JigaiError(
                "line-share", f"第{place}行{name_of(line)}要计入 {formats.yuan(pick.share)} 元，"
                f"全平台还可计入 {formats.yuan(left)} 元", "改成剩余金额以内、大于零的数"
            )  # fmt: skip


def _declare(row: Application, line: InvoiceLine, pick: Pick) -> None:
    wanted = {
        "second_hand": pick.second_hand, "related_party": pick.related_party,
        "leased": pick.leased, "customs_no": pick.customs_no.strip()[:40],
        "serial": pick.serial.strip()[:80],
    }  # fmt: skip
    if line.project_id is None and line.consortium_id is None:
        # Whoever applies with it says what it was bought for.
        wanted |= {"project_id": row.project_id, "consortium_id": row.consortium_id,
                   "attached_by": "applicant"}  # fmt: skip
    changed = [name for name, value in wanted.items() if getattr(line, name) != value]
    for name in changed:
        setattr(line, name, wanted[name])
    if changed:
        line.save(update_fields=[name.removesuffix("_id") for name in changed])


def _store(row: Application, picks: Mapping[int, Pick]) -> None:
    row.lines.exclude(line__in=list(picks)).delete()
    held = {line.line_id: line for line in row.lines.all()}
    new = [
        ApplicationLine(application=row, line_id=key, share_fen=pick.share)
        for key, pick in picks.items() if key not in held
    ]  # fmt: skip
    ApplicationLine.objects.bulk_create(new)
    changed = []
    for key, pick in picks.items():
        if key in held and held[key].share_fen != pick.share:
            held[key].share_fen = pick.share
            # What the audit said was about another share.
            held[key].audited_fen, held[key].audit_reason = None, ""
            changed.append(held[key])
    ApplicationLine.objects.bulk_update(changed, ["share_fen", "audited_fen", "audit_reason"])
