"""Kinds of tables this room imports."""

from __future__ import annotations

from jigai.core.imports.registry import Importer, Place, register_importer
from jigai.core.imports.stored import needs_register
from jigai.funding.importers.invoices import InvoicePlan
from jigai.funding.importers.members import MemberPlan
from jigai.funding.importers.other_funding import FundingPlan
from jigai.funding.importers.undone_items import note_items, settle_items
from jigai.funding.invoices.suspects import forget_gone
from jigai.funding.models import Consortium, ConsortiumMember, InvoiceLine, OtherFunding
from jigai.projects.importers import ledger_missing


def _members(counts: dict[str, int]) -> str:
    return (
        f"新建 {counts.get('consortia', 0):,} 个共同体，新增成员 {counts['created']:,} 家，"
        f"更新 {counts['changed']:,} 家"
    )


def _lines(counts: dict[str, int]) -> str:
    text = f"新增发票 {counts['created']:,} 行，更新 {counts['changed']:,} 行"
    if counts.get("unattached"):
        text += f"；{counts['unattached']:,} 行没有归到项目"
    return text


def _funding(counts: dict[str, int]) -> str:
    text = f"新增 {counts['created']:,} 条，更新 {counts['changed']:,} 条"
    if counts.get("unmatched"):
        text += f"；{counts['unmatched']:,} 行没有对应到企业，没有导入"
    return text


def _needs_ledger(place: Place) -> str:
    return ledger_missing(place, "发票无法归集到项目")


def register() -> None:
    """Called when the room loads."""
    register_importer(
        Importer(
            kind="consortium_members",
            title="技改共同体名单",
            order=30,
            capability="funding.import",
            plan=MemberPlan,
            models=(ConsortiumMember, Consortium),
            sentence=_members,
            needs=needs_register,
            list_url="consortium-list",
        )
    )
    register_importer(
        Importer(
            kind="invoices",
            title="设备购置发票清单",
            order=40,
            capability="funding.import",
            plan=InvoicePlan,
            models=(InvoiceLine,),
            sentence=_lines,
            needs=_needs_ledger,
            list_url="invoice-list",
            before_undo=note_items,
            after_undo=settle_items,
            derived=frozenset({"same_id", "red_original_id"}),
        )
    )
    register_importer(
        Importer(
            kind="other_funding",
            title="其他财政资金",
            order=45,
            capability="funding.other",
            plan=FundingPlan,
            models=(OtherFunding,),
            sentence=_funding,
            needs=needs_register,
            list_url="other-funding-list",
            after_undo=lambda cursor, batch: forget_gone(),
        )
    )
