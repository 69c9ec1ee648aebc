"""Files of a case: stored with the form that brought them, served to who may see the case."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse

from jigai.cases.forms import DeedForm
from jigai.cases.models import Case
from jigai.cases.services.write_values import applicants_fields
from jigai.cases.viewer import Viewer
from jigai.core.evidence import cite, store_evidence
from jigai.core.models import EvidenceFile, User


def store(case: Case, upload: Any, by: User, purpose: str) -> EvidenceFile:
    """Keep one uploaded file as evidence of a case."""
    kept = store_evidence(
        stream=upload.file, name=upload.name, owner=by, region_code=case.region_code,
        enterprise=case.enterprise, source=f"办件 {case.number}",
    )  # fmt: skip
    cite(
        file=kept, kind="case", key=case.pk, label=f"办件 {case.number}", purpose=purpose[:100],
        url=reverse("case-detail", args=[case.number]), by=by,
    )  # fmt: skip
    return kept


def stored(form: DeedForm, by: User) -> dict[str, Any]:
    """What the form of a verb brought, with its files stored in the transaction of the deed."""
    data, case = form.deed_data(), form.view.case
    for item in form.written_fields():
        upload = form.cleaned_data.get(f"v-{item.id}")
        if item.type == "file" and upload:
            kept = store(case, upload, by, item.label)
            data["values"][item.id] = {"id": kept.pk, "name": kept.name}
    if form.verb == "supply_deferred":
        data["evidence"] = {
            name[2:]: store(case, upload, by, form.fields[name].label or "材料").pk
            for name, upload in form.cleaned_data.items() if name.startswith("e-") and upload
        }  # fmt: skip
    return data


def file_of(view: Viewer, key: str) -> EvidenceFile:
    """``e-<material>`` or ``f-<field>``: the file, unless it is kept from this person (404)."""
    kind, _, name = key.partition("-")
    if kind == "e" and name.isdigit():
        row = view.case.evidence.select_related("file").filter(pk=int(name)).first()
        if row is not None and row.file is not None:
            return row.file
    if kind == "f" and name not in view.hidden:
        value = view.case.values.get(name)
        shown = view.tells_opinions or name in _applicants(view)
        if shown and isinstance(value, dict) and value.get("id"):
            found = EvidenceFile.objects.filter(pk=value["id"]).first()
            if found is not None:
                return found
    raise Http404


def _applicants(view: Viewer) -> set[str]:
    return {item.id for item in applicants_fields(view.spec)}
