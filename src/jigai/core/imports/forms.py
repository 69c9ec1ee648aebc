"""What a clerk says about files, and the files themselves however they came."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.evidence import store_evidence
from jigai.core.evidence.pieces import finish_upload
from jigai.core.imports.reach import regions_for
from jigai.core.imports.registry import offered_kinds
from jigai.core.imports.services import MOST_FILES
from jigai.core.models import EvidenceFile, ImportBatch
from jigai.core.screens.context import region_name
from jigai.errors import JigaiError

# Up to here the regions are listed in the page; beyond, they are fetched while typing.
_LISTED = 200


class ImportForm(forms.Form):
    """Year, region and (where the clerk wants to say so) the kind of table."""

    year = forms.IntegerField(label="年度", min_value=1990, max_value=2100)
    region = forms.CharField(label="所属地区", max_length=12)
    kind = forms.ChoiceField(label="表类", required=False)

    def __init__(self, access: Access, data: Any = None, **options: Any) -> None:
        initial = {"year": timezone.localdate().year - 1, "region": access.home_region}
        options["initial"] = {**initial, **options.get("initial", {})}
        super().__init__(data, **options)
        self.fields["kind"].choices = [("", "自动识别"), *offered_kinds(access)]
        self.regions = list(regions_for(access)[: _LISTED + 1])

    @classmethod
    def of(cls, access: Access, batch: ImportBatch) -> ImportForm:
        """The form as a batch was read."""
        initial = {"year": batch.year, "region": batch.region_code, "kind": batch.kind}
        return cls(access, initial=initial)

    @property
    def chosen_region(self) -> str:
        """The code of the region to show."""
        return str(self["region"].value() or "")

    @property
    def listed_regions(self) -> list[Any]:
        """Regions to choose from in the page: all, or only the chosen one where there are many."""
        if len(self.regions) <= _LISTED:
            return self.regions
        code = self.chosen_region
        return [{"code": code, "name": region_name(code), "pinyin": "", "initials": ""}]

    @property
    def many_regions(self) -> bool:
        """Whether further regions must be fetched while typing."""
        return len(self.regions) > _LISTED


def given_files(request: Any, region_code: str) -> tuple[list[EvidenceFile], list[JigaiError]]:
    """Files of a form: finished uploads by their number, and files sent with the form itself.

    A file that is refused does not stop the others; the reasons come back beside them.
    """
    taken: list[EvidenceFile] = []
    refused: list[JigaiError] = []
    uploads = request.POST.getlist("upload")[:MOST_FILES]
    sent = request.FILES.getlist("files")
    if len(uploads) + len(sent) > MOST_FILES:
        raise JigaiError("import-many-files", f"一次最多导入 {MOST_FILES} 个文件", "请分几次导入")
    for number in uploads:
        try:
            key = uuid.UUID(number)
        except ValueError:
            refused.append(JigaiError("upload-unknown", "这次上传已过期", "请重新选择文件上传"))
            continue
        try:
            taken.append(
                finish_upload(
                    owner=request.user, upload_id=key, region_code=region_code, source="导入"
                )
            )
        except JigaiError as problem:
            refused.append(problem)
    for item in sent:
        try:
            taken.append(
                store_evidence(
                    stream=item.file, name=item.name, owner=request.user,
                    region_code=region_code, source="导入",
                )
            )  # fmt: skip
        except JigaiError as problem:
            refused.append(problem)
    if refused and not taken:
        raise refused[0]
    for file in taken:
        if file.region_code != region_code:
            # Sent before the region was chosen.
            file.region_code = region_code
            file.save(update_fields=["region_code"])
    return taken, refused


def chosen_from(data: QueryDict, batch: ImportBatch, kind: str) -> dict[str, Any]:
    """The clerk's choices out of the form; columns only count while the kind stays the same."""
    if not kind:
        return {}
    if kind != batch.kind:
        return {"kind": kind}
    fields, units = {}, {}
    for column in batch.columns:
        name = data.get(f"field_{column['letter']}")
        if name is not None and name != column["field"]:
            fields[column["letter"]] = name
        unit = data.get(f"unit_{column['field']}", "")
        if column["field"] and unit and unit != column["unit"]:
            units[column["field"]] = unit
    before = batch.choices if batch.choices.get("kind") == kind else {}
    return {
        "kind": kind,
        "sheet": data.get("sheet", ""),
        "fields": {**before.get("fields", {}), **fields},
        "units": {**before.get("units", {}), **units},
    }
