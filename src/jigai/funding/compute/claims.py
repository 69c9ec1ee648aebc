"""What applications claim, as the rules see it: their subjects and their shares of invoices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from jigai.funding.models import Application, ApplicationLine, MemberSignature

CLAIMED, AUDITED = "claimed", "audited"
BASES = {CLAIMED: "申报基数", AUDITED: "审定基数"}


@dataclass(frozen=True, slots=True)
class Claim:
    """One application: its row in the facts, the measure asked for, the order among its own."""

    application: int
    subject: str
    key: str
    measure: str
    priority: int | None


@dataclass(slots=True)
class Claims:
    """Applications of a round and what they count: fen without tax by invoice line.

    ``left`` are the members (enterprise primary keys by consortium code) who have left.
    """

    batch: int
    year: int
    claims: list[Claim] = field(default_factory=list)
    shares: dict[int, int] = field(default_factory=dict)
    left: dict[str, set[int]] = field(default_factory=dict)

    def of(self, subject: str) -> dict[str, Claim]:
        """Claims on rows of one subject, by key as text."""
        return {claim.key: claim for claim in self.claims if claim.subject == subject}


def read_claims(
    applications: QuerySet[Application], basis: str, *, year: int, batch: int
) -> Claims:
    """The claims of applications; with the audited basis a line that was not audited counts as
    claimed."""
    rows = applications.order_by("id").values_list(
        "id", "measure__subject", "subject_key", "measure__code", "priority"
    )
    claims = Claims(batch, year, [Claim(*row) for row in rows])
    keys = [claim.application for claim in claims.claims]
    counted = F("share_fen") if basis == CLAIMED else Coalesce("audited_fen", "share_fen")
    lines = ApplicationLine.objects.filter(application__in=keys)
    for line, fen in lines.order_by("id").values_list("line", counted):
        claims.shares[line] = claims.shares.get(line, 0) + fen
    _read_left(claims, keys)
    return claims


def _read_left(claims: Claims, keys: Iterable[int]) -> None:
    codes = {claim.application: claim.key for claim in claims.claims}
    rows = MemberSignature.objects.filter(application__in=list(keys), left_at__isnull=False)
    for application, enterprise in rows.order_by("id").values_list("application", "enterprise"):
        claims.left.setdefault(codes[application], set()).add(enterprise)
