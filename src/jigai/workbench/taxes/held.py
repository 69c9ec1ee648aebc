"""What the platform holds about one enterprise that the tax questions ask for.

Nothing is made up: what is not held stays blank, which the calculators take as unknown.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from jigai.core.access import Access, scoped
from jigai.core.models import Enterprise
from jigai.core.screens.formats import yuan
from jigai.core.selectors_figures import latest_figures
from jigai.funding.models import InvoiceLine
from jigai.projects.models import Project
from jigai.projects.selectors import REACH
from jigai.registers.models import EntrySpan
from jigai.registers.selectors import on_day
from jigai.registers.taxes.national import national_law
from jigai.taxes.industries import listed
from jigai.taxes.vat import CUSTOMS, ORDINARY, SPECIAL, InputLine

CAPABILITY = "tax.use"
LADDER = "enterprise-ladder"
HIGH_TECH, SMALL_TECH = "a3", "a1"
EQUIPMENT = ("equipment", "robot", "equipment_review", "it_hardware")
_CATEGORY = re.compile(r"^\*[^*]*\*")
MOST_LINES = 2000
MOST_SHOWN = 12
# Only a start to compare with; people put in their own.
DISCOUNT = "5%"


@dataclass(slots=True)
class Held:
    """Facts with where they come from, in the words of the questions."""

    enterprise: Enterprise
    day: dt.date
    sources: list[tuple[str, str, str]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    lines: list[InvoiceLine] = field(default_factory=list)

    def told(self, name: str, question: str, value: str, words: str, source: str) -> None:
        """Note a fact: the question it answers, the value typed there, and how people read it."""
        self.answers[question] = value
        self.sources.append((name, words, source))

    @property
    def equipment(self) -> list[InvoiceLine]:
        """Good equipment lines, the dearest first: neither void nor red nor repeated."""
        good = [
            line
            for line in self.lines
            if line.item_class in EQUIPMENT
            and line.status == "normal"
            and line.duplicate_of_id is None
            and line.amount_fen
        ]
        return sorted(good, key=lambda line: (-(line.amount_fen or 0), line.pk))


def held_of(enterprise: Enterprise, access: Access, day: dt.date) -> Held:
    """Read everything; a fixed number of queries however much there is."""
    held = Held(enterprise, day)
    _industry(held)
    _size(held)
    _titles(held)
    held.lines = _lines(enterprise, access)
    return held


def _industry(held: Held) -> None:
    code = held.enterprise.industry_code
    if not code:
        return
    words = f"{code} {held.enterprise.industry_name}".strip()
    held.told("行业", "industry", code, words, "企业名录")
    codes = national_law().on("manufacturing_codes", held.day)
    if listed(code, codes):
        held.told("研发加计类别", "research_kind", "manufacturing", "制造业企业", "由行业代码判定")


def _size(held: Held) -> None:
    """Small and medium by the statistical classes; the newest year there is."""
    for figure in latest_figures([held.enterprise.pk], held.day.year):
        if figure.term in ("size_computed", "size_class", "size_declared") and figure.text:
            small = figure.text != "large"
            held.told("企业规模", "small_or_medium", "yes" if small else "no",
                      "中小微" if small else "大型", figure.source)  # fmt: skip
            return


def _titles(held: Held) -> None:
    rows = EntrySpan.objects.filter(
        on_day(held.day), register__code=LADDER, enterprise=held.enterprise
    )
    for span in rows.order_by("entry_id", "starts"):
        values = span.values
        if values.get("rung") == HIGH_TECH:
            first = str(values.get("recognised") or span.starts)[:4]
            last = str(values.get("valid_to") or "")[:4]
            held.told("高新技术企业", "high_tech_from", first, f"{first} 年起", "企业成长阶梯")
            held.answers["high_tech"] = "yes"
            if last:
                held.told("证书到", "high_tech_until", last, f"{last} 年", "企业成长阶梯")
        elif values.get("rung") == SMALL_TECH:
            held.told(
                "研发加计类别", "research_kind", "small_tech", "科技型中小企业", "企业成长阶梯"
            )


def _lines(enterprise: Enterprise, access: Access) -> list[InvoiceLine]:
    mine = scoped(Project.objects.filter(enterprise=enterprise), access, CAPABILITY, REACH)
    rows = InvoiceLine.objects.filter(Q(project__in=mine.values("pk")) | Q(buyer=enterprise))
    return list(rows.select_related("red_original").order_by("date", "id")[:MOST_LINES])


def prefill(held: Held, code: str) -> dict[str, str]:
    """What is typed into a calculator at the start, by name of the field."""
    found = dict(held.answers)
    found["kind"] = found.pop("research_kind", "") if code == "research" else ""
    if code == "research":
        found["year"] = str(held.day.year - 1)
    if code in ("plan", "depreciation"):
        found["discount"] = DISCOUNT
    if code in ("plan", "credit", "depreciation"):
        found |= _equipment(held, code)
    return {name: value for name, value in found.items() if value}


def _equipment(held: Held, code: str) -> dict[str, str]:
    """The dearest equipment lines. The invoice's day stands for the day of use, as told."""
    shown = [line for line in held.equipment if line.date][:MOST_SHOWN]
    found: dict[str, str] = {}
    if code == "depreciation":
        for line in shown[:1]:
            found |= {"cost": _typed(line.amount_fen), "in_service": str(line.date),
                      "bought": str(line.date), "kind": "machine"}  # fmt: skip
        return found
    found["rows"] = str(max(len(shown), 1))
    for place, line in enumerate(shown):
        own = {"name": bare_item(line.item)[:100]}
        if code == "plan":
            own |= {"cost": _typed(line.amount_fen), "in_service": str(line.date),
                    "input_tax": _typed(line.tax_fen), "unit_price": _unit(line)}  # fmt: skip
        else:
            own |= {"price": _typed(line.amount_fen), "bought": str(line.date)}
        found |= {f"r{place}-{name}": value for name, value in own.items() if value}
    return found


