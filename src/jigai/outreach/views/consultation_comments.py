"""Comments on screen: write one, classify, answer several at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from jigai.core.access import requires
from jigai.core.services.send_once import send_once
from jigai.core.views.form_page import FormPage
from jigai.errors import JigaiError
from jigai.outreach.consultation_drafts import headings, pack_of
from jigai.outreach.consultation_forms import AnswerForm, CommentForm, KindForm
from jigai.outreach.consultation_selectors import inbox, managed, visible, waiting
from jigai.outreach.models import Consultation, ConsultationAnswer, ConsultationComment
from jigai.outreach.services.answer_comments import answer_comments
from jigai.outreach.services.classify_comment import classify_comment
from jigai.outreach.services.submit_comment import submit_comment


@method_decorator(requires("consultation.comment"), name="dispatch")
class NewComment(FormPage):
    """An enterprise or a department says what it thinks."""

    form_class = CommentForm
    title = "提意见"
    note = "公示时只有摘要，不显示是谁提的"
    submit = "提交意见"
    columns = 1
    done = ""

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """Find the round."""
        self.item = get_object_or_404(visible(request.access), pk=kwargs["pk"])

    def form(self, request: Any, data: Any = None) -> CommentForm:
        """With the clauses that are open."""
        names = headings(pack_of(self.item))
        first = {"clause": request.GET.get("clause", "")}
        return CommentForm(data, item=self.item, headings=names, initial=first)

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Keep it under the name of the house that sent it."""
        grants = request.access.granting("consultation.comment")
        holder = next((grant.holder for grant in grants if grant.holder), "")
        row = submit_comment(
            consultation=self.item.pk, nonce=request.POST.get("nonce", ""),
            author=request.user, access=request.access, name=str(request.user),
            organisation=holder, **values,
        )  # fmt: skip
        messages.success(request, f"意见已提交，回执号 {row.receipt}；公示后可凭回执号查答复")
        return reverse("consultation-detail", args=[self.item.pk])

    def context(self, request: Any) -> dict[str, Any]:
        """Back to the round."""
        back = reverse("consultation-detail", args=[self.item.pk])
        return {"heading": f"提意见：{self.item.title}", "above": self.item.title, "back": back}


@requires("consultation.manage")
@require_http_methods(["GET", "POST"])
def comment(request: Any, pk: int) -> HttpResponse:
    """One comment: who wrote it, what kind it is; change the kind or hide it."""
    row = get_object_or_404(inbox(request.access).select_related("author", "handled_by"), pk=pk)
    first = {"kind": row.kind, "hidden_reason": row.hidden_reason, "seen": row.version}
    form = KindForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_classify(request, row, form.cleaned_data))
        except JigaiError as problem:
            form.add_error(None, str(problem))
    names = headings(pack_of(row.consultation))
    context = {
        "row": row,
        "item": row.consultation,
        "heading": names.get(row.clause, ""),
        "form": form if row.consultation.status == Consultation.Status.OPEN else None,
        "alike": waiting(row.consultation, row.clause).exclude(pk=row.pk).count(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "outreach/comment_detail.html", context, status=status)


def _classify(request: Any, row: ConsultationComment, given: dict[str, Any]) -> str:
    def act() -> str:
        classify_comment(comment=row.pk, by=request.user, access=request.access, **given)
        messages.success(request, "已保存")
        return reverse("comment-detail", args=[row.pk])

    nonce = request.POST.get("nonce", "")
    return send_once(user=request.user, nonce=nonce, path=request.path, act=act)


class _AnswerPage(FormPage):
    """The form of an answer."""

    form_class = AnswerForm
    template_name = "outreach/comment_answer.html"
    columns = 1
    submit = "保存答复"
    done = "答复已保存，公示前可以改"
    item: Consultation
    clause: str
    answer: ConsultationAnswer | None = None

    def offered(self) -> list[ConsultationComment]:
        """Comments on the clause that wait, and those already under this answer."""
        rows = list(waiting(self.item, self.clause))
        if self.answer is not None:
            rows = [*self.answer.comments.order_by("id"), *rows]
        return rows

    def known(self, data: Any) -> list[ConsultationComment]:
        """What may be chosen. Of a form that was sent every comment on the clause, for the same
        form sent again must be led to its first result; the service says which are free."""
        if data is None:
            return self.offered()
        rows = ConsultationComment.objects.filter(consultation=self.item, clause=self.clause)
        return list(rows.order_by("id"))

    def context(self, request: Any) -> dict[str, Any]:
        """The comments in full beside the form."""
        names = headings(pack_of(self.item))
        back = reverse("consultation-detail", args=[self.item.pk])
        place = f"{self.clause} {names.get(self.clause, '')}".strip() or "全文"
        return {
            "heading": f"{self.title}：{place}", "above": self.item.title, "back": back,
            "comments": self.offered(), "place": place,
        }  # fmt: skip

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Put the comments under the answer."""
        answer_comments(
            consultation=self.item.pk,
            comments=[int(pk) for pk in values["comments"]],
            summary=values["summary"],
            verdict=values["verdict"],
            reason=values["reason"],
            answer=self.answer.pk if self.answer else None,
            seen=values["seen"] or 0,
            by=request.user,
            access=request.access,
        )
        return reverse("consultation-detail", args=[self.item.pk])


@method_decorator(requires("consultation.manage"), name="dispatch")
class NewAnswer(_AnswerPage):
    """Answer comments on one clause; ``?clause=`` says which, empty for the whole text."""

    title = "答复意见"

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """Find the round and the clause."""
        self.item = get_object_or_404(managed(request.access), pk=kwargs["pk"])
        self.clause = request.GET.get("clause", "")
        if not waiting(self.item, self.clause).exists() and request.method == "GET":
            raise Http404

    def form(self, request: Any, data: Any = None) -> AnswerForm:
        """With the comments that wait; ``?comment=`` ticks one."""
        first = {"comments": request.GET.getlist("comment"), "seen": 0}
        return AnswerForm(data, comments=self.known(data), initial=first)


@method_decorator(requires("consultation.manage"), name="dispatch")
class EditAnswer(_AnswerPage):
    """Change an answer before it is published."""

    title = "改答复"

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """Find the answer of a round within reach."""
        rows = ConsultationAnswer.objects.filter(consultation__in=managed(request.access))
        self.answer = get_object_or_404(rows.select_related("consultation"), pk=kwargs["pk"])
        self.item, self.clause = self.answer.consultation, self.answer.clause

    def form(self, request: Any, data: Any = None) -> AnswerForm:
        """With what it says now."""
        row = self.answer
        if row is None:
            raise Http404
        first = {
            "comments": [str(pk) for pk in row.comments.values_list("pk", flat=True)],
            "summary": row.summary, "verdict": row.verdict, "reason": row.reason,
            "seen": row.version,
        }  # fmt: skip
        return AnswerForm(data, comments=self.known(data), initial=first)
