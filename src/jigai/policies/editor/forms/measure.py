"""A measure: who gets what under which conditions, with the values it needs and worked cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from jigai.policies.editor.forms.entry import (
    EntryForm,
    Plain,
    RowForm,
    SmallForm,
    choice,
    formula,
    joined,
    long,
    text,
    told,
)
from jigai.policies.editor.forms.parameter import KINDS, checked_value
from jigai.rules.items import ITEM_SUBJECTS
from jigai.rules.wording import CAP_WORDS, SUBJECT_WORDS

SUBJECTS = {
    key: SUBJECT_WORDS[key]
    for key in ("project", "consortium", *(s for s in ITEM_SUBJECTS if s != "project"))
    if key in SUBJECT_WORDS
}
VERDICTS = (
    ("", "—"),
    ("符合", "符合"),
    ("不符合", "不符合"),
    ("未定", "未定"),
    ("缺数据", "缺数据"),
)
_YES = {"true", "yes", "1", "on", "是"}
_DAY = {"type": "date"}


class CapRow(RowForm):
    """An upper limit on one amount."""

    keys = ("per", "amount", "when")
    per = choice("对谁", (("", "不封顶"), *CAP_WORDS.items()))
    amount = text("上限（参数或公式）", 400, widget=forms.TextInput(attrs={"data-formula": True}))
    when = text("何时适用", 400, widget=forms.TextInput(attrs={"data-formula": True}))

    def clean(self) -> dict[str, Any]:
        """Whose limit, and how much."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(given.get("per")) != bool(given.get("amount")):
            raise forms.ValidationError("封顶要写对谁和上限")
        return given


class NewParameterRow(SmallForm):
    """A value the measure needs that is not there yet."""

    name = text("名称", 120)
    id = text("标识", 80)
    kind = choice("种类", (("", "—"), *KINDS.items()))
    value = text("取值", 200)
    since = forms.DateField(
        label="起日", required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs=_DAY)
    )
    unit = text("单位", 20)
    open = forms.BooleanField(label="未定", required=False)
    decides = text("由谁定", 120)

    def clean(self) -> dict[str, Any]:
        """Typed and dated, or open with who decides it."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not given.get("name"):
            if given.get("value") or given.get("kind"):
                raise forms.ValidationError("新参数要写名称")
            return given
        if not given.get("id") or not given.get("kind"):
            raise forms.ValidationError(f"“{given['name']}”要写标识和种类")
        if given.get("open"):
            if given.get("value"):
                raise forms.ValidationError(f"“{given['name']}”标为未定就不写取值")
            if not given.get("decides"):
                raise forms.ValidationError(f"“{given['name']}”未定，写明由谁定")
            if given["kind"] in ("amount", "threshold") and not given.get("unit"):
                raise forms.ValidationError(f"“{given['name']}”未定，写明单位，如 万元")
            return given
        if not given.get("value") or not given.get("since"):
            raise forms.ValidationError(f"“{given['name']}”要写取值和起日；没有定的勾“未定”")
        checked_value(given["kind"], given["value"])
        return given

    def plain(self, clause: str) -> Plain | None:
        """The parameter as written in its file."""
        data = self.cleaned_data
        if not data.get("name"):
            return None
        found: Plain = {"id": data["id"], "name": data["name"], "clause": clause}
        found["kind"] = data["kind"]
        if data.get("unit"):
            found["unit"] = data["unit"]
        if data.get("open"):
            return {**found, "status": "undetermined", "decides": data["decides"]}
        value = {"from": data["since"].isoformat(), "value": data["value"]}
        return {**found, "status": "stated", "values": [value]}


class NewExampleRow(SmallForm):
    """A worked case: what is given, what must come out."""

    name = text("情形", 120)
    given = choice("以谁为底", ())
    facts = long(
        "与之不同的", 2, 1000, attrs={"placeholder": "计划总投资：2000万元", "data-formula": True}
    )
    verdict = choice("应为", VERDICTS)
    amount = text("金额", 60)

    def clean(self) -> dict[str, Any]:
        """A name and a verdict, or nothing."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not given.get("name"):
            if given.get("facts") or given.get("verdict"):
                raise forms.ValidationError("样例要写是什么情形")
        elif not given.get("verdict"):
            raise forms.ValidationError(f"“{given['name']}”要写应为什么结论")
        return given


