"""Forms around a list: the meeting, sending back, the next version."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.decorators import method_decorator

from jigai.core.access import requires
from jigai.core.evidence import cite, store_evidence
from jigai.core.models import EvidenceFile
from jigai.core.views.form_page import FormPage
from jigai.errors import JigaiError
from jigai.funding.decisions.access import APPROVE, MAKE
from jigai.funding.decisions.forms import MeetingForm, NextForm, RefuseForm
from jigai.funding.decisions.services.approve_list import refuse_list
from jigai.funding.decisions.services.next_list import STAGES, next_list
from jigai.funding.decisions.services.record_meeting import record_meeting
from jigai.funding.decisions.views.detail import find_list, seen_of
from jigai.funding.models import DecisionList
from jigai.funding.review.forms import fen_of


class _About(FormPage):
    """A form about one version; it remembers which state of it the person saw."""

    above = ("审定名单", "decision-list-list")
    row: DecisionList

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The version within reach."""
        self.row = find_list(request, kwargs["pk"])

    def context(self, request: Any) -> dict[str, Any]:
        """Which list it is about, and the way back to it."""
        back = reverse("decision-list-detail", args=[self.row.pk])
        facts = [("批次", self.row.round.name), ("版次", f"第 {self.row.number} 版")]
        seen = seen_of(request) if request.method == "POST" else self.row.version
        return {"facts": facts, "back": back, "seen": seen}


@method_decorator(requires(MAKE), name="dispatch")
class Meeting(_About):
    """The meeting on record."""

    form_class = MeetingForm
    title = "登记审定会议"
    done = "会议已登记"

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """As it was recorded before."""
        row = self.row
        first = {"meeting": row.meeting, "met_on": row.met_on, "attendees": row.attendees,
                 "minutes": row.minutes}  # fmt: skip
        files: Any = request.FILES if data is not None else None
        return MeetingForm(data, files, initial=first)

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Put it on record."""
        file = self._kept(request, values.pop("file"))
        record_meeting(
            decision_list=self.row.pk, by=request.user, access=request.access, file=file,
            seen=seen_of(request), **values,
        )  # fmt: skip
        return reverse("decision-list-detail", args=[self.row.pk])

    def _kept(self, request: Any, upload: Any) -> EvidenceFile | None:
        if not upload:
            return None
        region, url = self.row.round.region_code, self.context(request)["back"]
        file = store_evidence(
            stream=upload.file, name=upload.name, owner=request.user, region_code=region,
            source="会议纪要",
        )  # fmt: skip
        cite(file=file, kind="decision-list", key=self.row.pk, label=str(self.row),
             purpose="会议纪要", url=url, by=request.user)  # fmt: skip
        return file


@method_decorator(requires(APPROVE), name="dispatch")
class Refuse(_About):
    """Send a version back."""

    form_class = RefuseForm
    title = "不通过，退回拟订"
    submit = "不通过"
    tone = "danger"
    done = "已退回，申报回到审核完毕"

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """With the reason."""
        refuse_list(
            decision_list=self.row.pk, reason=values["reason"], by=request.user,
            access=request.access, seen=seen_of(request),
        )  # fmt: skip
        return reverse("decision-list-detail", args=[self.row.pk])


@method_decorator(requires(MAKE), name="dispatch")
class Next(_About):
    """The version for the next meeting."""

    form_class = NextForm
    title = "报下一环节"
    note = "这一版保持不变；下一版写明改了什么"
    submit = "生成下一版"
    done = "下一版已生成，核对后提请审定"
    columns = 1

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """The stages still to come."""
        words = dict(DecisionList.Stage.choices)
        later = STAGES[STAGES.index(self.row.stage) + 1 :]
        return NextForm(data, stages=[(code, str(words[code])) for code in later])

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """With what the meeting changed."""
        made = next_list(
            decision_list=self.row.pk, stage=values["stage"], by=request.user,
            access=request.access, changes=read_changes(self.row, values["changes"]),
        )  # fmt: skip
        return reverse("decision-list-detail", args=[made.pk])


def read_changes(row: DecisionList, text: str) -> dict[int, tuple[int, str]]:
    """Lines of ``number amount reason`` as application to (fen, reason).

    Raises :class:`JigaiError` naming a line that cannot be read or an application not on the list.
    """
    parts = [line.split(None, 2) for line in text.splitlines() if line.strip()]
    for place, part in enumerate(parts, start=1):
        if len(part) < 3:
            raise JigaiError(
                "bad-line", f"调整第 {place} 行写得不全", "写：申报编号 空格 金额（元） 空格 理由"
            )
    numbers = {part[0] for part in parts}
    rows = row.lines.filter(application__number__in=numbers).values_list(
        "application__number", "application"
    )
    known = dict(rows.order_by("place"))
    if missing := numbers - set(known):
        raise JigaiError("unknown-line", f"名单里没有 {sorted(missing)[0]}", "核对申报编号")
    return {known[number]: (fen_of(amount.replace(",", "")), reason)
            for number, amount, reason in parts}  # fmt: skip
