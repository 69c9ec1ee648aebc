"""Enters what a filing or a plan says of a project's investment."""

from __future__ import annotations

import pghistory
from django.db import transaction

from jigai.core.access import Access, check
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.projects.library.window import read_only_because
from jigai.projects.models import Project, ProjectInvestment
from jigai.projects.selectors import REACH
from jigai.projects.statements.table import FILED, KINDS, PLANNED

EDIT = "project.edit"
MAY_ENTER = (PLANNED, FILED)


def enter_investment(
    *, project: int, year: int, statement: str, kind: str, fen: int, source: str, by: User,
    access: Access,
) -> ProjectInvestment:  # fmt: skip
    """Store one amount (fen) of one statement; entering it again replaces it, with history.

    The statistical and the invoiced statement follow from reports and invoices and cannot be
    entered. Raises :class:`JigaiError` for those, for a part larger than the whole it belongs to,
    without a source, and for a project outside the window of its library.
    """
    access.require(EDIT)
    if statement not in MAY_ENTER or kind not in KINDS:
        raise JigaiError("statement-derived", "这个口径由月报或发票得出，不能手填", "改月报或发票")
    if not source.strip():
        raise JigaiError("statement-source", "没有写来源", "写清依据，例如备案证")
    if fen < 0:
        raise JigaiError("statement-negative", "金额不能是负数", "核对金额")
    with transaction.atomic(), pghistory.context(user=by.pk, reason="登记投资"):
        row = Project.objects.select_for_update(of=("self",)).get(pk=project)
        check(row, access, EDIT, REACH)
        because = read_only_because(row)
        if because:
            raise JigaiError("outside-window", because, "窗口外的项目保持原样")
        _check_part(row, year, statement, kind, fen)
        found, _made = ProjectInvestment.objects.update_or_create(
            project=row, year=year, statement=statement, kind=kind,
            defaults={"amount_fen": fen, "source": source.strip()},
        )  # fmt: skip
    return found


def _check_part(row: Project, year: int, statement: str, kind: str, fen: int) -> None:
    """Robots are equipment; a kind of a year is no more than the year's total."""
    stored = {
        item.kind: item.amount_fen
        for item in ProjectInvestment.objects.filter(project=row, year=year, statement=statement)
    }
    stored[kind] = fen
    for part, whole in (("robot", "equipment"), ("equipment", "fixed"), ("fixed", "total")):
        inner, outer = stored.get(part), stored.get(whole)
        if inner is not None and outer is not None and inner > outer:
            raise JigaiError(
                "statement-part", f"{KINDS[part]}大于{KINDS[whole]}", "核对两个数，先改大的"
            )
