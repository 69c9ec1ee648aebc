"""What registers are told about a project: see ``jigai.registers.special.project_source``."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.db.models import Q

from jigai.core.access import Access
from jigai.core.screens import list_filters
from jigai.projects.models import Project
from jigai.projects.selectors import projects_for
from jigai.registers.special.project_source import (
    ProjectFacts,
    register_many,
    register_projects,
)

_MOST, _MOST_OWNED = 10, 300


def _facts(row: Project) -> ProjectFacts:
    firm = row.enterprise
    return ProjectFacts(
        pk=row.pk, name=row.name, region=row.region_code,
        industry=firm.industry_code if firm else "", enterprise=row.enterprise_id,
        enterprise_name=firm.name if firm else row.enterprise_raw, code=row.code or "",
        nature=row.nature or "", year=row.year, total_fen=row.total_fen,
        same_as=row.duplicate_of_id,
    )  # fmt: skip


def find(access: Access, pk: int) -> ProjectFacts | None:
    """One project within reach."""
    row = projects_for(access).select_related("enterprise").filter(pk=pk).first()
    return _facts(row) if row is not None else None


def search(access: Access, words: str) -> Sequence[ProjectFacts]:
    """The newest few whose name, owner or code holds the words."""
    rows = list_filters.search(
        projects_for(access), words, codes=("code", "name", "enterprise_raw")
    )
    found = rows.select_related("enterprise").defer("search", "enterprise__search")
    return [_facts(row) for row in found.order_by("-id")[:_MOST]]


def owned(access: Access, enterprises: Collection[int]) -> Sequence[ProjectFacts]:
    """Projects of these enterprises, without rows that repeat another."""
    rows = projects_for(access).filter(enterprise__in=enterprises, duplicate_of__isnull=True)
    found = rows.select_related("enterprise").defer("search", "enterprise__search")
    return [_facts(row) for row in found.order_by("-id")[:_MOST_OWNED]]


def by_key(access: Access, keys: Collection[int]) -> Mapping[int, ProjectFacts]:
    """Projects by key, with the ones that they repeat."""
    repeated = projects_for(access).filter(pk__in=keys, duplicate_of__isnull=False)
    rows = projects_for(access).filter(Q(pk__in=keys) | Q(pk__in=repeated.values("duplicate_of")))
    found = rows.select_related("enterprise").defer("search", "enterprise__search")
    return {row.pk: _facts(row) for row in found}


def known(keys: Collection[int]) -> Collection[int]:
    """The keys that are in the library, for whoever checks a reference: no more than that."""
    return set(Project.objects.filter(pk__in=keys).values_list("pk", flat=True))


def register() -> None:
    """Answer the questions of registers."""
    register_many(by_key, known)
    register_projects(find, search, owned)
