"""What registers held on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db.models import Q, QuerySet

from jigai.core.access import Access
from jigai.core.models import Enterprise
from jigai.errors import JigaiError
from jigai.registers.access import is_official, visible_entries, visible_registers
from jigai.registers.models import Edition, EnterpriseChange, Entry, EntrySpan, Register


def register_by_code(code: str) -> Register:
    """The register of a code. Raises :class:`JigaiError` where there is none."""
    found = Register.objects.select_related("current").filter(code=code).first()
    if found is None:
        raise JigaiError("no-register", f"没有代号为“{code}”的名录", "核对代号")
    return found


def on_day(day: dt.date, prefix: str = "") -> Q:
    """The condition on spans (behind ``prefix``) that hold on a day, their edition included."""
    open_end = Q(**{f"{prefix}ends__isnull": True}) | Q(**{f"{prefix}ends__gt": day})
    no_edition = Q(**{f"{prefix}edition__isnull": True})
    in_force = Q(**{f"{prefix}edition__valid_from__lte": day}) & (
        Q(**{f"{prefix}edition__valid_to__isnull": True})
        | Q(**{f"{prefix}edition__valid_to__gte": day})
    )
    return Q(**{f"{prefix}starts__lte": day}) & open_end & (no_edition | in_force)


def entries_on(
    register: Register, day: dt.date, enterprise_ids: Iterable[int] | None = None
) -> QuerySet[EntrySpan]:
    """Spans of a register on a day, with entry and edition; ``values`` are those of that day."""
    rows = EntrySpan.objects.filter(on_day(day), register=register)
    if enterprise_ids is not None:
        rows = rows.filter(enterprise__in=enterprise_ids)
    return rows.select_related("entry", "edition").order_by("entry_id", "starts")


def countable(access: Access, spans: QuerySet[EntrySpan]) -> QuerySet[EntrySpan]:
    """The spans whose number the person may learn: an office all, others those of registers open
    to everybody and of entries they may see."""
    if is_official(access):
        return spans
    return spans.filter(Q(register__public=True) | Q(entry__in=visible_entries(access)))


def editions_on(register: Register, day: dt.date) -> list[Edition]:
    """Editions in force on a day, one a line at most."""
    rows = register.editions.filter(valid_from__lte=day)
    return list(rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day)).order_by("line", "id"))


def visible_register(access: Access, code: str) -> QuerySet[Register]:
    """The register of a code as far as the person may see it."""
    return visible_registers(access).filter(code=code).select_related("current")


def problems_of_entries(entries: Iterable[Entry]) -> dict[int, str]:
    """What is wrong with entries whose enterprise changed: by entry, a sentence with the fix."""
    rows = [entry for entry in entries if entry.enterprise_id is not None]
    ids = {entry.enterprise_id for entry in rows}
    if not ids:
        return {}
    changes = {
        change.enterprise_id: change
        for change in EnterpriseChange.objects.filter(enterprise__in=ids).select_related(
            "successor"
        )
    }
    names = dict(Enterprise.objects.filter(pk__in=ids).values_list("pk", "name"))
    found = {}
    for entry in rows:
        assert entry.enterprise_id is not None
        change = changes.get(entry.enterprise_id)
        told = _changed(change) if change else _renamed(entry, names)
        if told:
            found[entry.pk] = told
    return found


def _changed(change: EnterpriseChange) -> str:
    if change.kind == EnterpriseChange.Kind.CLOSED:
        return f"企业已于 {change.effective} 注销：请办理移出"
    return (
        f"企业已于 {change.effective} 并入“{change.successor}”：请用“变更”改为承继企业，或办理移出"
    )


def _renamed(entry: Entry, names: Mapping[int, str]) -> str:
    """The register says another name than the list of enterprises."""
    schema = entry.register.schema
    subject = entry.values.get(schema.subject) if schema.subject else None
    now = names.get(entry.enterprise_id or 0, "")
    written = (subject or {}).get("name", "")
    if not now or not written or written == now:
        return ""
    return f"企业名录里的名称现在是“{now}”：请核对，更名的用“变更”改过来"


def contradictions(codes: Iterable[str], day: dt.date) -> list[tuple[Enterprise, list[Register]]]:
    """Enterprises listed on a day in more than one of the registers, with those registers."""
    spans = EntrySpan.objects.filter(
        on_day(day), register__code__in=list(codes), enterprise__isnull=False
    ).select_related("enterprise", "register")
    held: dict[int, tuple[Enterprise, dict[int, Register]]] = {}
    for span in spans.order_by("enterprise_id", "register_id", "id"):
        assert span.enterprise is not None
        _, registers = held.setdefault(span.enterprise.pk, (span.enterprise, {}))
        registers[span.register_id] = span.register
    return [(firm, list(found.values())) for firm, found in held.values() if len(found) > 1]
