"""The applicant's form: fields and materials of a draft, or those a notice of 补正 asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse

from jigai.cases.asked import Section, sections_of
from jigai.cases.flow.shapes import Evidence
from jigai.cases.models import Case, CaseEvidence, Correction
from jigai.cases.services.write_values import applicants_fields
from jigai.core.fields.controls import control, given, written
from jigai.core.fields.shapes import Field
from jigai.core.fields.values import read_value
from jigai.errors import JigaiError


@dataclass(frozen=True, slots=True)
class Material:
    """A row of materials: what there is, its upload, and the choice to hand it in later."""

    item: Evidence
    row: CaseEvidence | None
    upload: forms.BoundField
    defer: forms.BoundField | None
    say: str

    @property
    def url(self) -> str:
        """Where the file handed in before can be fetched; empty without one."""
        if self.row is None or self.row.file is None:
            return ""
        return reverse("case-file", args=[self.row.case.number, f"e-{self.row.pk}"])


class DraftForm(forms.Form):
    """Everything the applicant fills in. Nothing is demanded while saving; handing in demands it
    in the service. With a ``correction`` only what it asks for is there."""

    def __init__(
        self, case: Case, correction: Correction | None = None, data: Any = None, files: Any = None
    ) -> None:
        super().__init__(data, files, auto_id="draft_%s")
        self.case, self.correction = case, correction
        self.held = {row.item: row for row in case.evidence.select_related("file", "case")}
        asked = _said(correction.fields) if correction else None
        self.items = [
            f for f in applicants_fields(case.release.spec) if asked is None or f.id in asked
        ]
        for item in self.items:
            self._add_field(item, (asked or {}).get(item.id, ""))
        wanted = _said(correction.items) if correction else None
        self.evidence = [e for e in case.release.spec.evidence if wanted is None or e.id in wanted]
        self.says = wanted or {}
        for evidence in self.evidence:
            self._add_evidence(evidence)

    def _add_field(self, item: Field, say: str) -> None:
        one = control(item)
        one.required, one.initial = False, written(item, self.case.values.get(item.id))
        # The mark tells what is needed; the browser must not refuse to save a half-filled draft.
        one.label = f"{item.shown_label}（必填）" if item.required else item.shown_label
        if say:
            one.help_text = f"要求补正：{say}"
        self.fields[f"v-{item.id}"] = one

    def _add_evidence(self, item: Evidence) -> None:
        self.fields[f"e-{item.id}"] = forms.FileField(label=item.name, required=False)
        if item.deferrable and self.correction is None:
            row = self.held.get(item.id)
            self.fields[f"d-{item.id}"] = forms.BooleanField(
                label=f"容缺：承诺受理后 {item.days} 个工作日内补齐", required=False,
                initial=row is not None and row.state == CaseEvidence.State.DEFERRED,
            )  # fmt: skip

    @property
    def value_fields(self) -> list[forms.BoundField]:
        """The bound fields of values, in their order."""
        return [self[f"v-{item.id}"] for item in self.items]

    @property
    def materials(self) -> list[Material]:
        """The rows of materials."""
        return [
            Material(item, self.held.get(item.id), self[f"e-{item.id}"],
                     self[f"d-{item.id}"] if f"d-{item.id}" in self.fields else None,
                     self.says.get(item.id, ""))
            for item in self.evidence
        ]  # fmt: skip

    def values(self) -> dict[str, Any]:
        """What was typed, by field, for the service to read; empty boxes empty the value."""
        return {
            item.id: given(item, self.cleaned_data.get(f"v-{item.id}"), self.case.values)
            for item in self.items
        }

    def sections(self) -> list[Section]:
        """The questions asked by what is typed, or stored, now; none while 补正 asks for parts."""
        if self.correction is not None:
            return []
        return sections_of(self.case, self._as_typed(), self.answers())

    def _as_typed(self) -> dict[str, Any]:
        """The values with what is typed in place of what is stored; what cannot be read is left."""
        values = dict(self.case.values)
        if not self.is_bound:
            return values
        for item in self.items:
            name = f"v-{item.id}"
            typed = self.fields[name].widget.value_from_datadict(self.data, self.files, name)
            if typed is None:
                continue
            try:
                values[item.id] = read_value(item, given(item, typed, self.case.values))
            except JigaiError:
                values.pop(item.id, None)
        return values

    def answers(self) -> dict[str, str]:
        """The answers chosen, by the key of the question."""
        return {
            name.removeprefix("q-"): str(value)
            for name, value in self.data.items() if name.startswith("q-")
        }  # fmt: skip

    def uploads(self) -> Mapping[str, Any]:
        """New files by material."""
        return {
            item.id: upload for item in self.evidence
            if (upload := self.cleaned_data.get(f"e-{item.id}"))
        }  # fmt: skip

    def deferred(self) -> list[str]:
        """Materials to be handed in later; a file given at once counts more."""
        return [
            item.id for item in self.evidence
            if self.cleaned_data.get(f"d-{item.id}") and not self.cleaned_data.get(f"e-{item.id}")
        ]  # fmt: skip


def _said(rows: list[dict[str, str]]) -> dict[str, str]:
    return {row["id"]: row.get("say", "") for row in rows}
