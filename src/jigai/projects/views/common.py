"""What several screens of projects share: finding one, keeping a file, a form with a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404

from jigai.core.access import Denied
from jigai.core.evidence import cite, store_evidence
from jigai.core.models import EvidenceFile, EvidenceUse, User
from jigai.core.views.form_page import FormPage
from jigai.projects.models import Project
from jigai.projects.work.access import VIEW, project_in_reach


def project_or_404(request: Any, pk: int, capability: str = VIEW) -> Project:
    """A project in reach; outside of it nobody learns whether there is one."""
    try:
        return project_in_reach(request.access, pk, capability)
    except Denied as denied:
        if denied.code == "out-of-reach":
            raise Http404 from denied
        raise


def owner_of(project: Project) -> str:
    """Whose project it is."""
    return project.enterprise.name if project.enterprise else project.enterprise_raw


def keep(
    upload: Any, project: Project, by: User, *, kind: str, key: int, label: str, url: str
) -> EvidenceFile | None:
    """Store a file that came with a form and let the record cite it."""
    if not upload:
        return None
    file = store_evidence(
        stream=upload.file, name=upload.name, owner=by, region_code=project.region_code,
        enterprise=project.enterprise, source=label,
    )  # fmt: skip
    cite(file=file, kind=kind, key=key, label=label, purpose=label, url=url, by=by)
    return file


def files_of(kind: str, keys: list[int]) -> dict[int, list[EvidenceFile]]:
    """The files that records cite, by record."""
    uses = EvidenceUse.objects.filter(kind=kind, key__in=[str(key) for key in keys])
    found: dict[int, list[EvidenceFile]] = {}
    for use in uses.select_related("file").order_by("id"):
        found.setdefault(int(use.key), []).append(use.file)
    return found


class FilePage(FormPage):
    """A form that may bring a file."""

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """With the files of the request."""
        given: Any = request.FILES if data is not None else None
        return self.form_class(data, given, initial=self.start(request))

    def start(self, request: Any) -> dict[str, Any]:
        """What the fields hold at first."""
        return {}
