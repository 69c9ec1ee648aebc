"""Begins a study with its first scenario, or copies one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction

from jigai.core.access import Access, Denied
from jigai.core.evidence import cite
from jigai.core.models import EvidenceFile, User
from jigai.errors import JigaiError
from jigai.policies.addressees import reaches
from jigai.policies.models import PackDraft, PackVersion
from jigai.workbench.models import SandboxScenario, SandboxStudy
from jigai.workbench.sandbox.access import USE, visible_studies

FIRST = "现行规定"
IMPORTED = "imported"
_NEEDED = ("enterprises", "projects")


def create_study(
    *,
    title: str,
    year: int,
    region_code: str,
    population: str,
    base: PackVersion | None,
    draft: PackDraft | None = None,
    as_of: dt.date | None = None,
    deadline: dt.date | None = None,
    note: str = "",
    files: Mapping[str, EvidenceFile] | None = None,
    read: Sequence[tuple[str, Mapping[str, str]]] = (),
    by: User,
    access: Access,
) -> SandboxStudy:
    """A study; the document as it stands is the first scenario, a draft's text the second.

    ``files`` are the workbooks of an imported population by kind. ``read`` takes the place of the
    first scenario: names with the readings the document is decided by. Raises :class:`Denied` out
    of reach and :class:`JigaiError` without a document or without the workbooks that are needed.
    """
    access.require(USE)
    if not reaches(access, USE, region_code):
        raise Denied("out-of-reach", "这个地区不在您的数据权限之内")
    if base is None and draft is None:
        raise JigaiError("no-document", "还没有选政策文件", "选一份已安装的文件，或一份起草稿")
    given = dict(files or {})
    if population == IMPORTED and not set(_NEEDED) <= set(given):
        raise JigaiError("no-workbooks", "上传的工作簿不全", "至少要企业名录和技改项目台账")
    with transaction.atomic():
        study = SandboxStudy.objects.create(
            title=title.strip()[:120], note=note.strip()[:400], region_code=region_code, year=year,
            as_of=as_of, deadline=deadline, population=population,
            sources={kind: file.pk for kind, file in given.items()}, created_by=by,
        )  # fmt: skip
        for kind, file in given.items():
            cite(file=file, kind="sandbox", key=study.pk, label=study.title, purpose=kind, by=by)
        _scenarios(study, base, draft, read or [(FIRST, {})])
    return study


def _scenarios(
    study: SandboxStudy,
    base: PackVersion | None,
    draft: PackDraft | None,
    read: Sequence[tuple[str, Mapping[str, str]]],
) -> None:
    place = 0
    if base is not None:
        for place, (name, readings) in enumerate(read, 1):
            SandboxScenario.objects.create(
                study=study, place=place, name=name, slug=base.slug, base=base,
                readings=dict(readings),
            )  # fmt: skip
    if draft is not None:
        SandboxScenario.objects.create(
            study=study, place=place + 1, name=f"起草稿：{draft.title}"[:60], slug=draft.slug,
            base=base, draft=draft, draft_version=draft.version, files=draft.files,
        )  # fmt: skip


def copy_study(*, study: int, by: User, access: Access) -> SandboxStudy:
    """One's own copy of a study one may see: its population as taken and its scenarios.

    Raises :class:`Denied` where it may not be seen.
    """
    access.require(USE)
    with transaction.atomic():
        old = visible_studies(access).filter(pk=study).first()
        if old is None:
            raise Denied("out-of-reach", "这个沙盘不在您的数据权限之内")
        names = ("note", "region_code", "year", "as_of", "deadline", "population", "sources",
                 "facts_file", "people_file", "known_at", "taken")  # fmt: skip
        new = SandboxStudy.objects.create(
            title=f"{old.title[:110]}（另存）", created_by=by,
            **{name: getattr(old, name) for name in names},
        )  # fmt: skip
        for row in old.scenarios.filter(active=True).order_by("place"):
            row.pk, row._state.adding, row.study, row.version = None, True, new, 1
            row.save(force_insert=True)
    return new
