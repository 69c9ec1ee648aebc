"""The small forms of the verbs, made for one person, one case and one step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils import timezone

from jigai.cases.flow.shapes import LISTED_PAUSES, PAUSES, Step
from jigai.cases.flow.verbs import VERBS
from jigai.cases.flow.walk import before
from jigai.cases.models import Task
from jigai.cases.people import departments_to, people_to
from jigai.cases.services.write_values import applicants_fields
from jigai.cases.viewer import Viewer
from jigai.core.fields.controls import control, given, written
from jigai.core.fields.shapes import Field

Adding = Callable[["DeedForm"], None]


class DeedForm(forms.Form):
    """What a verb needs besides the click. ``deed_data`` is what the service takes; ``ends``: a
    delegation is taken back instead of given."""

    def __init__(
        self, verb: str, view: Viewer, task: Task | None, data: Any = None, files: Any = None
    ) -> None:
        super().__init__(data, files, auto_id=f"{verb}_%s")
        self.verb, self.view, self.task = verb, view, task
        at = task.step if task is not None else None
        self.step: Step | None = view.spec.step(at.code) if at is not None else None
        self.rule = VERBS[verb]
        asked = lent_now(task) if data is None else data.get("end")
        self.ends = verb == "delegate" and bool(asked)
        for add in (*ADDING.get(verb, ()), _reason):
            add(self)

    def written_fields(self) -> list[Field]:
        """Fields of the case that this step fills in."""
        names = self.step.write if self.step else ()
        return [item for item in self.view.spec.fields if item.id in names]

    @property
    def word(self) -> str:
        """What the click does, in words: a delegation in force is taken back (收回)."""
        return "收回委托" if self.ends else self.rule.word

    @property
    def needs_upload(self) -> bool:
        """Whether files come with the form."""
        return any(isinstance(item, forms.FileField) for item in self.fields.values())

    def deed_data(self) -> dict[str, Any]:
        """The words and choices as the deed takes them; files are stored by the view."""
        found: dict[str, Any] = {}
        for take in TAKING.get(self.verb, ()):
            found |= take(self)
        return found


def _day() -> forms.DateInput:
    # A date box of the browser understands no other way of writing it.
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def _reason(form: DeedForm) -> None:
    required = form.rule.reason
    label = "意见" if form.verb == "agree" else "理由" if required else "说明"
    form.fields["reason"] = forms.CharField(
        label=label, required=required, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": f"{form.word}要写理由，会记入流转记录"},
    )  # fmt: skip


def _values(form: DeedForm) -> None:
    for item in form.written_fields():
        one = control(item)
        one.initial = written(item, form.view.case.values.get(item.id))
        if form.verb in ("disagree",):
            one.required = False
        form.fields[f"v-{item.id}"] = one


def _decision(form: DeedForm) -> None:
    if form.step is not None and form.step.mode == "vote":
        form.fields["decision"] = forms.ChoiceField(
            label="表决", choices=[("agree", "同意"), ("abstain", "弃权")], initial="agree"
        )


def _back_to(form: DeedForm) -> None:
    spec = form.view.spec
    codes = before(spec, form.step.id) if form.step else ()
    choices = [(code, spec.step(code).name) for code in codes if not spec.step(code).accepts]
    form.fields["to"] = forms.ChoiceField(
        label="退回到", choices=choices, help_text="这一步和它之后的步骤都要重新办理"
    )


def _missing(form: DeedForm) -> None:
    days = form.view.spec.correction.days
    form.fields["days"] = forms.IntegerField(
        label="补正期限（工作日）", min_value=1, max_value=365, initial=days or None, required=False
    )
    for item in form.view.spec.evidence:
        form.fields[f"i-{item.id}"] = _say(f"材料：{item.name}")
    for field in applicants_fields(form.view.spec):
        form.fields[f"f-{field.id}"] = _say(f"填写：{field.label}")


def _say(label: str) -> forms.CharField:
    box = forms.TextInput(attrs={"placeholder": "缺什么、怎样补；没有问题的留空"})
    return forms.CharField(label=label, required=False, max_length=200, widget=box)


def _transfer_to(form: DeedForm) -> None:
    offices = [(f"d{pk}", name) for pk, name in departments_to(form.view, form.task)]
    persons = [(f"u{pk}", name) for pk, name in people_to(form.view, form.task)]
    groups = [("", "请选择"), ("人员", persons), ("部门", offices)]
    form.fields["to"] = forms.ChoiceField(label="转给", choices=groups)


def lent_now(task: Task | None) -> bool:
    """Whether a task is somebody else's to do today besides the one who holds it (委托)."""
    until = task.deputy_until if task is not None else None
    return until is not None and until >= timezone.localdate()


def _delegate_to(form: DeedForm) -> None:
    if form.ends:
        form.fields["end"] = forms.CharField(initial="1", widget=forms.HiddenInput)
        return
    people = [("", "请选择"), *people_to(form.view, form.task)]
    form.fields["to"] = forms.ChoiceField(label="委托给", choices=people)
    form.fields["until"] = forms.DateField(
        label="委托到",
        widget=_day(),
        initial=timezone.localdate,
    )


