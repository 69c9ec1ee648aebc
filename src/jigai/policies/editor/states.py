"""Where a draft stands on its way, and what may be done there."""

from __future__ import annotations

from typing import Any

from jigai.errors import JigaiError
from jigai.policies.models import PackDraft

State: Any = PackDraft.State

# The way on screen: a draft without consultation leaves the third and fourth step out.
WAY = (
    State.DRAFTING,
    State.REVIEW,
    State.CONSULTATION,
    State.REVISING,
    State.ISSUING,
    State.ISSUED,
)
# From which state what leads where.
MOVES: dict[str, dict[str, str]] = {
    "submit": {State.DRAFTING: State.REVIEW},
    "consult": {State.REVIEW: State.CONSULTATION},
    "approve": {State.REVIEW: State.REVISING},
    "heard": {State.CONSULTATION: State.REVISING},
    "finish": {State.REVISING: State.ISSUING},
    "return": {State.REVIEW: State.DRAFTING, State.ISSUING: State.REVISING},
    "issue": {State.ISSUING: State.ISSUED},
    "withdraw": {
        State.DRAFTING: State.WITHDRAWN, State.REVIEW: State.WITHDRAWN,
        State.REVISING: State.WITHDRAWN, State.ISSUING: State.WITHDRAWN,
    },
}  # fmt: skip
_WORDS = {
    "submit": "送审", "consult": "转征求意见", "approve": "通过审核", "heard": "转修改定稿",
    "finish": "送印发", "return": "退回", "issue": "印发", "withdraw": "撤回",
}  # fmt: skip


def require_open(draft: PackDraft) -> None:
    """Raise :class:`JigaiError` for a draft whose text is frozen or finished."""
    if not draft.is_open:
        raise JigaiError(
            "draft-frozen",
            f"起草稿处于“{draft.get_state_display()}”，内容不能改",
            "退回以后再改；印发以后要改，另起一份",
        )


def moved(draft: PackDraft, verb: str) -> str:
    """The state a verb leads to. Raises :class:`JigaiError` where it cannot be done now."""
    found = MOVES[verb].get(draft.state)
    if found is None:
        raise JigaiError(
            "not-now", f"起草稿处于“{draft.get_state_display()}”，不能{_WORDS[verb]}",
            "刷新页面，看看现在到了哪一步",
        )  # fmt: skip
    return found
