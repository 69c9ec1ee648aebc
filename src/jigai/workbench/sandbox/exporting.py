"""Writes a study as a file and keeps it with the evidence, cited by the study."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from django.db.models import QuerySet

from jigai.core.evidence import cite, store_evidence
from jigai.core.models import EvidenceFile, EvidenceUse, User
from jigai.workbench.models import SandboxAnalysis, SandboxStudy
from jigai.workbench.sandbox.book import write_study
from jigai.workbench.sandbox.standing import standings
from jigai.workbench.sandbox.word import study_paper

KIND, PURPOSE = "sandbox", "导出"
FORMS = {"docx": "Word", "xlsx": "Excel"}


def write_export(
    study: SandboxStudy, form: str, by: User, progress: Callable[[str, float], None]
) -> EvidenceFile:
    """The file, stored. Raises :class:`JigaiError` where a result file is gone."""
    listed, answers = standings(study), newest_answers(study)
    progress("写文件", 0.5)
    if form == "docx":
        content = study_paper(study, listed, answers)
    else:
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "study.xlsx"
            write_study(study, listed, answers, target)
            content = target.read_bytes()
    name = study.title.replace("/", "／").replace("\\", "＼")
    file = store_evidence(
        stream=io.BytesIO(content), name=f"{name}（模拟）.{form}", owner=by,
        region_code=study.region_code, source="政策沙盘导出",
    )  # fmt: skip
    cite(file=file, kind=KIND, key=study.pk, label=study.title, purpose=PURPOSE, by=by)
    return file


def newest_answers(study: SandboxStudy) -> Sequence[SandboxAnalysis]:
    """The newest answer to each question about scenarios in use, oldest question first."""
    rows = study.analyses.filter(scenario__active=True).select_related("scenario")
    found: dict[tuple[int, str, str], SandboxAnalysis] = {}
    for row in rows.order_by("id"):
        found[row.scenario_id, row.kind, str(sorted(row.asked.items()))] = row
    return list(found.values())


def exports_of(study: SandboxStudy) -> QuerySet[EvidenceUse]:
    """Files exported before, newest first."""
    uses = EvidenceUse.objects.filter(kind=KIND, key=str(study.pk), purpose=PURPOSE)
    return uses.select_related("file", "created_by").order_by("-id")
