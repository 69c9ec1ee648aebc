"""Files of rows for a register: one kind of import for each register, made from its schema."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.urls import reverse

from jigai.core.access import Access
from jigai.core.imports.registry import Family, Importer, Place, register_family
from jigai.core.models import ImportBatch
from jigai.registers.access import EDIT, visible_registers
from jigai.registers.import_plan import RegisterPlan
from jigai.registers.import_spec import table_spec
from jigai.registers.models import Entry, EntrySpan, LifeEvent, Register
from jigai.registers.own_ways import has_own_way
from jigai.registers.services.life import settle
from jigai.sheets.table import Table

PREFIX = "register"
_ORDER = 900


def register_imports() -> None:
    """Called when the room loads."""
    register_family(Family(PREFIX, EDIT, importer_for, _offered, _titles))


def kind_of(register: Register) -> str:
    """The kind of import of a register."""
    return f"{PREFIX}.{register.pk}"


def importer_for(kind: str) -> Importer | None:
    """The importer of a register; ``None`` for one that is gone or was never published."""
    number = kind.partition(".")[2]
    found = Register.objects.select_related("current").filter(
        pk=int(number) if number.isdigit() else 0, current__isnull=False
    ).first()  # fmt: skip
    if found is None:
        return None
    return Importer(
        kind=kind, title=found.name, order=_ORDER, capability=EDIT, plan=partial(_plan, found),
        models=(Entry,), sentence=_sentence, before_undo=_before_undo, after_undo=_after_undo,
        by_year=False, whole_rows=True, needs=partial(_needs, found), spec=table_spec(found),
        list_address=reverse("entry-list", args=[found.code]),
    )  # fmt: skip


def _plan(register: Register, table: Table, place: Place) -> RegisterPlan:
    return RegisterPlan(register, table, place)


def _needs(register: Register, place: Place) -> str:
    if has_own_way(register):
        return f"名录“{register.name}”不能导入，只在它自己的页面登记"
    if register.state == Register.State.PUBLISHED:
        return ""
    return f"名录“{register.name}”{register.get_state_display()}，不能登记"


def _offered(access: Access) -> Iterable[tuple[str, str]]:
    rows = visible_registers(access).filter(state=Register.State.PUBLISHED).order_by("name", "id")
    return [(f"{PREFIX}.{pk}", f"名录：{name}") for pk, name in rows.values_list("pk", "name")]


def _titles(kinds: Iterable[str]) -> dict[str, str]:
    numbers = [int(n) for kind in kinds if (n := kind.partition(".")[2]).isdigit()]
    rows = Register.objects.filter(pk__in=numbers).values_list("pk", "name")
    return {f"{PREFIX}.{pk}": name for pk, name in rows}


def _sentence(counts: dict[str, int]) -> str:
    left = counts.get("left_out", 0)
    told = f"新登记 {counts['created']:,} 条，变更 {counts['changed']:,} 条"
    told += f"，{counts['unchanged']:,} 条没有变化" if counts["unchanged"] else ""
    return told + (f"；{left:,} 行有错误，不入库" if left else "")


def _before_undo(cursor: object, batch: ImportBatch) -> None:
    """The events and spans the batch brought go first; entries follow by the kit."""
    own = Entry.objects.filter(batch=batch)
    LifeEvent.objects.filter(batch=batch).delete()
    EntrySpan.objects.filter(entry__in=own).delete()


def _after_undo(cursor: object, batch: ImportBatch) -> None:
    """Entries that were there before get back the life they had."""
    keys = batch.changes.filter(model=Entry._meta.label_lower).values("key")
    rows = list(Entry.objects.filter(pk__in=keys).select_related("register__current"))
    for entry in rows[:1]:
        validity = entry.register.schema.validity
        settle(rows, until_field=validity.field if validity.kind == "field" else "")
