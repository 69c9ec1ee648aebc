"""The invoice lines an application may count: those of its subject first, then unattached ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from jigai.core.screens import formats
from jigai.funding.models import Application, ApplicationLine, ConsortiumMember, InvoiceLine

# What is said about a line by who bought it.
DECLARED = ("second_hand", "related_party", "leased")
NAMED = ("customs_no", "serial")


@dataclass(frozen=True, slots=True)
class PoolLine:
    """A line of the pool. Money in fen: ``share`` is what this application counts (``None`` when
    not chosen), ``left`` what the platform still lets it count; ``why`` it cannot be chosen.
    ``typed`` is what stands in its box when the table was sent and could not be taken."""

    line: InvoiceLine
    share: int | None
    left: int
    why: str
    ticked: bool = False
    typed: str | None = None

    @property
    def own(self) -> bool:
        """Whether it already belongs to a project or consortium."""
        return self.line.project_id is not None or self.line.consortium_id is not None

    @property
    def box(self) -> str:
        """The share as it stands in its box, in 元: what is counted, else all that is left."""
        if self.typed is not None:
            return self.typed
        fen = self.left if self.share is None else self.share
        return f"{fen // 100}.{fen % 100:02d}"


def buyers_of(application: Application) -> list[int]:
    """Enterprises whose invoices it may count: itself, or the members who have not left."""
    if application.consortium_id is None:
        return [application.enterprise_id]
    rows = ConsortiumMember.objects.filter(consortium=application.consortium_id, duplicate=False)
    gone = application.signatures.filter(left_at__isnull=False).values_list("member", flat=True)
    firms = rows.exclude(pk__in=gone).exclude(enterprise=None)
    return sorted(set(firms.values_list("enterprise", flat=True)))


def pool_of(application: Application) -> QuerySet[InvoiceLine]:
    """Lines of the subject, and those its buyers have attached to nothing; theirs first."""
    mine = Q(project=application.project_id) if application.project_id else Q(pk__in=())
    if application.consortium_id:
        mine = Q(consortium=application.consortium_id)
    free = Q(project=None, consortium=None, buyer__in=buyers_of(application))
    rows = InvoiceLine.objects.filter(mine | free, year=application.round.year)
    rows = rows.filter(duplicate_of=None).exclude(status="red").select_related("same", "buyer")
    return rows.order_by("project", "consortium", "date", "id")


def shown_pool(application: Application, most: int) -> tuple[list[PoolLine], bool]:
    """At most so many lines of the pool with what is counted, and whether there are more."""
    chosen = dict(application.lines.values_list("line", "share_fen"))
    own = counted_already(application)
    buyers = set(buyers_of(application))
    rows = list(pool_of(application)[: most + 1])
    return [_pool_line(row, chosen.get(row.pk), own, buyers) for row in rows[:most]], (
        len(rows) > most
    )


def counted_already(application: Application) -> bool:
    """Whether the lines of this application are counted on the platform now."""
    return application.submitted_at is not None and application.state != "withdrawn"


def _pool_line(row: InvoiceLine, share: int | None, counted: bool, buyers: set[int]) -> PoolLine:
    left = left_of(row) + (share or 0 if counted else 0)
    return PoolLine(row, share, left, refusal_of(row, buyers, left), share is not None)


def left_of(line: InvoiceLine) -> int:
    """Fen of a line that no subsidy on the platform has counted yet."""
    if line.same is not None:
        return max(min(line.same.left_fen, line.amount_fen or 0), 0)
    return max(line.amount_fen or 0, 0)


def refusal_of(line: InvoiceLine, buyers: Iterable[int], left: int) -> str:
    """Why a line cannot be counted; empty when it can."""
    if line.buyer_id is None:
        return f"购买方“{line.buyer_raw}”没有对上企业名录"
    if line.buyer_id not in buyers:
        return f"购买方是“{line.buyer_raw}”，不是申报单位"
    if line.status == "void":
        return "已作废"
    if line.amount_fen is None:
        return "金额的单位有疑问，等核实"
    if left <= 0:
        return "已经全部计入其他申报"
    return ""


def name_of(line: InvoiceLine) -> str:
    """A line in words for messages: number, item, amount."""
    amount = formats.yuan(line.amount_fen) if line.amount_fen is not None else "—"
    return f"发票 {line.invoice_no or '（无号码）'} {line.item} {amount} 元"


def lines_shown(application: Application) -> QuerySet[ApplicationLine]:
    """The lines that are counted, with both figures, for the application's page."""
    return application.lines.select_related("line", "line__buyer").order_by("line__date", "id")
