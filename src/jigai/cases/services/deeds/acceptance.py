"""受理、不予受理."""

from __future__ import annotations

import datetime as dt

from jigai.cases import hooks
from jigai.cases.services.advance import close
from jigai.cases.services.ask_gates import ask_gates
from jigai.cases.services.deed import CaseResult, CaseState, Deed
from jigai.cases.services.deeds.decide import finish_step
from jigai.cases.services.promises import promise_deferred
from jigai.cases.services.silence import TELL_BASIS, accepted_since, received_day
from jigai.cases.services.tell import tell_applicant
from jigai.cases.services.write_values import write_values
from jigai.errors import JigaiError


def accept(deed: Deed) -> None:
    """受理: the clock of the whole runs from today; materials promised later are due from today.

    Where the law took silence for acceptance already, it runs from the day of receipt.
    """
    case = deed.case
    if not deed.shape.accepts:
        raise JigaiError("not-acceptance", "这一步不是受理", "用“同意”或“不同意”办理")
    since = accepted_since(case, deed.calendar, deed.today)
    write_values(deed)
    ask_gates(case, "accept", deed.today, deed.by)
    deed.settle("agree")
    finish_step(deed, deed.step, "agree")
    opened(deed, since)


def opened(deed: Deed, since: dt.date | None) -> None:
    """The case is accepted: today, or ``since`` a day by silence."""
    case = deed.case
    case.state = CaseState.OPEN
    case.received_on = received_day(case)
    case.accepted_on = case.clock_from = since or deed.today
    case.accepted_by_silence = since is not None
    promised = promise_deferred(deed)
    basis = (
        f"逾期未告知，自收到申请材料之日（{since}）起即为受理（{TELL_BASIS}）" if since else None
    )
    deed.note(
        basis if deed.by is None else None, promised=promised, silence=str(since or ""),
        basis=TELL_BASIS if since else "", verb="accept" if deed.by else "silence",
    )  # fmt: skip
    tell_applicant(case, "已受理", basis or "")
    hooks.run_hooks(case, "accepted", deed.by)


def refuse_acceptance(deed: Deed) -> None:
    """不予受理, with the reason; the case ends before it began."""
    if not deed.shape.accepts:
        raise JigaiError("not-acceptance", "这一步不是受理", "用“不同意”并写明理由")
    since = accepted_since(deed.case, deed.calendar, deed.today)
    if since:
        raise JigaiError(
            "silent-acceptance", f"逾期未告知，自 {since} 起视为受理，不能再不予受理",
            f"{TELL_BASIS}；请受理以后依法作出决定",
        )  # fmt: skip
    deed.settle("disagree")
    finish_step(deed, deed.step, "disagree")
    deed.note()
    close(deed, CaseResult.NONE, CaseState.REFUSED)
    tell_applicant(deed.case, "不予受理", deed.reason)
