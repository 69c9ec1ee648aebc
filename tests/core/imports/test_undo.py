"""Taking a batch back restores what it found, or says what stands in the way."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.utils import timezone

from jigai.core.imports.services import undo
from jigai.core.imports.undo import blockers
from jigai.core.models import (
    Enterprise,
    EnterpriseFigure,
    EnterpriseName,
    ImportBatch,
    Job,
    User,
)
from jigai.core.selectors_figures import figures_by_enterprise
from jigai.core.stored_register import stored_register
from jigai.funding.models import Consortium, ConsortiumMember, InvoiceLine
from jigai.projects.models import Project
from jigai.projects.stored_ledger import stored_projects
from tests.core.imports import kit
from tests.core.imports.kit import bring, register, run_jobs
from tests.factories import COUNTY, make_figure, make_project, uscc_of

HISTORY = {"id", "version", "search"}


def content(model: Any) -> list[tuple[Any, ...]]:
    names = [f.attname for f in model._meta.concrete_fields if f.name not in HISTORY - {"id"}]
    return list(model.objects.order_by("id").values_list(*names))


def take_back(batch: ImportBatch, by: User) -> Job:
    undo(batch_id=batch.pk, by=by)
    (job, *_) = run_jobs()
    batch.refresh_from_db()
    return job


def test_new_rows_go_and_changed_rows_return(clerk: User) -> None:
    bring(register("兖州甲机械有限公司", "兖州乙机械有限公司"), clerk, name="一.xlsx")
    before = content(Enterprise), stored_register(COUNTY, kit.YEAR)
    second = bring(
        register("兖州甲重工有限公司", "兖州乙机械有限公司", "兖州丙机械有限公司", grade="B"),
        clerk, name="二.xlsx",
    )  # fmt: skip
    assert content(Enterprise) != before[0]
    in_between = timezone.now()
    assert take_back(second, clerk).status == Job.Status.DONE
    assert (content(Enterprise), stored_register(COUNTY, kit.YEAR)) == before
    assert second.status == "undone" and second.undone_at
    # The version only grows, so that a form opened in between notices.
    assert Enterprise.objects.get(uscc=uscc_of(1)).version == 3
    firm = Enterprise.objects.get(uscc=uscc_of(1))
    assert figures_by_enterprise([firm.pk], kit.YEAR)[firm.pk]["grade"].text == "A"
    assert EnterpriseFigure.objects.filter(withdrawn_at__isnull=False).count() == 2
    labels = apps.get_model("core.EnterpriseEvent").objects.order_by("pgh_id")
    assert list(labels.values_list("pgh_label", flat=True)) == [
        "insert", "insert", "insert", "update", "update", "delete",
    ]  # fmt: skip
    # What was known in between is still known: the renamed firm, and the third one.
    names = [record.name for record in stored_register(COUNTY, kit.YEAR, in_between)]
    assert names == ["兖州甲重工有限公司", "兖州乙机械有限公司", "兖州丙机械有限公司"]


def test_the_same_file_can_come_in_again_afterwards(clerk: User) -> None:
    first = bring(register("兖州甲机械有限公司"), clerk)
    take_back(first, clerk)
    assert not Enterprise.objects.exists() and not EnterpriseFigure.objects.exists()
    bring(register("兖州甲机械有限公司"), clerk)
    assert Enterprise.objects.count() == 1


def test_undo_is_done_once(clerk: User) -> None:
    batch = bring(register("兖州甲机械有限公司"), clerk)
    first, second = undo(batch_id=batch.pk, by=clerk), undo(batch_id=batch.pk, by=clerk)
    assert first.pk == second.pk
    assert take_back(batch, clerk).status == Job.Status.DONE
    assert not Enterprise.objects.exists()


def refused(batch: ImportBatch, by: User) -> str:
    listed = "；".join(item.text for item in blockers(batch))
    job = take_back(batch, by)
    assert job.status == Job.Status.FAILED and job.error_code == "import-undo-blocked"
    assert job.error == f"不能撤销：{listed}"
    assert batch.status == "committed"
    return listed


def test_a_later_file_of_the_same_kind_comes_first(clerk: User) -> None:
    first = bring(register("兖州甲机械有限公司"), clerk, name="一.xlsx")
    second = bring(register("兖州甲机械有限公司"), clerk, name="二.xlsx")
    assert refused(first, clerk) == "之后又入库了同类文件“二.xlsx”，请先撤销它"
    take_back(second, clerk)
    assert take_back(first, clerk).status == Job.Status.DONE


def test_a_row_changed_by_hand_since_is_named(clerk: User) -> None:
    batch = bring(register("兖州甲机械有限公司", "兖州乙机械有限公司"), clerk)
    Enterprise.objects.filter(uscc=uscc_of(2)).update(town="新兖镇", version=2)
    assert refused(batch, clerk) == "企业兖州乙机械有限公司在入库之后改动过"
    # Put back as it was, nothing stands in the way.
    Enterprise.objects.filter(uscc=uscc_of(2)).update(town="酒仙桥街道", version=3)
    assert take_back(batch, clerk).status == Job.Status.DONE


def test_a_changed_row_that_was_changed_again_is_named(clerk: User) -> None:
    bring(register("兖州甲机械有限公司"), clerk)
    second = bring(register("兖州甲重工有限公司"), clerk)
    Enterprise.objects.update(name="兖州甲装备有限公司")
    assert "兖州甲装备有限公司在入库之后改动过" in refused(second, clerk)


def test_what_was_built_on_new_rows_is_counted(clerk: User) -> None:
    batch = bring(register("兖州甲机械有限公司"), clerk)
    firm = Enterprise.objects.get()
    make_project(firm)
    make_figure(firm, "grade", 2022, "A")
    listed = refused(batch, clerk)
    assert "有 1 条项目用到本批新建的企业" in listed
    assert "有 1 条年度数据用到本批新建的企业" in listed


def test_projects_invoices_and_consortia_go_back_in_reverse_order(
    clerk: User, samples: Any
) -> None:
    batches = kit.bring_samples(samples, clerk)
    before = stored_projects(COUNTY, kit.YEAR)
    assert "发票行" in refused(batches["projects"], clerk)
    for kind in ("invoices", "consortium_members", "projects", "enterprises"):
        assert take_back(batches[kind], clerk).status == Job.Status.DONE
    for model in (InvoiceLine, ConsortiumMember, Consortium, Project, Enterprise, EnterpriseName):
        assert not model.objects.exists(), model
        event = apps.get_model(f"{model._meta.label}Event").objects
        gone = event.filter(pgh_label="delete").count()
        assert gone == event.filter(pgh_label="insert").count() > 0
    kit.bring_samples(samples, clerk)
    again = stored_projects(COUNTY, kit.YEAR)
    assert [p.project_name for p in again] == [p.project_name for p in before]