class MeasureForm(EntryForm):
    """Name, subject, conditions, amount, limits; new parameters and examples beside it."""

    section = "measures"
    order = (
        "id", "number", "name", "clause", "clauses", "subject", "computable", "instrument",
        "exclusive", "charge", "gates", "member_gates", "when", "amount", "checks", "then",
        "rounding", "caps",
        "deduct", "split", "payers", "instalments", "payer", "decides", "evidence", "status_note",
        "counter", "facts", "systems", "inferred", "pending",
    )  # fmt: skip
    singles = (
        "id", "number", "name", "clause", "subject", "instrument", "exclusive", "when", "amount",
        "rounding", "deduct", "payer", "decides", "status_note", "counter", "pending",
    )  # fmt: skip
    lists = ("clauses", "evidence", "facts")
    tables = {"caps": (CapRow, 1)}

    name = text("名称", 120, required=True)
    id = text("标识", 80, required=True, help_text="英文，如 equipment-grant")
    number = forms.IntegerField(label="序号", min_value=1, max_value=999, help_text="同额时小者先")
    clause = choice("条款", (), required=True)
    clauses = text("另外依据的条款", 200, help_text="用顿号隔开")
    subject = choice("补给谁", SUBJECTS.items(), required=True)
    computable = forms.BooleanField(
        label="能算出金额", required=False, help_text="渠道、优先、服务类不勾：只记明，不给数"
    )
    gates = forms.MultipleChoiceField(
        label="资格门", required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )
    when = formula("起点条件", 2, help_text="如 达到(核定设备额, 设备起点)")
    amount = formula("金额公式", 3, help_text="如 核定设备额 * 设备补助比例；不写数，数写成参数")
    deduct = formula("再扣减", 1, help_text="封顶以后扣的数，扣到零为止")
    rounding = text("舍入", 60, help_text="不写按通用读法；可写 到元舍去")
    exclusive = text("互斥组", 60, help_text="项目、共同体以外的对象：同组只取金额最高的一项")
    payer = text("出资", 120)
    decides = text("谁决定", 120)
    evidence = long("申请材料", 2, help_text="一行一样，或用顿号隔开")
    facts = text("用到条款里的哪个数", 200)
    instrument = text("方式", 40, help_text="不能计算的写，如 loan、land")
    status_note = text("现状", 300, help_text="不能计算的写明为什么")
    counter = text("计什么数", 120, help_text="不能计算的写")
    pending = text("等待", 100)

    def __init__(
        self, data: Any = None, *, entry: Plain | None, gates: Sequence[tuple[str, str]] = (),
        profiles: Sequence[str] = (), since: Any = None, **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(data, entry=entry, **options)
        own = [str(gate) for gate in self.entry.get("gates") or []]
        known = [code for code, _word in gates]
        field = self.fields["gates"]
        field.choices = [*gates, *((g, f"{g}（没有这道门）") for g in own if g not in known)]
        self.parameters = forms.formset_factory(NewParameterRow, extra=3, max_num=8)(
            data, prefix="new-parameters", initial=None
        )
        self.examples = forms.formset_factory(NewExampleRow, extra=3, max_num=8)(
            data, prefix="new-examples"
        )
        choices = [("", "—"), *((name, name) for name in profiles)]
        for row in (*self.examples.forms, self.examples.empty_form):
            row.fields["given"].choices = choices
        if since is not None:
            for row in self.parameters.forms:
                row.fields["since"].initial = since

    @classmethod
    def initial_of(cls, plain: Plain) -> dict[str, Any]:
        """What goes without saying is ticked."""
        return {
            **super().initial_of(plain), "subject": told(plain.get("subject")) or "project",
            "computable": str(plain.get("computable", "true")).lower() in _YES,
            "gates": [str(one) for one in plain.get("gates") or []],
            "evidence": joined(plain.get("evidence")),
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A measure that is computed has an amount; one that is not says who decides."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("computable") and not told(given.get("amount")):
            self.add_error("amount", "能算出金额的措施要写金额公式")
        if not given.get("computable"):
            for key in ("decides", "status_note", "counter"):
                if not told(given.get(key)):
                    self.add_error(key, "不能计算的措施要写")
        return given

    def is_valid(self) -> bool:
        """The measure, its limits, the new parameters and examples."""
        more = [self.parameters.is_valid(), self.examples.is_valid()]
        return super().is_valid() and all(more)

    def more(self) -> Plain:
        """Ticks as they are written; what goes without saying is not."""
        data = self.cleaned_data
        found: Plain = {"number": str(data["number"]) if data.get("number") else ""}
        ticked = list(data["gates"])
        old = [str(gate) for gate in self.entry.get("gates") or [] if str(gate) in ticked]
        found["gates"] = old + [gate for gate in ticked if gate not in old]
        was = str(self.entry.get("computable", "true")).lower() in _YES
        if bool(data["computable"]) == was:
            found["computable"] = self.entry.get("computable", "")
        else:
            found["computable"] = "" if data["computable"] else "false"
        if data["subject"] == "project" and "subject" not in self.entry:
            found["subject"] = ""
        return found

    def new_parameters(self) -> list[Plain]:
        """Parameters to be added, cited by the clause of the measure."""
        clause = str(self.cleaned_data.get("clause", ""))
        rows = (form.plain(clause) for form in self.parameters.forms if form.has_changed())
        return [row for row in rows if row is not None]

    def new_examples(self) -> list[Plain]:
        """Examples as typed: name, profile, lines of facts, verdict, amount."""
        rows = [form.cleaned_data for form in self.examples.forms if form.has_changed()]
        return [row for row in rows if row.get("name")]
