"""Numbers by which whoever objected looks up the answer."""

from __future__ import annotations

import secrets

from jigai.cases.models import Case
from jigai.core.documents.codes import SIGNS
from jigai.funding.models import Objection


def new_receipt() -> str:
    """``YY-7KQM-2XAB-PR9T``: twelve signs nobody can guess."""
    signs = "".join(secrets.choice(SIGNS) for _ in range(12))
    return f"YY-{signs[:4]}-{signs[4:8]}-{signs[8:]}"


def objection_of(receipt: str) -> Objection | None:
    """The objection of a number, as its holder may ask for it."""
    wanted = receipt.strip().upper()
    if not wanted.startswith("YY-"):
        return None
    rows = Objection.objects.filter(case__receipt=wanted)
    return rows.select_related("case", "line__publicity").defer("case__search").first()


def refusal_of(case: Case) -> str:
    """Why the objection was not taken up, where that is so."""
    last = case.records.filter(verb="refuse_acceptance").order_by("id").last()
    return last.reason if last else ""
