"""What an application needs before it may go on: worked out, agreed by the rules, not stale."""

from __future__ import annotations

from django.db.models import Q

from jigai.errors import JigaiError
from jigai.funding.models import Application
from jigai.policies.words import VERDICT_WORDS
from jigai.rules.plan import PAY

# Only an amount that the rules gave and that still stands can be put on a list; what lacks data
# or is undetermined has none.
PAYABLE = Q(reviewed_fen__gt=0, stale="") & (
    Q(decision__verdict=PAY, decision__selected=True) | Q(decision__isnull=True)
)


def require_reviewed(application: Application) -> None:
    """Raise :class:`JigaiError` unless there is an amount from the audited base that stands."""
    number, decision = application.number, application.decision
    if application.stale:
        raise JigaiError("stale", f"{number} 待重算：{application.stale}", "先重新测算本批次")
    if decision is not None and decision.verdict != PAY:
        word = VERDICT_WORDS[decision.verdict]
        raise JigaiError(
            "not-payable", f"{number} 的测算结论是“{word}”，不能形成同意的审核意见",
            "缺的数据补上再测算；确实不符合的，选不同意并写明理由",
        )  # fmt: skip
    if application.reviewed_fen is None:
        raise JigaiError(
            "not-computed", f"{number} 还没有按审定基数测算", "先在批次审核页按审定基数测算"
        )
    if application.reviewed_fen == 0:
        raise JigaiError(
            "nothing-to-pay", f"{number} 按审定基数测算的金额是零", "选不同意并写明理由"
        )
