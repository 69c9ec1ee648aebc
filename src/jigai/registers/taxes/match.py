"""Entries of the tax catalogues on a day, matched by name; a name alone decides nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from jigai.registers.models import EntrySpan
from jigai.taxes.resource import Listed

CODE = "tax-catalogs"
EQUIPMENT = ("saving", "environment", "safety")
IMPORTS = ("encouraged", "excluded")
PROJECTS = ("project",)
CATALOGUES = {
    "saving": "节能节水专用设备", "environment": "环境保护专用设备", "safety": "安全生产专用设备",
    "project": "环保节能节水项目", "encouraged": "鼓励进口", "excluded": "进口不予免税",
    "resource": "资源综合利用",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry whose name or another word for it is in the name asked for."""

    item: str
    catalogue: str
    edition: str
    requirement: str
    checked: bool

    @property
    def text(self) -> str:
        """The entry in one line."""
        told = "" if self.checked else "，条目待核"
        need = f"：{self.requirement}" if self.requirement else ""
        return f"{CATALOGUES[self.catalogue]}（{self.edition}）“{self.item}”{need}{told}"


def entries_of(catalogues: Iterable[str]) -> list[EntrySpan]:
    """Entries of whatever day, in one query; none where the register is not loaded."""
    rows = EntrySpan.objects.filter(register__code=CODE, values__catalogue__in=list(catalogues))
    return list(rows.order_by("entry_id", "starts"))


def on_day(spans: Iterable[EntrySpan], day: dt.date) -> list[EntrySpan]:
    """Those in force on a day."""
    return [s for s in spans if s.starts <= day and (s.ends is None or day < s.ends)]


def match_name(name: str, spans: Iterable[EntrySpan], day: dt.date) -> list[Hit]:
    """Entries that a name may fall under on a day."""
    plain = name.strip()
    found = []
    for span in on_day(spans, day) if plain else ():
        values = span.values
        words = [str(values["item"]), *(values.get("words") or ())]
        if any(word in plain or (len(plain) > 1 and plain in word) for word in words):
            found.append(
                Hit(values["item"], values["catalogue"], values["edition"],
                    values.get("requirement") or "", values.get("checked") == "done")
            )  # fmt: skip
    return found


def refund_entries(day: dt.date) -> list[Listed]:
    """The refund catalogue as registered on a day; entries without a share are passed over."""
    return [
        Listed(
            str(s.values["item"]), (str(s.values["item"]), *(s.values.get("words") or ())),
            Fraction(str(s.values["ratio"])) / 100,
            f"{s.values['edition']}，{s.values.get('number') or ''}",
            s.values.get("checked") == "done",
        )
        for s in on_day(entries_of(("resource",)), day) if s.values.get("ratio")
    ]  # fmt: skip


def catalogue_words(catalogues: Iterable[str], day: dt.date) -> list[str]:
    """Every name and other word for it on a day."""
    words = [
        word
        for span in on_day(entries_of(catalogues), day)
        for word in (span.values["item"], *(span.values.get("words") or ()))
    ]
    return sorted(set(words))


def told(names: Iterable[tuple[str, dt.date]], catalogues: Iterable[str]) -> list[str]:
    """One sentence a name and day on what the register says; nothing for blank names."""
    asked = [(name.strip(), day) for name, day in names if name.strip()]
    spans = entries_of(catalogues) if asked else []
    return [_sentence(name, match_name(name, spans, day), day) for name, day in asked]


def _sentence(name: str, hits: list[Hit], day: dt.date) -> str:
    if not hits:
        return f"“{name}”：登记的目录条目里 {day} 没有名称相近的，登记不全，仍要对原件"
    return f"“{name}”：名称相近的条目有 {'；'.join(hit.text for hit in hits)}。达到要求才算"
