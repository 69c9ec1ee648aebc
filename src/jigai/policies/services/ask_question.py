"""Somebody asks what a clause means, or takes the question back."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from jigai.core.access import Access, Denied
from jigai.core.models import User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.policies.addressees import people_with
from jigai.policies.models import Clause, Interpretation
from jigai.policies.standing import current_version


def ask_question(
    *, slug: str, clause: str, question: str, by: User, access: Access, public: bool = True
) -> Interpretation:
    """Record the question and tell those who may answer it.

    Raises :class:`Denied` without the right to ask and :class:`JigaiError` for a document or clause
    that is not there, or nothing asked.
    """
    access.require("desk.ask")
    version = current_version(slug)
    if not Clause.objects.filter(pack=version, code=clause).exists():
        raise JigaiError("unknown-clause", f"《{version.title}》里没有条款“{clause}”", "重新选条款")
    if not question.strip():
        raise JigaiError("no-question", "还没有写问题", "写清条文哪里不明白、遇到的是什么情形")
    with transaction.atomic():
        asked = Interpretation.objects.create(
            slug=slug,
            clause=clause,
            question=question.strip(),
            asked_by=by,
            region_code=version.region_code,
            public=public,
        )
        transaction.on_commit(lambda: _tell(asked, version.title))
    return asked


def _tell(asked: Interpretation, title: str) -> None:
    for person in people_with("desk.answer", asked.region_code, asked.slug):
        if person.pk != asked.asked_by_id:
            send_notice(
                user=person,
                event="desk-asked",
                title=f"待答复：{title} {asked.clause}",
                body=asked.question,
                url=reverse("desk-detail", args=[asked.pk]),
            )


def withdraw_question(*, question: int, by: User) -> Interpretation:
    """The asker takes back a question nobody has answered.

    Raises :class:`Denied` for anybody else and :class:`JigaiError` once it is answered.
    """
    with transaction.atomic():
        found = Interpretation.objects.select_for_update().get(pk=question)
        if found.asked_by_id != by.pk:
            raise Denied("not-the-asker", "只有提问人可以撤回问题")
        if found.status != Interpretation.Status.OPEN:
            raise JigaiError(
                "not-open", f"这个问题{found.get_status_display()}，不能撤回", "刷新页面查看答复"
            )
        found.status = Interpretation.Status.WITHDRAWN
        found.version += 1
        found.save(update_fields=["status", "version"])
    return found
