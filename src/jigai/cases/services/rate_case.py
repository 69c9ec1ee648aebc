"""办理评价: the applicant says how it went, once, after it is over."""

from __future__ import annotations

from django.db import transaction

from jigai.cases.access import desk_of, relations_of
from jigai.cases.models import Case, CaseRating
from jigai.core.access import Access, Denied
from jigai.core.models import User
from jigai.errors import JigaiError

OVER = ("done", "refused")
LOW = 2


def rate_case(*, case: int, score: int, words: str, by: User, access: Access) -> CaseRating:
    """Keep the score (1 to 5) and words; a low score needs words.

    Raises :class:`Denied` for anybody but the applicant and :class:`JigaiError` for a case that
    still runs, a score that is none, or a second rating.
    """
    from jigai.cases.services.act import locked_case

    with transaction.atomic():
        found: Case = locked_case(case)
        if "applicant" not in relations_of(found, access, [], desk_of(access)):
            raise Denied("not-the-applicant", "只有申请人可以评价", "")
        if found.state not in OVER:
            raise JigaiError("not-over", "办结以后才能评价", "办结以后在办件页上评价")
        if score not in (1, 2, 3, 4, 5):
            raise JigaiError("bad-score", "没有选择满意度", "在五档里选一档")
        if score <= LOW and not words.strip():
            raise JigaiError("no-words", "不满意的请写明哪里不好", "写一句话，便于改进")
        if CaseRating.objects.filter(case=found).exists():
            raise JigaiError("rated", "这件办件已经评价过", "一件只评一次")
        return CaseRating.objects.create(case=found, score=score, words=words.strip()[:1000], by=by)
