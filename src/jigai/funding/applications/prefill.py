"""What the platform already holds about an applicant, with where it comes from: nothing is asked
for twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from jigai.core.fields.shapes import read_field
from jigai.core.fields.values import read_value
from jigai.core.screens import formats
from jigai.core.screens.enterprise_figures import shown
from jigai.core.screens.enterprise_words import term_of
from jigai.core.selectors_figures import latest_figures
from jigai.errors import JigaiError
from jigai.funding.models import Application, BankAccount, Consortium, RoundMeasure
from jigai.projects.models import Project

REGISTER, LEDGER, MEMBERS, ACCOUNTS = "企业名录", "项目台账", "共同体名单", "收款账户"

_FIGURES = ("employees", "revenue", "size_computed", "grade", "echelon", "credit")


@dataclass(frozen=True, slots=True)
class HeldValue:
    """One value as shown, with its source; ``value`` is empty where nothing is held."""

    id: str
    name: str
    value: str
    source: str


def held_values(application: Application) -> list[HeldValue]:
    """Everything known about the applicant and what it applies for; five queries at most."""
    firm = application.enterprise
    found = [
        HeldValue("name", "申报单位", firm.name, REGISTER),
        HeldValue("uscc", "统一社会信用代码", firm.uscc or "", REGISTER),
    ]
    if application.project is not None:
        found += _of_project(application.project, application.round.year)
    if application.consortium is not None:
        found += _of_consortium(application.consortium)
    found += _of_figures(firm.pk, application.round.year)
    found.append(_account(firm.pk))
    return found


def _of_project(project: Project, year: int) -> Iterable[HeldValue]:
    source = f"{LEDGER} {year} 年" + (f" 第 {project.source_row} 行" if project.source_row else "")
    yield HeldValue("project", "项目", project.name, source)
    yield HeldValue("filing_no", "备案号", project.filing_no or "", source)
    for column, name in (("total_fen", "总投资"), ("fixed_fen", "固定资产投资"),
                         ("equipment_fen", "设备投资")):  # fmt: skip
        fen = getattr(project, column)
        yield HeldValue(column, name, _money(fen), source)
    for column, name in (("start", "开工"), ("end", "竣工")):
        yield HeldValue(column, name, formats.day(getattr(project, column)), source)
    known = {True: "已入统", False: "未入统"}
    yield HeldValue("in_statistics", "统计入统", known.get(project.in_statistics, ""), source)


def _money(fen: int | None) -> str:
    return f"{formats.yuan(fen)} 元" if fen is not None else ""


def _of_consortium(pool: Consortium) -> Iterable[HeldValue]:
    members = list(pool.members.filter(duplicate=False).values_list("equipment_fen", flat=True))
    known = [fen for fen in members if fen is not None]
    total = sum(known) if len(known) == len(members) else None
    yield HeldValue("consortium", "共同体", str(pool), f"{MEMBERS} {pool.year} 年")
    yield HeldValue("members", "成员数", str(len(members)), f"{MEMBERS} {pool.year} 年")
    yield HeldValue("equipment", "成员设备投资合计", _money(total), f"{MEMBERS} {pool.year} 年")


def _of_figures(enterprise: int, year: int) -> Iterable[HeldValue]:
    for figure in latest_figures([enterprise], year, terms=_FIGURES):
        row: Any = figure
        yield HeldValue(figure.term, term_of(figure.term).label,
                        str(shown(term_of(figure.term), row) or ""), figure.source)  # fmt: skip


def _account(enterprise: int) -> HeldValue:
    rows = BankAccount.objects.filter(enterprise=enterprise, state__in=("verified", "proposed"))
    row = rows.order_by("-state", "-id").first()
    words = f"{row.bank}　户名 {row.holder}　尾号 {row.number[-4:]}" if row else ""
    source = f"{ACCOUNTS}（{row.get_state_display()}）" if row else ACCOUNTS
    return HeldValue("account", "收款账户", words, source)


def prefilled_values(application: Application, measure: RoundMeasure) -> dict[str, Any]:
    """Values of the measure's form that are already held, by field id; for a new draft."""
    known = _raw_values(application)
    found: dict[str, Any] = {}
    for content in measure.fields:
        item = read_field(content)
        try:
            value = read_value(item, known.get(item.id))
        except JigaiError:
            # What is held does not fit the field; the applicant fills it in.
            continue
        if value is not None:
            found[item.id] = value
    return found


def _raw_values(application: Application) -> dict[str, Any]:
    """Held values under the names forms of measures use for them; money in fen."""
    firm, project = application.enterprise, application.project
    found: dict[str, Any] = {"name": firm.name, "uscc": firm.uscc}
    if project is not None:
        found |= {
            "project": project.name, "filing_no": project.filing_no, "start": project.start,
            "end": project.end, "total": project.total_fen, "fixed": project.fixed_fen,
            "equipment": project.equipment_fen, "in_statistics": project.in_statistics,
            "park": project.park, "chain": project.chain,
        }  # fmt: skip
    for figure in latest_figures([firm.pk], application.round.year, terms=_FIGURES):
        found[figure.term] = next(
            (v for v in (figure.number, figure.text, figure.day) if v is not None), None
        )
    return found
