"""What an enterprise says of a briefing, and how its question gets to the interpretation desk."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from jigai.core.access import Access, Denied
from jigai.core.models import User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.outreach.briefing_people import managed_by, own_invitations
from jigai.outreach.models import BriefingFeedback
from jigai.policies.models import Clause, Interpretation
from jigai.policies.services.ask_question import ask_question

ASKED = "briefing-question"


def give_feedback(
    *, invitation: int, score: int, text: str, question: str, slug: str, clause: str, by: User,
    access: Access,
) -> BriefingFeedback:  # fmt: skip
    """Keep it and tell whoever runs the briefing of a question.

    Raises :class:`JigaiError` before it has been read or attended, for a question without a clause
    and for a clause that does not exist.
    """
    found = own_invitations(access).select_related("briefing__created_by").filter(pk=invitation)
    row = found.first()
    if row is None:
        raise Denied("out-of-reach", "这条通知不是发给您企业的")
    if row.read_at is None and row.attended_at is None:
        raise JigaiError("not-read", "还没有阅读或到会", "先阅读，再反馈")
    if not 1 <= score <= 5:
        raise JigaiError("bad-score", "满意度是 1 到 5 分", "选一项")
    if question.strip() and not _known(slug, clause):
        raise JigaiError("no-clause", "没有选问的是哪一条", "选条款，问题才能转给解释机关")
    with transaction.atomic():
        made = BriefingFeedback.objects.create(
            invitation=row, score=score, text=text.strip(), question=question.strip(),
            slug=slug if question.strip() else "", clause=clause if question.strip() else "",
            created_by=by,
        )  # fmt: skip
        if made.question:
            url = reverse("briefing-detail", args=[row.briefing_id])
            transaction.on_commit(
                lambda: send_notice(
                    user=row.briefing.created_by, event=ASKED, body=made.question, url=url,
                    title=f"宣讲后有问题：{row.briefing.title}",
                ) and None
            )  # fmt: skip
    return made


def _known(slug: str, clause: str) -> bool:
    return Clause.objects.filter(pack__slug=slug, pack__is_current=True, code=clause).exists()


def ask_from_feedback(*, feedback: int, by: User, access: Access) -> Interpretation:
    """Make a question of the interpretation desk of it; asked once, whoever clicks.

    Raises :class:`JigaiError` for feedback without a question.
    """
    with transaction.atomic():
        rows = BriefingFeedback.objects.select_for_update(of=("self",))
        own = managed_by(access).order_by().values("pk")
        found = rows.filter(pk=feedback, invitation__briefing__in=own).first()
        if found is None:
            raise Denied("not-yours", "这条反馈不是您部门宣讲的")
        if found.asked is not None:
            return found.asked
        if not found.question:
            raise JigaiError("no-question", "这条反馈没有提问题")
        found.asked = ask_question(
            slug=found.slug, clause=found.clause, question=found.question, by=by, access=access
        )
        found.save(update_fields=["asked"])
    return found.asked
