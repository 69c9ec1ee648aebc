"""The lists behind the special pages of this file's neighbours, read as of a day within reach."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from jigai.core.access import Access
from jigai.core.fields.values import show_value
from jigai.policies.models import PackItem
from jigai.registers.access import visible_entries
from jigai.registers.counting import counting_rule
from jigai.registers.models import EntrySpan, Register
from jigai.registers.selectors import on_day
from jigai.registers.special.guiding import Item, Picture, link_up
from jigai.registers.special.ladder import Held
from jigai.registers.special.ledger import find_register
from jigai.registers.special.project_source import projects_by_key
from jigai.registers.special.ten_billion import BASES, GROUP, Earner
from jigai.registers.special.theme_projects import Member, Union, unite

GUIDING, DEMONSTRATIONS, FIRST_SETS = (
    "guiding-catalog", "guiding-demonstrations", "first-set-national-catalog",
)  # fmt: skip
LISTED = "s4"
TEN_BILLION = "ten-billion-list"
LADDERS, THEMES = "sector-champion-ladder", "special-project-databases"


def serving(system: str) -> list[Register]:
    """Published registers of a system, shipped or made by the user."""
    rows = Register.objects.select_related("current").filter(
        systems__contains=[system], state=Register.State.PUBLISHED, current__isnull=False
    )
    return list(rows.order_by("name", "id"))


def spans_on(access: Access, code: str, day: dt.date) -> list[EntrySpan]:
    """Spans of a register on a day that the person may see; none where there is no register."""
    register = find_register(code)
    if register is None:
        return []
    seen = visible_entries(access, register).values("pk")
    rows = EntrySpan.objects.filter(on_day(day), register=register, entry__in=seen)
    found = list(rows.select_related("entry").order_by("entry_id", "starts"))
    for span in found:
        # One register, with its schema read once.
        span.register = register
    return found


def guiding_picture(access: Access, day: dt.date) -> Picture:
    """The guiding catalogue of a day with both its sides."""
    return link_up(
        _items(spans_on(access, GUIDING, day), "first_set"),
        _items(spans_on(access, DEMONSTRATIONS, day), "item"),
        _items(spans_on(access, FIRST_SETS, day), ""), LISTED,
    )  # fmt: skip


def _items(spans: Sequence[EntrySpan], points: str) -> Iterator[Item]:
    for span in spans:
        to = span.values.get(points) or {}
        yield Item(
            span.entry_id, span.entry.title, _name(span.values.get("enterprise")), to.get("id"),
            str(to.get("name") or ""), str(span.values.get("state") or ""),
            _word(span.register.schema.field("state"), span.values.get("state")),
        )  # fmt: skip


def earners(access: Access, day: dt.date) -> list[Earner]:
    """Rows of the ten-billion list on a day."""
    return [
        Earner(
            entry=span.entry_id, name=_name(span.values.get("enterprise")) or span.entry.title,
            basis=str(span.values.get("basis") or ""), enterprise=span.enterprise_id,
            group=(span.values.get("group") or {}).get("id"),
            group_name=_name(span.values.get("group")), revenue=span.values.get("revenue"),
            year=str(span.values.get("year") or ""),
        )
        for span in spans_on(access, TEN_BILLION, day)
    ]  # fmt: skip


def basis_in_force() -> str:
    """The reading that the register's counting rule for targets follows; empty for one's own."""
    register = find_register(TEN_BILLION)
    if register is None:
        return GROUP
    rules = {c.id: "".join(c.when.split()) for c in register.schema.counting}
    if counting_rule(register, "target" if "target" in rules else "total") is None:
        return ""
    return next((code for code in BASES if rules.get(code) == rules["target"]), "")


def targets_of(register: Register | None) -> list[PackItem]:
    """Targets of current packs that rest on the same facts as what the register carries out."""
    found: list[PackItem] = []
    for name in register.items if register else ():
        slug, _, code = name.partition(":")
        rows = PackItem.objects.filter(pack__slug=slug, pack__is_current=True)
        own = rows.filter(code=code).first()
        facts = set(own.data.get("facts", ())) if own else set()
        targets = rows.filter(section="targets").select_related("pack").order_by("place", "id")
        found += [t for t in targets if facts & set(t.data.get("facts", ())) and t not in found]
    return found


def ladder_held(access: Access) -> list[Held]:
    """Every span of every ladder within reach, up to whenever."""
    found = []
    for register in serving(LADDERS):
        rung, ladder = register.schema.field("rung"), register.schema.field("ladder")
        seen = visible_entries(access, register).values("pk")
        rows = EntrySpan.objects.filter(register=register, entry__in=seen)
        for span in rows.select_related("entry").order_by("entry_id", "starts"):
            line = _word(ladder, span.values.get("ladder"))
            found.append(Held(
                span.entry_id, span.entry.title,
                f"{register.name}：{line}" if line else register.name,
                _word(rung, span.values.get("rung")), span.starts, span.ends,
            ))  # fmt: skip
    return found


def theme_union(access: Access, day: dt.date) -> tuple[Union, list[Register]]:
    """The databases of a day over the project library."""
    registers = serving(THEMES)
    members = []
    for register in registers:
        theme = register.schema.field("theme")
        members += [
            Member(
                span.entry_id, register.code, str(span.values.get("project") or "").strip(),
                str(span.values.get("name") or ""), _word(theme, span.values.get("theme")),
            )
            for span in spans_on(access, register.code, day)
        ]  # fmt: skip
    keys = {int(m.key) for m in members if m.key.isdecimal() and len(m.key) < 19}
    library = projects_by_key(access, keys)
    return unite(members, library, [r.code for r in registers]), registers


def _name(value: Any) -> str:
    return str((value or {}).get("name") or "")


def _word(item: Any, value: Any) -> str:
    return show_value(item, value) if item is not None and value else ""
