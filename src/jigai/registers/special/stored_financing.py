"""Needs, consents and pushes as stored, and who may see which need."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.models import Institution
from jigai.registers.access import VIEW, visible_entries
from jigai.registers.models import Entry, EntrySpan, Register
from jigai.registers.selectors import on_day

NEEDS, CONSENTS, PUSHES = "financing-needs", "financing-consents", "financing-pushes"


def institutions_of(access: Access) -> list[int]:
    """The institutions a person acts for."""
    return [g.institution_id for g in access.granting(VIEW) if g.institution_id]


def consents_today(needs: Iterable[int] | None = None) -> QuerySet[EntrySpan]:
    """Consents in force now; one withdrawn today is gone today."""
    rows = EntrySpan.objects.filter(on_day(timezone.localdate()), register__code=CONSENTS)
    if needs is not None:
        rows = rows.filter(values__need__id__in=list(needs))
    return rows.order_by("entry_id")


def consented_pairs(needs: Iterable[int] | None = None) -> set[tuple[int, str]]:
    """(need, institution) of the consents in force."""
    rows = consents_today(needs).values_list("values__need__id", "values__institution_id")
    return {(need, institution) for need, institution in rows}


def needs_today() -> QuerySet[Entry]:
    """Needs in force today."""
    spans = EntrySpan.objects.filter(on_day(timezone.localdate()), register__code=NEEDS)
    rows = Entry.objects.filter(register__code=NEEDS, pk__in=spans.values("entry"))
    return rows.select_related("register__current", "enterprise").defer("search", "words")


def needs_in_reach(access: Access) -> QuerySet[Entry]:
    """Needs in force that an office, or the enterprise itself, may see whole."""
    register = Register.objects.filter(code=NEEDS).first()
    if register is None:
        return Entry.objects.none()
    return needs_today().filter(pk__in=visible_entries(access, register).values("pk"))


def pushes_of(access: Access) -> QuerySet[Entry]:
    """Pushes in reach of an office or an enterprise."""
    register = Register.objects.filter(code=PUSHES).first()
    if register is None:
        return Entry.objects.none()
    rows = visible_entries(access, register).filter(state=Entry.State.LISTED)
    return rows.select_related("register__current", "enterprise").defer("search", "words")


def pushes_to(access: Access) -> list[Entry]:
    """Pushes to the person's own institutions whose need holds and whose consent is in force.

    This is all an institution ever sees: without consent today there is nothing.
    """
    mine = [str(number) for number in institutions_of(access)]
    if not mine:
        return []
    rows = Entry.objects.filter(
        register__code=PUSHES, state=Entry.State.LISTED, values__institution_id__in=mine
    ).select_related("register__current").defer("search", "words").order_by("-id")  # fmt: skip
    found = list(rows)
    needs = {row.values["need"]["id"] for row in found}
    consented = consented_pairs(needs)
    held = set(needs_today().filter(pk__in=needs).values_list("pk", flat=True))
    return [
        row for row in found
        if row.values["need"]["id"] in held
        and (row.values["need"]["id"], row.values["institution_id"]) in consented
    ]  # fmt: skip


def banks() -> list[Institution]:
    """Institutions an enterprise may consent to."""
    return list(Institution.objects.filter(kind=Institution.Kind.BANK).order_by("name", "id"))
