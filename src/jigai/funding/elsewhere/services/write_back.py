"""Money from elsewhere that arrived is written back: nothing goes on as if it had not."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Q, QuerySet

from jigai.funding.elsewhere.words import RECEIVED, RETURNED
from jigai.funding.invoices.later_papers import start_recheck
from jigai.funding.invoices.suspects import find_suspects
from jigai.funding.models import Application, OtherFunding

_OVER = ("draft", "signing", "withdrawn", "refused")
_PAID = ("paid", "recovering")


def write_back(*, funding: OtherFunding) -> list[int]:
    """Mark what must be worked out anew; what was already paid is checked for a recovery in the
    background. Returns the applications (primary keys), on the whole platform."""
    with transaction.atomic():
        find_suspects([], [funding.pk])
        if funding.state not in (RECEIVED, RETURNED):
            return []
        rows = touched(funding).select_for_update(of=("self",)).order_by("pk")
        found = dict(rows.values_list("pk", "state"))
        verb = "到账" if funding.state == RECEIVED else "退回"
        text = f"同一项目的“{funding.programme}”{verb}，金额须重算"[:300]
        mine = Application.objects.filter(pk__in=list(found))
        mine.exclude(stale=text).update(stale=text, version=F("version") + 1)
        paid = [key for key, state in found.items() if state in _PAID]
        if paid and funding.state == RECEIVED:
            start_recheck(paid)
    return list(found)


def touched(funding: OtherFunding) -> QuerySet[Application]:
    """Applications for the same project, or that count one of its invoices or machines."""
    wanted = Q(pk__in=[])
    if funding.project_id is not None:
        wanted |= Q(project=funding.project_id)
    if funding.invoices:
        wanted |= Q(lines__line__invoice_no__in=funding.invoices)
    if funding.serials:
        wanted |= Q(lines__line__serial__in=funding.serials)
    keys = Application.objects.filter(wanted).exclude(state__in=_OVER).order_by().values("pk")
    return Application.objects.filter(pk__in=keys)