def _several(form: DeedForm) -> None:
    label = "抄送给" if form.verb == "copy" else "请谁加签"
    form.fields["to"] = forms.MultipleChoiceField(
        label=label, choices=people_to(form.view, form.task, wide=True),
        widget=forms.SelectMultiple(attrs={"size": 5}), help_text="按住 Ctrl 可以选几个人",
    )  # fmt: skip


def pause_kinds(view: Viewer, step: Step | None) -> list[tuple[str, str]]:
    """The reasons for which the step may stop the clock: code and word."""
    known = LISTED_PAUSES if view.spec.is_licensing else PAUSES
    allowed = step.pauses if step is not None else ()
    return [(code, word) for code, word in known.items() if code in allowed]


def _pause(form: DeedForm) -> None:
    spec = form.view.spec
    kinds = pause_kinds(form.view, form.step)
    form.fields["kind"] = forms.ChoiceField(label="事由", choices=kinds)
    form.fields["basis"] = forms.CharField(label="依据", max_length=200, required=False)
    if spec.is_licensing:
        form.fields["basis"].initial = "行政许可法第四十五条"
    form.fields["expected_days"] = forms.IntegerField(
        label="预计（工作日）", min_value=1, max_value=365,
        help_text="所需时间要书面告知申请人",
    )  # fmt: skip


def _which_pause(form: DeedForm) -> None:
    rows = [p for p in form.view.case.pauses.select_related("step")
            if p.ends is None and p.kind != "correction"]  # fmt: skip
    if len(rows) > 1:
        choices = [(str(p.pk), f"{p.step or '全程'}：{p.get_kind_display()}") for p in rows]
        form.fields["pause"] = forms.ChoiceField(label="恢复哪一处", choices=choices)


def _extend(form: DeedForm) -> None:
    most = form.view.spec.extension.days
    form.fields["days"] = forms.IntegerField(
        label="延长（工作日）", min_value=1, max_value=most or None, initial=most,
        help_text=f"最多 {most} 个工作日" if most else "",
    )  # fmt: skip


def _visit(form: DeedForm) -> None:
    form.fields["on"] = forms.DateField(
        label="日期",
        widget=_day(),
        initial=timezone.localdate,
    )


def _deferred(form: DeedForm) -> None:
    names = {item.id: item.name for item in form.view.spec.evidence}
    for row in deferred_of(form.view):
        until = f"，承诺 {row.promised_on} 前补齐" if row.promised_on else ""
        form.fields[f"e-{row.item}"] = forms.FileField(
            label=f"{names.get(row.item, row.item)}{until}", required=False
        )


def deferred_of(view: Viewer) -> list[Any]:
    """Materials still to follow (容缺)."""
    return [row for row in view.case.evidence.all() if row.state in ("deferred", "late")]


ADDING: dict[str, tuple[Adding, ...]] = {
    "accept": (_values,), "agree": (_decision, _values), "disagree": (_values,),
    "send_back": (_back_to,), "correct": (_missing,), "transfer": (_transfer_to,),
    "delegate": (_delegate_to,), "add_signer": (_several,), "copy": (_several,),
    "pause": (_pause,), "resume": (_which_pause,), "extend": (_extend,),
    "visit": (_visit,), "supply_deferred": (_deferred,),
}  # fmt: skip


def _take_values(form: DeedForm) -> dict[str, Any]:
    case, found = form.view.case, {}
    for item in form.written_fields():
        typed = form.cleaned_data.get(f"v-{item.id}")
        if typed in (None, "") and form.verb == "disagree":
            continue
        found[item.id] = given(item, typed, case.values)
    return {"values": found}


def _take(*names: str) -> Callable[[DeedForm], dict[str, Any]]:
    def take(form: DeedForm) -> dict[str, Any]:
        known = {name: form.cleaned_data.get(name) for name in names if name in form.fields}
        return {name: value for name, value in known.items() if value not in (None, "")}

    return take


def _take_transfer(form: DeedForm) -> dict[str, Any]:
    chosen = str(form.cleaned_data["to"])
    return {"department" if chosen[0] == "d" else "to": int(chosen[1:])}


def _take_person(form: DeedForm) -> dict[str, Any]:
    if form.ends:
        return {"end": True}
    return {"to": int(form.cleaned_data["to"]), "until": form.cleaned_data["until"]}


def _take_people(form: DeedForm) -> dict[str, Any]:
    return {"to": [int(pk) for pk in form.cleaned_data["to"]]}


def _take_missing(form: DeedForm) -> dict[str, Any]:
    told = {name: str(text).strip() for name, text in form.cleaned_data.items() if text}
    days = form.cleaned_data.get("days")
    return ({"days": days} if days else {}) | {
        kind: [{"id": name[2:], "say": text} for name, text in told.items() if name[:2] == mark]
        for kind, mark in (("items", "i-"), ("fields", "f-"))
    }


TAKING: dict[str, tuple[Callable[[DeedForm], dict[str, Any]], ...]] = {
    "accept": (_take_values,), "agree": (_take("decision"), _take_values),
    "disagree": (_take_values,), "send_back": (_take("to"),), "correct": (_take_missing,),
    "transfer": (_take_transfer,), "delegate": (_take_person,), "add_signer": (_take_people,),
    "copy": (_take_people,), "pause": (_take("kind", "basis", "expected_days"),),
    "resume": (_take("pause"),), "extend": (_take("days"),), "visit": (_take("on"),),
}  # fmt: skip
