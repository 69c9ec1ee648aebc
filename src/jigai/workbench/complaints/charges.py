"""A report of a charge is a complaint: the case begins with it and writes its outcome back."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from jigai.cases.complaints import complaint_about
from jigai.cases.due_words import STATE_LOOKS
from jigai.cases.models import Case
from jigai.cases.services.file_complaint import NoDesk, file_complaint
from jigai.core.models import User
from jigai.registers.models import Entry
from jigai.registers.services.report_charge import (
    CONFIRMED,
    REFUNDED,
    UNFOUNDED,
    settle_report,
)
from jigai.registers.special.report_links import Handling, about_report
from jigai.workbench.complaints.outcome import FOUNDED

_ABOUT = "charge-report:"
# Fields of a report and those of a complaint.
_SAME = {"kind": "subject", "collector": "target", "enterprise": "firm", "paid": "happened",
         "amount": "amount", "receipt": "paper", "list_says": "list_says"}  # fmt: skip


def begin_with_report(entry: Entry, by: User | None) -> None:
    """Begin the case of a report under the same number; where nobody handles complaints of the
    place, the report is answered in its register as before."""
    given = entry.values
    values = {new: given[old] for old, new in _SAME.items() if given.get(old)}
    values["heading"] = f"{given['charge']}（{given['collector']}）"[:100]
    values["told"] = given.get("told") or f"收费项目：{given['charge']}，票据号 {given['receipt']}"
    try:
        with transaction.atomic():
            file_complaint(
                values=values, region_code=entry.region_code, by=by,
                name=given.get("reporter", ""), contact=given.get("contact", ""),
                about=about_report(entry), receipt=given["number"],
                proof=(given.get("evidence") or {}).get("id"),
            )  # fmt: skip
    except NoDesk:
        return


def handling(entry: Entry) -> Handling | None:
    """The case of a report, as long as its answer is to come or came from there."""
    case = complaint_about(about_report(entry))
    if case is None or not (case.is_running or case.state == Case.State.DONE):
        return None
    return Handling(
        case.number, case.get_state_display(), STATE_LOOKS[case.state],
        reverse("case-detail", args=[case.number]),
    )  # fmt: skip


def write_back(case: Case, by: User | None) -> None:
    """The outcome of a closed case becomes that of the report it began with."""
    if not case.about.startswith(_ABOUT):
        return
    given = case.values
    state = UNFOUNDED
    if given["outcome"] in FOUNDED:
        state = REFUNDED if given.get("refund") else CONFIRMED
    settle_report(
        entry=int(case.about.removeprefix(_ABOUT)), state=state, answer=str(given["answer"]),
        by=by, refunded=given.get("refund"), document=case.number,
    )  # fmt: skip
