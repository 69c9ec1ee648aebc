"""No complaint is closed without an outcome and an answer, however its procedure was changed."""

from __future__ import annotations

from jigai.cases.complaints import OUTCOMES
from jigai.cases.models import Case
from jigai.core.models import User
from jigai.errors import JigaiError

FOUNDED = ("true", "part")


def require_outcome(case: Case, by: User | None) -> None:
    """Raise :class:`JigaiError` for a complaint closed without result, handling or answer."""
    given = case.values
    if given.get("outcome") not in OUTCOMES:
        raise JigaiError(
            "no-outcome", "没有写结论，不能办结", "写明属实、部分属实、不属实或无法核实"
        )
    if not str(given.get("answer") or "").strip():
        raise JigaiError("no-answer", "没有写答复，不能办结", "写明核查的情况和处理，举报人能看到")
    if given["outcome"] in FOUNDED and not given.get("measure"):
        raise JigaiError("no-measure", "属实的没有写处理，不能办结", "写明退费、责令停止等")
    refund = given.get("refund")
    if given.get("measure") == "refund" and not refund:
        raise JigaiError("no-refund", "处理是退费，没有写退费金额", "填写实际退的金额")
    if refund and given.get("measure") != "refund":
        raise JigaiError("no-refund", "只有处理是退费的才填退费金额", "改处理，或删去金额")
