"""Charges, waivers and payments as stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from jigai.core.access import Access
from jigai.registers.access import visible_entries
from jigai.registers.models import Entry, EntrySpan, Register
from jigai.registers.special import charges
from jigai.registers.special.charges import Charge, Payment, Suspicion, Waiver

LIST, WAIVERS, RECORDS, REPORTS = (
    "charge-list", "charge-waivers", "charge-records", "charge-reports",
)  # fmt: skip
MOST = 20_000
_ANSWERS = {"yes": True, "no": False}
_DAY = dt.timedelta(days=1)


def _spans(code: str) -> QuerySet[EntrySpan]:
    rows = EntrySpan.objects.filter(register__code=code).select_related("entry")
    return rows.order_by("entry_id", "starts")


def charges_listed() -> list[Charge]:
    """Every charge that ever stood on the list, with the days it did."""
    return [
        Charge(
            name=s.values["name"], aliases=tuple(s.values.get("aliases") or ()),
            kind=s.values["kind"], construction=bool(s.values.get("construction")),
            place=s.values.get("place") or "", first=s.starts, ends=s.ends,
            basis=s.values.get("basis") or "", standard=s.values.get("standard") or "",
        )
        for s in _spans(LIST)
    ]  # fmt: skip


def waivers_stored() -> list[Waiver]:
    """Every waiver with its days."""
    return [
        Waiver(
            name=s.values["name"], group=s.values["group"],
            charges=tuple(s.values.get("charges") or ()), settled=bool(s.values.get("settled")),
            target=s.values["target"], full=s.values["relief"] == "full",
            place=s.values.get("place") or "", first=s.starts,
            last=s.ends - _DAY if s.ends else None, source=s.entry.source,
        )
        for s in _spans(WAIVERS)
    ]  # fmt: skip


def payments_of(entries: Iterable[Entry]) -> list[Payment]:
    """Entries of the register of payments as payments."""
    return [
        Payment(
            key=row.pk, enterprise=_name(row.values.get("enterprise")),
            charge=row.values["charge"], period=row.values["period"], amount=row.values["amount"],
            paid=dt.date.fromisoformat(row.values["paid"]), receipt=row.values["receipt"],
            region=row.region_code, collector=row.values.get("collector") or "",
            encouraged=_ANSWERS.get(row.values.get("direction") or ""),
            small=_ANSWERS.get(row.values.get("small") or ""),
        )
        for row in entries
    ]  # fmt: skip


def _name(value: dict[str, object] | None) -> str:
    given = value or {}
    return str(given.get("name") or given.get("uscc") or given.get("id") or "")


@dataclass(frozen=True, slots=True)
class Check:
    """The three checks over the payments in reach; ``more`` when there are more than are read."""

    payments: int
    unlisted: list[Suspicion]
    repeated: list[Suspicion]
    waived: list[Suspicion]
    more: bool

    @property
    def clean(self) -> bool:
        """Whether nothing looks wrong."""
        return not (self.unlisted or self.repeated or self.waived)


def check_payments(access: Access) -> Check:
    """Run the checks over the payments this person may see."""
    register = Register.objects.filter(code=RECORDS).first()
    if register is None:
        return Check(0, [], [], [], False)
    rows = visible_entries(access, register).filter(state=Entry.State.LISTED).order_by("pk")
    entries = list(rows.defer("search", "words")[: MOST + 1])
    paid = payments_of(entries[:MOST])
    listed, waived = charges_listed(), waivers_stored()
    return Check(
        len(paid), charges.unlisted(paid, listed), charges.repeated(paid, listed),
        charges.waived_but_levied(paid, listed, waived), len(entries) > MOST,
    )  # fmt: skip
