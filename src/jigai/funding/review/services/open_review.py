"""Opens the review of an application as a case."""

from __future__ import annotations

from typing import Any

from jigai.cases.models import Case
from jigai.cases.services.open_case import open_case, own_procedure
from jigai.core.models import User
from jigai.core.screens import formats
from jigai.funding.models import Application, Round
from jigai.funding.review.words import ABOUT, PROCEDURE


def open_review(*, application: Application, by: User | None) -> Case:
    """The case of an application, in the transaction that submits it; a second time the same one.

    Whoever submits is its applicant; the application remembers it.
    """
    case = open_case(
        procedure=own_procedure(PROCEDURE), by=by, region=application.region_code,
        key=f"{ABOUT}{application.pk}", title=application.title, values=_values(application),
        firm=application.enterprise,
    )  # fmt: skip
    if application.case_id != case.pk:
        application.case = case
        application.save(update_fields=["case"])
    return case


def _values(application: Application) -> dict[str, Any]:
    round_, measure = application.round, application.measure
    has_lines = application.lines.exists()
    return {
        "title": application.title, "round": round_.name, "measure": measure.name,
        "clause": measure.clause, "claimed": _yuan(application.claimed_fen),
        "estimate": _yuan(application.estimate_fen),
        "compete": "是" if round_.mode == Round.Mode.COMPETE else "否",
        "audit": "是" if has_lines else "否", "onsite": "否",
    }  # fmt: skip


def _yuan(fen: int | None) -> str:
    return "未定" if fen is None else f"{formats.yuan(fen)} 元"
