"""Which accounts, requests, batches and orders a person sees."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum

from jigai.core.access import Access, Reach, scoped
from jigai.funding.models import (
    Application,
    BankAccount,
    PaymentBatch,
    PaymentOrder,
    PaymentRequest,
    RequestLine,
    Round,
)

VIEW, REQUEST, GRANT = "payment.view", "payment.request", "payment.grant"
MAKE, RELEASE = "payment.make", "payment.release"
GIVE, VERIFY = "account.give", "account.verify"
REQUEST_REACH = Reach(region="round__region_code")
ROUND_REACH = Reach(region="region_code")
BATCH_REACH = Reach(region="request__round__region_code")
# A member of a consortium sees what comes to it, not what comes to the others.
ORDER_REACH = Reach(region="application__region_code", enterprise="enterprise")
ACCOUNT_REACH = Reach(region="enterprise__region_code", enterprise="enterprise")


def requests_for(access: Access, capability: str = VIEW) -> QuerySet[PaymentRequest]:
    """Requests of the rounds within reach."""
    return scoped(PaymentRequest.objects.all(), access, capability, REQUEST_REACH)


def batches_for(access: Access, capability: str = VIEW) -> QuerySet[PaymentBatch]:
    """Batches of the rounds within reach."""
    return scoped(PaymentBatch.objects.all(), access, capability, BATCH_REACH)


def orders_for(access: Access, capability: str = VIEW) -> QuerySet[PaymentOrder]:
    """Payments within reach; an enterprise sees its own."""
    return scoped(PaymentOrder.objects.all(), access, capability, ORDER_REACH)


def accounts_for(access: Access) -> QuerySet[BankAccount]:
    """Accounts within the reach of whoever gives, checks or uses them."""
    found = BankAccount.objects.none()
    for capability in (GIVE, VERIFY, MAKE):
        found = found | scoped(BankAccount.objects.all(), access, capability, ACCOUNT_REACH)
    return found


def rounds_for(access: Access, capability: str = REQUEST) -> QuerySet[Round]:
    """Rounds for which a person may ask for payment."""
    return scoped(Round.objects.all(), access, capability, ROUND_REACH)


def waiting(rounds: QuerySet[Round] | list[Round]) -> QuerySet[Application]:
    """Applications that may be asked for: cleared, up to date, on no open request."""
    open_ = RequestLine.objects.filter(
        application=OuterRef("pk"), state__in=(RequestLine.State.ASKED, RequestLine.State.GRANTED)
    )
    rows = Application.objects.filter(round__in=rounds, state=Application.State.CLEARED)
    return rows.filter(stale="", decided_fen__gt=0).exclude(Exists(open_))


def waiting_rounds(access: Access) -> list[Round]:
    """Rounds with applications that may be asked for, newest first; ``waiting`` and
    ``waiting_fen`` on each say how many and how much."""
    reached = rounds_for(access)
    sums = (
        waiting(reached).order_by().values("round").annotate(n=Count("pk"), fen=Sum("decided_fen"))
    )
    found = {row["round"]: row for row in sums}
    rows = list(reached.filter(pk__in=found).select_related("programme").order_by("-id"))
    for row in rows:
        row.waiting, row.waiting_fen = found[row.pk]["n"], found[row.pk]["fen"]
    return rows
