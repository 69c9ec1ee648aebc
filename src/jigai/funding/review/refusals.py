"""Refusing an application: the reason, the clause, the gap, how to object; lines come free."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse

from jigai.core.models import User
from jigai.core.services.send_notice import send_notice
from jigai.funding.applications.services.move_application import move
from jigai.funding.invoices.uses import give_back
from jigai.funding.models import Application
from jigai.funding.review.applicants import people_of_enterprise

_REFUSED: Any = Application.State.REFUSED
OBJECT = (
    "对结论有异议的，自收到之日起可以向审核单位书面提出，写明理由和依据；也可以依法申请行政复议。"
)


def refuse(*, application: Application, reason: str, by: User | None) -> None:
    """Refuse, keep why, give the invoices back and tell the applicant.

    The caller holds the row's lock.
    """
    application.refusal = _words(application, reason)
    application.save(update_fields=["refusal"])
    move(application=application, to=_REFUSED, text=f"不予支持：{reason}", by=by)
    give_back(application=application, why="不予支持")
    told = application.refusal

    def send() -> None:
        for person in people_of_enterprise(application.enterprise_id):
            send_notice(
                user=person, event="application-moved",
                title=f"申报未获支持：{application.title}"[:200],
                body=_letter(told), url=reverse("application-detail", args=[application.pk]),
            )  # fmt: skip

    transaction.on_commit(send)


def _words(application: Application, reason: str) -> dict[str, Any]:
    """What is kept: ``reason``, ``clause``, ``gap`` (what qualifying lacks) and ``object``."""
    return {
        "reason": reason, "clause": application.measure.clause, "gap": _gap(application),
        "object": OBJECT,
    }  # fmt: skip


def _gap(application: Application) -> str:
    """What the rules say is missing, in words; empty where they see no obstacle."""
    decision = application.decision
    if decision is not None and decision.reasons:
        return "；".join(str(one.get("text", "")) for one in decision.reasons)
    return ""


def _letter(told: dict[str, Any]) -> str:
    lines = [f"理由：{told['reason']}"]
    if told["clause"]:
        lines.append(f"条款：{told['clause']}")
    if told["gap"]:
        lines.append(f"差距：{told['gap']}")
    return "\n".join([*lines, told["object"]])
