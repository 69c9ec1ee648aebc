"""即申即享: what is complete and clear on submission needs nobody's review."""

from __future__ import annotations

from typing import Any

from jigai.core.models import User
from jigai.funding.applications.services.move_application import move
from jigai.funding.compute.estimate import Estimate, estimate
from jigai.funding.elsewhere.findings import double_findings
from jigai.funding.models import Application, Round
from jigai.rules.plan import PAY, VERDICTS

State: Any = Application.State


def settle_instantly(*, application: Application, by: User | None) -> bool:
    """Pass an application that was just handed in straight to 审核完毕; whether that was done.

    Only in a round of 即申即享, only where the rules say 符合 with an amount, nothing is missing or
    waits for a person, and no double funding was found. Otherwise nothing is changed and it goes
    the ordinary way. The caller holds the application in the transaction of the handing in.
    """
    if application.round.mode != Round.Mode.INSTANT or application.state != State.SUBMITTED:
        return False
    found = estimate(application)
    if found is None or not is_clear(found) or double_findings(application):
        return False
    application.computed_fen = application.reviewed_fen = found.amount
    application.save(update_fields=["computed_fen", "reviewed_fen"])
    move(
        application=application, to=State.REVIEWED,
        text="即申即享：条件全部符合，没有需要人工核实的，提交时即审核完毕", by=by,
    )  # fmt: skip
    return True


def is_clear(found: Estimate) -> bool:
    """Whether an estimate leaves nothing to a person: 符合, within the quota, an amount, nothing
    missing, taken on trust, or waiting for somebody's confirmation."""
    told = found.explanation
    paid = found.amount is not None and found.amount > 0
    certain = not told.missing and not told.unverified
    return paid and told.verdict == VERDICTS[PAY] and told.selected is not False and certain
