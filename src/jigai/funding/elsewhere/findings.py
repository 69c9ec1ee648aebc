"""What speaks for the same thing being paid for twice, found by papers and not by names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.urls import NoReverseMatch, reverse

from jigai.core.screens.formats import yuan
from jigai.funding.elsewhere.overlap import Overlap, overlap_of
from jigai.funding.elsewhere.words import LEVELS
from jigai.funding.invoices.uses import counted_elsewhere
from jigai.funding.models import Application, ApplicationLine, InvoiceLine, OtherFunding

S = OtherFunding.State
# Given or being asked for; what was refused or paid back is no double funding.
_LIVE = (S.APPLIED, S.APPROVED, S.RECEIVED)
_OVER = ("draft", "signing", "withdrawn", "refused")


@dataclass(frozen=True, slots=True)
class Finding:
    """One sign of double funding. ``blocking`` where the document's own reading refuses it.

    ``kind`` is invoice, serial, project, funds; ``clause`` the clause it rests on (may be empty),
    ``where_url`` a page to look at (empty where the thing lies outside the region).
    """

    kind: str
    text: str
    clause: str
    blocking: bool
    where_url: str


def double_findings(application: Application) -> list[Finding]:
    """Everything that makes an application suspect of double funding; a fixed number of queries.

    By project code and filing number, invoice, equipment serial, over all policies, years, regions
    and levels, and by what is registered as other public money.
    """
    overlap = overlap_of(application.round)
    claimed = ApplicationLine.objects.filter(application=application).select_related("line")
    lines = [row.line for row in claimed.order_by("id")]
    funds = _funds(application, lines)
    return [
        *_blocked_first(_of_fund(application, fund, lines, overlap) for fund in funds),
        *_invoices(application, lines, overlap),
        *_serials(application, lines, overlap),
        *_projects(application, overlap),
    ]


def _blocked_first(found: Iterable[Finding]) -> list[Finding]:
    return sorted(found, key=lambda finding: not finding.blocking)


def numbers_of(lines: list[InvoiceLine]) -> list[str]:
    """Numbers of invoices and customs documents of lines."""
    return sorted({n for line in lines for n in (line.invoice_no, line.customs_no) if n})


def _funds(application: Application, lines: list[InvoiceLine]) -> list[OtherFunding]:
    """Other money for the enterprise, or anywhere for the same invoices or machines."""
    serials = sorted({line.serial for line in lines if line.serial})
    wanted = Q(enterprise=application.enterprise_id)
    wanted |= Q(invoices__overlap=numbers_of(lines)) | Q(serials__overlap=serials)
    rows = OtherFunding.objects.filter(wanted, state__in=_LIVE).order_by("-id")
    return list(rows.select_related("project"))


def _of_fund(
    application: Application, fund: OtherFunding, lines: list[InvoiceLine], overlap: Overlap
) -> Finding:
    shared = sorted(set(numbers_of(lines)) & set(fund.invoices))
    machines = sorted({line.serial for line in lines if line.serial} & set(fund.serials))
    same = bool(shared or machines) or (
        fund.project_id is not None and fund.project_id == application.project_id
    )
    how = "同一项目" if same else "同一企业，未注明项目"
    if shared:
        how = f"发票 {'、'.join(shared[:3])} 相同"
    elif machines:
        how = f"设备编号 {'、'.join(machines[:3])} 相同"
    amount = "金额未定" if fund.amount_fen is None else f"{yuan(fund.amount_fen)} 元"
    here = fund.region_code == application.region_code
    name = f"{fund.year} 年{LEVELS.get(fund.level, fund.level)}“{fund.programme}”" if here else ""
    return Finding(
        "funds",
        f"{name or '其他地区登记的财政资金'}{fund.get_state_display()}（{amount}），{how}",
        overlap.clause,
        same and fund.state == S.RECEIVED and overlap.blocks(fund.kind),
        _url("other-funding-detail", fund.pk) if here else "",
    )


def _invoices(
    application: Application, lines: list[InvoiceLine], overlap: Overlap
) -> list[Finding]:
    """The same line counted by another application; more than there is cannot be counted."""
    items = {line.same_id: line for line in lines if line.same_id is not None}
    found = []
    for other in counted_elsewhere(list(items), application):
        line, held = items[other.item], other.application
        text = f"发票 {line.invoice_no}（{line.item}）已在{_named(application, held)}"
        found.append(Finding("invoice", f"{text}计入 {yuan(other.fen)} 元，本次只能计入其余部分",
                             overlap.clause, False, _where(application, held)))  # fmt: skip
    return found


def _serials(application: Application, lines: list[InvoiceLine], overlap: Overlap) -> list[Finding]:
    """The same machine on another invoice that somebody applied with."""
    serials = sorted({line.serial for line in lines if line.serial})
    if not serials:
        return []
    rows = ApplicationLine.objects.filter(line__serial__in=serials)
    rows = rows.exclude(application=application).exclude(application__state__in=_OVER)
    return [
        Finding(
            "serial", f"设备编号 {row.line.serial} 已在{_named(application, row.application)}申报",
            overlap.clause, False, _where(application, row.application),
        )
        for row in rows.select_related("line", "application__enterprise").order_by("id")
    ]  # fmt: skip


def _projects(application: Application, overlap: Overlap) -> list[Finding]:
    """The same project in another round, or another project of the same code or filing number."""
    project = application.project
    if project is None:
        return []
    wanted = Q(project=project)
    for name in ("code", "filing_no"):
        if value := getattr(project, name, None):
            wanted |= Q(**{f"project__{name}": value})
    rows = Application.objects.filter(wanted).exclude(pk=application.pk)
    rows = rows.exclude(state__in=_OVER).select_related("round__pack", "project", "enterprise")
    return [_of_project(application, other, overlap) for other in rows.order_by("id")]


def _of_project(application: Application, other: Application, overlap: Overlap) -> Finding:
    same = other.project_id == application.project_id
    how = "同一项目" if same else "项目代码或备案证号相同"
    elsewhere = other.round.pack.slug != application.round.pack.slug
    paid = other.state in ("paid", "recovering")
    return Finding(
        "project",
        f"{how}在{_named(application, other)}申报，现为“{other.get_state_display()}”",
        overlap.clause, same and elsewhere and paid and overlap.blocks("same_level"),
        _where(application, other),
    )  # fmt: skip


def _named(mine: Application, other: Application) -> str:
    """Least data: the number only within the region or the enterprise."""
    if other.enterprise_id == mine.enterprise_id:
        return f" {other.number} "
    here = other.region_code == mine.region_code
    return "本地区另一家单位的申报中" if here else "另一县区的申报中"


def _where(mine: Application, other: Application) -> str:
    near = other.region_code == mine.region_code
    return _url("application-detail", other.pk) if near else ""


def _url(name: str, key: int) -> str:
    try:
        return reverse(name, args=[key])
    except NoReverseMatch:
        return ""
