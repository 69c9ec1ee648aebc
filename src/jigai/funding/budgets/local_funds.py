"""Special funds that municipalities and counties registered, as they stood on a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from jigai.registers.models import EntrySpan, Register
from jigai.registers.selectors import entries_on

REGISTER = "local-funds"


@dataclass(frozen=True, slots=True)
class LocalFund:
    """A registered fund on a day. ``fen`` is ``None`` where its document gives no amount;
    ``since`` is the day this version of the entry began."""

    pk: int
    name: str
    region_code: str
    year: int | None
    fen: int | None
    document: str
    link: str
    pack: str
    since: dt.date


def local_funds(region_code: str, day: dt.date) -> list[LocalFund]:
    """What a region and those above it registered, in the version of that day; for programmes of
    the region and for the check against double support."""
    register = Register.objects.filter(code=REGISTER).first()
    if register is None:
        return []
    above = {region_code, region_code[:4] + "00", region_code[:2] + "0000"}
    rows = entries_on(register, day).filter(entry__region_code__in=above)
    return [_fund(span) for span in rows]


def local_fund(pk: int, day: dt.date) -> LocalFund | None:
    """One registered fund on a day, by its entry."""
    register = Register.objects.filter(code=REGISTER).first()
    if register is None:
        return None
    span = entries_on(register, day).filter(entry=pk).first()
    return _fund(span) if span else None


def _fund(span: EntrySpan) -> LocalFund:
    told = span.values
    year = str(told.get("year") or "")
    return LocalFund(
        pk=span.entry_id, name=str(told["name"]), region_code=span.entry.region_code,
        year=int(float(year)) if year else None, fen=told.get("amount"),
        document=str(told.get("document") or ""), link=str(told.get("link") or ""),
        pack=str(told.get("pack") or ""), since=span.starts,
    )  # fmt: skip
