"""The four sample workbooks through the database give what they give straight from the files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from jigai.core.models import Enterprise, EvidenceUse, ImportBatch, ImportIssue
from jigai.core.stored_register import stored_register
from jigai.funding.models import Consortium, ConsortiumMember, InvoiceLine
from jigai.funding.stored_funding import stored_lines, stored_members
from jigai.projects.models import Project
from jigai.projects.stored_ledger import keyed_register, stored_projects
from jigai.workbench.dossier import Dossier
from jigai.workbench.evaluation import fact_rows
from tests.core.imports import kit
from tests.factories import COUNTY

pytestmark = pytest.mark.django_db
Batches = dict[str, ImportBatch]


@pytest.fixture(scope="module")
def batches(
    django_db_setup: None, django_db_blocker: Any, samples: Path
) -> Iterator[Batches]:  # fmt: skip
    with kit.committed(django_db_blocker):
        yield kit.bring_samples(samples, kit.clerk(name="王经办"))


def stored_dossier(known_at: Any = None) -> Dossier:
    register = keyed_register(COUNTY, kit.YEAR, known_at)
    return Dossier(
        kit.YEAR,
        stored_register(COUNTY, kit.YEAR, known_at),
        stored_projects(COUNTY, kit.YEAR, known_at, register),
        stored_lines(COUNTY, kit.YEAR, known_at, register),
        stored_members(COUNTY, kit.YEAR, known_at, register),
        (),
        {},
    )


def with_file_rows(stored: Dossier, files: Dossier) -> Dossier:
    """The stored records with primary keys replaced by the rows of the files they came from."""
    project = {a.row: b.row for a, b in zip(stored.projects, files.projects, strict=True)}
    line = {a.row: b.row for a, b in zip(stored.lines, files.lines, strict=True)}
    firms = zip(stored.enterprises, files.enterprises, strict=True)
    members = zip(stored.members, files.members, strict=True)
    return replace(
        stored,
        enterprises=tuple(replace(a, row=b.row) for a, b in firms),
        members=tuple(replace(a, row=b.row) for a, b in members),
        projects=tuple(
            replace(
                p,
                row=project[p.row],
                duplicate_of_row=project.get(p.duplicate_of_row or 0),
            )
            for p in stored.projects
        ),
        lines=tuple(
            replace(
                item,
                row=line[item.row],
                project=project.get(item.project, item.project),  # type: ignore[arg-type]
                duplicate_of_row=line.get(item.duplicate_of_row or 0),
                red_original_row=line.get(item.red_original_row or 0),
            )
            for item in stored.lines
        ),
    )


@pytest.mark.system("as-of-replay")
@pytest.mark.parametrize("past", [False, True])
def test_stored_records_and_facts_equal_those_of_the_files(
    batches: Batches, dossier: Dossier, past: bool
) -> None:
    stored = with_file_rows(stored_dossier(timezone.now() if past else None), dossier)
    assert stored.enterprises == dossier.enterprises
    assert stored.projects == dossier.projects
    assert stored.lines == dossier.lines
    assert stored.members == dossier.members
    assert fact_rows(stored) == fact_rows(replace(dossier, issues=(), tables={}))


def test_before_the_import_nothing_was_known(batches: Batches) -> None:
    before = min(batch.created_at for batch in batches.values())
    empty = stored_dossier(before)
    assert (empty.enterprises, empty.projects, empty.lines, empty.members) == ((), (), (), ())


def test_findings_are_those_of_the_dossier(batches: Batches, dossier: Dossier) -> None:
    names = ("row", "column", "field", "code", "severity", "raw", "clean_value", "message")
    mine = Counter(ImportIssue.objects.order_by("id").values_list(*names))
    theirs = Counter(tuple(getattr(issue, name) for name in names) for issue in dossier.issues)
    assert mine == theirs


def test_every_file_is_in_with_its_counts(batches: Batches) -> None:
    done = {kind: batch.counts["done"] for kind, batch in batches.items()}
    assert {kind: counts["created"] for kind, counts in done.items()} == {
        "enterprises": 300, "projects": 201, "invoices": 1624, "consortium_members": 43,
    }  # fmt: skip
    assert done["enterprises"]["figures"] == 2400
    assert done["consortium_members"]["consortia"] == 12
    assert {batch.status for batch in batches.values()} == {"committed"}
    assert EvidenceUse.objects.filter(kind="import").count() == 4


@pytest.mark.parametrize("model", [Enterprise, Project, InvoiceLine, Consortium, ConsortiumMember])
def test_history_written_by_sets_is_what_the_triggers_would_write(
    batches: Batches, model: Any
) -> None:
    event = apps.get_model(f"{model._meta.label}Event")
    names = [
        f.attname for f in event._meta.concrete_fields if not f.name.startswith("pgh_")
    ]  # fmt: skip
    rows = list(model.objects.order_by("id").values_list(*names))
    assert rows
    assert list(event.objects.order_by("id").values_list(*names)) == rows
    assert set(event.objects.order_by().values_list("pgh_label", flat=True)) == {"insert"}
    # A change afterwards goes through the trigger again.
    row = model.objects.order_by("id").first()
    model.objects.filter(pk=row.pk).update(batch=None)
    assert event.objects.filter(id=row.pk).order_by("pgh_id").last().pgh_label == "update"
    model.objects.filter(pk=row.pk).update(batch=row.batch_id)


@pytest.mark.system("evidence-store")
def test_the_history_names_who_imported_and_why(batches: Batches) -> None:
    event = apps.get_model("core.EnterpriseEvent").objects.order_by("pgh_id").first()
    found = event.pgh_context.metadata
    assert found["user"] == batches["enterprises"].created_by_id
    assert found["reason"] == "入库 4 个文件"
    assert found["job"] == batches["enterprises"].job_id


def test_a_figure_names_its_cell(batches: Batches) -> None:
    firm = Enterprise.objects.get(uscc="91370812MAYQN5079N")
    revenue = firm.figures.get(term="revenue")
    assert (revenue.number, revenue.source) == (360660000, "01_企业名录_2021.xlsx M5")
    assert revenue.recorded_by_id == batches["enterprises"].created_by_id
    assert firm.pinyin == "ji ning duo yuan che qiao you xian gong si"