def bare_item(item: str) -> str:
    """The name of an item without its tax category: *仪器仪表*示波器 is 示波器."""
    return _CATEGORY.sub("", item)


def _typed(fen: int | None) -> str:
    return "" if fen is None else f"{yuan(fen)}元".replace(",", "")


def _unit(line: InvoiceLine) -> str:
    if not line.quantity or line.quantity <= 1 or not line.amount_fen:
        return ""
    return _typed(int(line.amount_fen / line.quantity))


def input_lines(held: Held, counted: Mapping[int, bool | None]) -> list[InputLine]:
    """Every invoice line as the input tax sees it; ``counted``: in the subsidy base, by id."""
    return [_input_line(line, counted.get(line.pk)) for line in held.lines]


def _input_line(line: InvoiceLine, in_base: bool | None) -> InputLine:
    suspect = line.unit_suspect or line.arithmetic_ok is False
    return InputLine(
        line.invoice_no or "", line.date, line.amount_fen, line.tax_fen,
        None if suspect else line.total_fen, invoice_kind(line.kind), line.item,
        line.status == "void", line.status == "red", _original(line), line.buyer_matches,
        line.item_class in EQUIPMENT if line.item_class else None, in_base=in_base,
        key=str(line.pk),
    )  # fmt: skip


def _original(line: InvoiceLine) -> str:
    if line.red_original is not None:
        return line.red_original.invoice_no or ""
    return line.red_of_no or ""


def invoice_kind(words: str | None) -> str:
    """The kind of voucher by its words; empty where they do not tell."""
    text = words or ""
    if "海关" in text:
        return CUSTOMS
    if "专用" in text or "专票" in text:
        return SPECIAL
    return ORDINARY if "普通" in text or "普票" in text else ""


def to_query(values: Mapping[str, Any]) -> str:
    """Values as an address."""
    from django.utils.http import urlencode

    return urlencode({name: value for name, value in values.items() if value})
