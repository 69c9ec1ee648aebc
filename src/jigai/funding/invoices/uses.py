"""What applications count of invoice lines: never more than there is, on the whole platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Sum

from jigai.core.screens.formats import yuan
from jigai.errors import JigaiError
from jigai.funding.invoices.items import ensure_items
from jigai.funding.models import Application, ApplicationLine, InvoiceItem, InvoiceLine, InvoiceUse

COUNTED_ONCE = "invoice_counted_once"


@dataclass(frozen=True, slots=True)
class Counted:
    """Where something of an item is counted: the application and how much of it, in fen."""

    item: int
    application: Application
    fen: int


def count_lines(*, application: Application) -> None:
    """Count the application's shares of its invoice lines; the caller holds the row's lock.

    Counting again after a correction moves only the difference. Raises :class:`JigaiError`
    ``invoice-counted`` naming row, invoice and where it is counted, and ``invoice-no-number`` for
    a line that cannot be told from others.
    """
    rows = list(_rows(application))
    ensure_items(InvoiceLine.objects.filter(pk__in=[row.line_id for row in rows]))
    items = dict(
        InvoiceLine.objects.filter(pk__in=[row.line_id for row in rows])
        .order_by()
        .values_list("pk", "same")
    )
    for place, row in enumerate(rows, start=1):
        if items[row.line_id] is None:
            raise _nameless(place, row.line)
        _check_share(place, row)
    wanted: dict[int, int] = {}
    for row in rows:
        wanted[items[row.line_id]] = wanted.get(items[row.line_id], 0) + row.share_fen
    _set_uses(application, wanted, f"{application.number} 申报计入", rows, items)


def give_back(*, application: Application, why: str) -> None:
    """Free everything an application counts: withdrawn, refused."""
    _set_uses(application, {}, why, [], {})


def settle_audit(*, application: Application) -> None:
    """Count what the audit allowed, line by line; what it lowered is free for others again.

    Raises :class:`JigaiError` ``invoice-counted`` where it allows more than is left.
    """
    rows = list(_rows(application))
    items = {row.line_id: row.line.same_id for row in rows}
    wanted: dict[int, int] = {}
    for row in rows:
        fen = row.share_fen if row.audited_fen is None else row.audited_fen
        if items[row.line_id] is not None:
            wanted[items[row.line_id]] = wanted.get(items[row.line_id], 0) + fen
    _set_uses(application, wanted, f"{application.number} 审定计入", rows, items)


def trim_to_capacity(*, application: Application, why: str) -> None:
    """Give back what red letters took from under an application, so that no more stands counted
    than there is."""
    uses = uses_of(application)
    rows = InvoiceItem.objects.select_for_update().filter(pk__in=list(uses)).order_by("pk")
    over = {item.pk: item.used_fen - item.capacity_fen for item in rows}
    InvoiceUse.objects.bulk_create([
        InvoiceUse(item_id=item, application=application, fen=-min(uses[item], fen), why=why[:200])
        for item, fen in over.items()
        if fen > 0
    ])  # fmt: skip


def uses_of(application: Application) -> dict[int, int]:
    """What an application counts now: fen by item, without those it gave back."""
    rows = InvoiceUse.objects.filter(application=application).order_by().values_list("item")
    return {item: fen for item, fen in rows.annotate(fen=Sum("fen")).order_by("item") if fen}


def counted_elsewhere(items: list[int], besides: Application | None = None) -> list[Counted]:
    """Applications that count something of items, on the whole platform; two queries."""
    rows = InvoiceUse.objects.filter(item__in=items).order_by()
    if besides is not None and besides.pk:
        rows = rows.exclude(application=besides)
    sums = list(rows.values_list("item", "application").annotate(fen=Sum("fen")))
    found = Application.objects.select_related("enterprise", "round").in_bulk(
        {application for _item, application, fen in sums if fen}
    )
    return [
        Counted(item, found[application], fen)
        for item, application, fen in sorted(sums)
        if fen
    ]  # fmt: skip


def _rows(application: Application) -> list[ApplicationLine]:
    rows = ApplicationLine.objects.filter(application=application).select_related("line")
    return list(rows.order_by("id"))


def _set_uses(
    application: Application, wanted: Mapping[int, int], why: str, rows: list[ApplicationLine],
    items: Mapping[int, int | None],
) -> None:  # fmt: skip
    held = uses_of(application)
    moves = {item: wanted.get(item, 0) - held.get(item, 0) for item in sorted({*wanted, *held})}
    uses = [
        InvoiceUse(item_id=item, application=application, fen=fen, why=why[:200])
        for item, fen in moves.items()
        if fen
    ]
    if not uses:
        return
    try:
        with transaction.atomic():
            InvoiceUse.objects.bulk_create(uses)
    except IntegrityError as error:
        if COUNTED_ONCE not in str(error) and "counted beyond" not in str(error):
            raise
        raise _beyond(application, wanted, rows, items) from error


def _check_share(place: int, row: ApplicationLine) -> None:
    whole = row.line.amount_fen or 0
    if row.share_fen <= 0 or row.share_fen > whole:
        raise JigaiError(
            "invoice-share",
            f"第{place}行发票 {row.line.invoice_no} 计入 {yuan(row.share_fen)} 元，"
            f"票面不含税金额是 {yuan(whole)} 元",
            "计入金额要大于零，且不超过票面不含税金额；红字和作废发票不能单独计入",
        )


def _nameless(place: int, line: InvoiceLine) -> JigaiError:
    return JigaiError(
        "invoice-no-number",
        f"第{place}行“{line.item}”没有发票号码，或金额单位存疑，不能计入",
        "补录发票号码（进口设备补录报关单号）或更正金额后再选，也可以先去掉这一行",
    )


def _beyond(
    application: Application, wanted: Mapping[int, int], rows: list[ApplicationLine],
    items: Mapping[int, int | None],
) -> JigaiError:  # fmt: skip
    """Which row asks for more than is left, and who counts the rest."""
    known = InvoiceItem.objects.in_bulk(list(wanted))
    own = uses_of(application)
    for place, row in enumerate(rows, start=1):
        item = known.get(items.get(row.line_id) or 0)
        if item is None or wanted[item.pk] <= item.left_fen + own.get(item.pk, 0):
            continue
        left = max(item.left_fen + own.get(item.pk, 0), 0)
        others = counted_elsewhere([item.pk], application)
        where = "；".join(_place(application, other) for other in others)
        reason = f"已在{where}计入" if where else "已被红字发票冲减或作废"
        return JigaiError(
            "invoice-counted",
            f"第{place}行发票 {item.invoice_no}（{row.line.item}）还可计入 {yuan(left)} 元，"
            f"本次要计入 {yuan(wanted[item.pk])} 元：{reason}",
            "同一张发票在全平台只计一次；改为剩余金额，或去掉这一行",
        )
    return JigaiError("invoice-counted", "发票刚被别的申报计入", "刷新后重新选发票")


def _place(mine: Application, other: Counted) -> str:
    """Where it is counted: by number for the same enterprise, else only that it is."""
    if other.application.enterprise_id == mine.enterprise_id:
        return f"{other.application.number}（{yuan(other.fen)} 元）"
    if other.application.region_code == mine.region_code:
        return "本地区另一家单位的申报"
    return "其他地区的申报"
