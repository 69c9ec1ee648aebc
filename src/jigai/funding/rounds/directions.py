"""Priority directions a round may order, out of their register, and the tags of applications."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.models import Application, Round
from jigai.funding.rounds.access import upwards
from jigai.registers.models import Register
from jigai.registers.selectors import entries_on

REGISTER = "funding-directions"
_TAGGED = ("draft", "signing", "correction", "submitted", "review", "reviewed")


@dataclass(frozen=True, slots=True)
class Direction:
    """A direction with the document and clause that name it."""

    code: str
    name: str
    document: str
    clause: str

    def kept(self) -> dict[str, str]:
        """As a round keeps it."""
        return {"code": self.code, "name": self.name, "document": self.document,
                "clause": self.clause}  # fmt: skip


def directions_on(day: dt.date, region_code: str, slug: str = "") -> list[Direction]:
    """Directions of a region or those above it on a day, those of a document first."""
    register = Register.objects.select_related("current").filter(code=REGISTER).first()
    if register is None or register.current is None:
        return []
    wide = {"", *upwards(region_code)}
    found = [
        Direction(*(str(span.values.get(name) or "") for name in
                    ("code", "name", "document", "clause")))
        for span in entries_on(register, day)
        if str(span.values.get("place") or "") in wide
    ]  # fmt: skip
    return sorted(found, key=lambda item: (item.document != slug, item.code))


def direction_names(round_: Round, codes: Iterable[str]) -> list[str]:
    """Words for codes as the round's order names them; others stay codes."""
    known = {item["code"]: item["name"] for item in round_.priorities}
    return [known.get(code, code) for code in codes]


def tag_directions(
    *, application: int, codes: Sequence[str], by: User, access: Access
) -> Application:
    """Say which of the round's priorities an application bears; it changes no verdict and no
    amount. Raises :class:`JigaiError` for a direction the round does not order, or after the
    review."""
    from jigai.funding.applications.selectors import applications_for

    with transaction.atomic():
        rows = applications_for(access, "application.review").select_related("round")
        row = rows.select_for_update(of=("self",)).get(pk=application)
        known = {item["code"] for item in row.round.priorities}
        if not set(codes) <= known:
            raise JigaiError("unknown-direction", "所选方向不在本批次的优先方向里", "从列表里选")
        if row.state not in _TAGGED:
            raise JigaiError("too-late", f"申报{row.get_state_display()}，不能再改优先方向", "")
        row.directions = sorted(set(codes))
        row.version += 1
        row.save(update_fields=["directions", "version"])
    return row
