"""The step of a round that chooses measures: one small form each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from jigai.errors import JigaiError
from jigai.funding.models import Round, RoundMeasure
from jigai.funding.rounds.offered import Offered, fits, offered_by, opened_measure
from jigai.funding.rounds.shapes_text import evidence_text, fields_text, read_evidence, read_fields


class MeasureForm(forms.Form):
    """Whether a measure is opened, with its quota, evidence and form."""

    chosen = forms.BooleanField(label="开放", required=False)
    places = forms.IntegerField(
        label="名额", min_value=1, max_value=100_000, required=False, help_text="空着不限"
    )
    evidence = forms.CharField(
        label="材料清单", required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="每行一份；不必须的后面写（可选）；说明写在冒号后",
    )  # fmt: skip
    fields_typed = forms.CharField(
        label="申报表", required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="每行一项：名称，类型，必填；类型如 文字、数值、金额、日期",
    )  # fmt: skip

    offered: Offered

    def clean_evidence(self) -> list[dict[str, Any]]:
        """The list in its shape."""
        return _said(read_evidence, self.cleaned_data["evidence"])

    def clean_fields_typed(self) -> list[dict[str, Any]]:
        """The form in its shape."""
        return _said(read_fields, self.cleaned_data["fields_typed"])

    def detail(self) -> dict[str, Any]:
        """As the service takes it."""
        given = self.cleaned_data
        return {"evidence": given["evidence"], "fields": given["fields_typed"],
                "places": given["places"]}  # fmt: skip


class OwnForm(forms.Form):
    """A matter of 一事一议 that the document has no measure for."""

    name = forms.CharField(label="事项", max_length=200, required=False)
    clause = forms.CharField(label="依据条款", max_length=120, required=False)


def measure_forms(round_: Round, data: Mapping[str, Any] | None) -> list[MeasureForm]:
    """A form for every measure the way of the round allows, filled with what is chosen."""
    held = {row.code: row for row in round_.measures.all()}
    found = []
    for item in offered_by(round_.pack):
        if not fits(item, round_.mode):
            continue
        row = held.get(item.code) or opened_measure(round_, item, 0)
        form = MeasureForm(data, prefix=item.code, initial=_initial(row, item.code in held))
        form.offered = item
        found.append(form)
    return found


def own_form(round_: Round, data: Mapping[str, Any] | None) -> OwnForm | None:
    """The form of an own matter, in a round of 一事一议."""
    if round_.mode != Round.Mode.CASE:
        return None
    row = round_.measures.filter(code="own-case").first()
    first = {"name": row.name, "clause": row.clause} if row else {}
    return OwnForm(data, prefix="own", initial=first)


def _initial(row: RoundMeasure, chosen: bool) -> dict[str, Any]:
    return {"chosen": chosen, "places": row.places, "evidence": evidence_text(row.evidence),
            "fields_typed": fields_text(row.fields)}  # fmt: skip


def _said(read: Any, text: str) -> list[dict[str, Any]]:
    try:
        found: list[dict[str, Any]] = read(text)
    except JigaiError as problem:
        raise forms.ValidationError(f"{problem.message}。{problem.hint}") from problem
    return found
