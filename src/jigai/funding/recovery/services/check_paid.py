"""Opens a recovery where a paid application is due less than it got."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, Sum

from jigai.core.models import User
from jigai.funding.models import (
    Application,
    ApplicationLine,
    InvoiceLine,
    InvoiceUse,
    OtherFunding,
    Recovery,
)
from jigai.funding.recovery.due import due_now
from jigai.funding.recovery.services.open_recovery import open_recovery


@dataclass(frozen=True, slots=True)
class Cause:
    """A paper that came after the money: ``trigger`` names it once and for all."""

    reason: str
    trigger: str
    text: str


def check_paid(*, application: Application, by: User | None) -> Recovery | None:
    """Work a paid application out anew; a recovery for what it got too much, else ``None``.

    What other recoveries of it ask for already counts. Running again opens nothing twice: each
    paper calls for one recovery. An amount the rules leave open is opened as 未定, for a person to
    set.
    """
    if application.state not in ("paid", "recovering") or not application.paid_fen:
        return None
    with transaction.atomic():
        mine = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
        causes = causes_of(mine)
        known = set(
            Recovery.objects.filter(trigger__in=[c.trigger for c in causes])
            .order_by().values_list("trigger", flat=True)
        )  # fmt: skip
        fresh = [cause for cause in causes if cause.trigger not in known]
        found = None
        if fresh:
            due = due_now(mine)
            asked = mine.recoveries.exclude(state=Recovery.State.DROPPED)
            before = asked.aggregate(fen=Sum("amount_fen"))["fen"] or 0
            more = None if due.due is None else (mine.paid_fen or 0) - due.due - before
            if more is None or more > 0:
                cause = fresh[0]
                found = open_recovery(
                    application=mine, reason=cause.reason, trigger=cause.trigger, text=cause.text,
                    amount_fen=more, basis=due.as_basis(mine), by=by,
                )  # fmt: skip
        Application.objects.filter(pk=mine.pk).exclude(stale="").update(stale="")
    return found


def causes_of(application: Application) -> list[Cause]:
    """Papers that take from what an application rests on, newest first."""
    items = InvoiceUse.objects.filter(application=application).order_by().values("item")
    papers = InvoiceLine.objects.filter(
        Q(status="red", red_original__same__in=items) | Q(status="void", same__in=items)
    )
    return [*(_of_paper(application, paper) for paper in papers.order_by("-id")),
            *(_of_fund(application, fund) for fund in funds_of(application))]  # fmt: skip


def funds_of(application: Application) -> list[OtherFunding]:
    """Other public money received for the same project, or for invoices that it counted."""
    lines = ApplicationLine.objects.filter(application=application)
    numbers = lines.exclude(line__invoice_no=None).values_list("line__invoice_no", flat=True)
    serials = lines.exclude(line__serial="").values_list("line__serial", flat=True)
    wanted = Q(invoices__overlap=list(numbers)) | Q(serials__overlap=list(serials))
    if application.project_id is not None:
        wanted |= Q(project=application.project_id)
    received = OtherFunding.objects.filter(wanted, state=OtherFunding.State.RECEIVED)
    return list(received.order_by("-id"))


def _of_paper(application: Application, paper: InvoiceLine) -> Cause:
    what = "红字发票" if paper.status == "red" else "作废发票"
    about = f"冲减 {paper.red_of_no}" if paper.red_of_no else f"{paper.invoice_no}"
    return Cause("red_letter", f"red:{paper.pk}:{application.pk}",
                 f"拨付后收到{what}（{about}），按现有发票重算")  # fmt: skip


def _of_fund(application: Application, fund: OtherFunding) -> Cause:
    return Cause("other_funds", f"other:{fund.pk}:{application.pk}",
                 f"拨付后另获“{fund.programme}”，按不重复奖补重算")  # fmt: skip
