"""Which state of an application follows which; nothing else changes a state."""

from __future__ import annotations

from typing import Any

from jigai.funding.models import Application

S: Any = Application.State
# Before anything was decided the applicant may still take it back.
WITHDRAWABLE = (S.DRAFT, S.SIGNING, S.SUBMITTED, S.CORRECTION, S.REVIEW, S.REVIEWED, S.PROPOSED)
# Neither asked for any more nor in anybody's way.
OVER = (S.REFUSED, S.WITHDRAWN)
# The applicant still fills it in.
FILLING = (S.DRAFT, S.SIGNING)
# Decided on: it holds a place whatever the reading.
DECIDED = (S.DECIDED, S.PUBLIC, S.HELD, S.CLEARED, S.PAYING, S.PAID, S.RECOVERING)

FOLLOWING: dict[str, frozenset[str]] = {
    S.DRAFT: frozenset({S.SIGNING, S.SUBMITTED, S.WITHDRAWN}),
    S.SIGNING: frozenset({S.DRAFT, S.SUBMITTED, S.WITHDRAWN}),
    # 即申即享 and 免申即享 need no review by hand.
    S.SUBMITTED: frozenset({S.CORRECTION, S.REVIEW, S.REVIEWED, S.REFUSED, S.WITHDRAWN}),
    S.CORRECTION: frozenset({S.SUBMITTED, S.REVIEW, S.REFUSED, S.WITHDRAWN}),
    S.REVIEW: frozenset({S.CORRECTION, S.REVIEWED, S.REFUSED, S.WITHDRAWN}),
    S.REVIEWED: frozenset({S.CORRECTION, S.REVIEW, S.PROPOSED, S.REFUSED, S.WITHDRAWN}),
    S.PROPOSED: frozenset({S.REVIEW, S.REVIEWED, S.DECIDED, S.REFUSED, S.WITHDRAWN}),
    S.DECIDED: frozenset({S.REVIEW, S.REVIEWED, S.PROPOSED, S.PUBLIC, S.REFUSED}),
    S.PUBLIC: frozenset({S.DECIDED, S.HELD, S.CLEARED, S.REFUSED}),
    S.HELD: frozenset({S.REVIEW, S.DECIDED, S.PUBLIC, S.CLEARED, S.REFUSED}),
    S.CLEARED: frozenset({S.DECIDED, S.HELD, S.PAYING, S.REFUSED}),
    # A returned payment waits for its next batch.
    S.PAYING: frozenset({S.CLEARED, S.PAID}),
    S.PAID: frozenset({S.RECOVERING}),
    S.RECOVERING: frozenset({S.PAID}),
    # An objection or a review of the refusal that is upheld opens it again.
    S.REFUSED: frozenset({S.REVIEW}),
    S.WITHDRAWN: frozenset(),
}


def may_follow(before: str, after: str) -> bool:
    """Whether an application may go from one state to another."""
    return after in FOLLOWING[before]
