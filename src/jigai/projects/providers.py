"""Facts of stored projects."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from jigai.core.models import Enterprise
from jigai.policies.providers import Label, Population, Provided, fact_provider
from jigai.policies.sources import file_finder, files_of
from jigai.projects.library.library_facts import add_library_facts
from jigai.projects.models import Project
from jigai.projects.project_facts import project_rows
from jigai.projects.stored_ledger import stored_projects


@fact_provider("project")
def projects(population: Population) -> Provided:
    """Every project of the year's ledger, repeated rows left out, keyed by its number."""
    ledger = stored_projects(population.region_code, population.year, population.known_at)
    rows = project_rows(ledger, population.year)
    add_library_facts(rows, population.known_at)
    columns = ("id", "name", "enterprise_id", "enterprise_raw", "region_code", "source_row")
    stored = Project.objects.filter(pk__in=[row["key"] for row in rows]).values_list(*columns)
    found = list(stored.order_by("id"))
    names = dict(
        Enterprise.objects.filter(pk__in={row[2] for row in found if row[2]}).values_list(
            "id", "name"
        )
    )
    labels = {
        key: Label(name, owner, names.get(owner, raw), region, source_row)
        for key, name, owner, raw, region, source_row in found
    }
    return Provided(rows, labels)


@file_finder("project", "项目台账")
def files_of_projects(keys: Iterable[Any], _population: Population) -> dict[int, int]:
    """Ledger rows by file."""
    return files_of(Project.objects.filter(pk__in=list(keys)))
