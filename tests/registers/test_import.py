"""Rows of a file into a register: five thousand, three hundred bad, nothing half-written."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jigai.core.access import access_of
from jigai.core.imports import services
from jigai.core.imports.registry import kind_titles, offered_kinds
from jigai.core.models import ImportBatch, ImportIssue, User
from jigai.registers.importing import kind_of
from jigai.registers.models import Entry, EntrySpan, LifeEvent, Register
from jigai.registers.selectors import entries_on
from tests.core.imports.kit import begin, book, run_jobs
from tests.factories import make_enterprise
from tests.registers.conftest import FIELDS, START, List, Make
from tests.registers.test_register_life import happen

pytestmark = [pytest.mark.django_db, pytest.mark.system("recognition-roster")]
HEADS = ("企业名称", "统一社会信用代码", "级别", "营业收入（万元）", "有效期至", "入册日期")
MARCH = dt.date(2024, 3, 1)


def row(name: str, level: str = "市级", revenue: Any = 5000, until: Any = "2025-12-31",
        day: Any = "2024-03-01") -> tuple[Any, ...]:  # fmt: skip
    return (name, None, level, revenue, until, day)


def bring(register: Register, clerk: User, *rows: Any) -> ImportBatch:
    batch = begin(book(HEADS, *rows), clerk, name="名册.xlsx", year=2024, kind=kind_of(register))
    assert batch.status == ImportBatch.Status.READY, (batch.status, batch.problem)
    return batch


def commit(batch: ImportBatch, by: User) -> ImportBatch:
    services.commit(batch_id=batch.pk, by=by)
    run_jobs()
    return ImportBatch.objects.get(pk=batch.pk)


def test_good_rows_enter_and_bad_ones_stay_out_with_reason_and_fix(
    register: Register, clerk: User
) -> None:
    firm = make_enterprise("示例甲有限公司")
    rows = [
        row("示例甲有限公司"), row("示例乙有限公司", "省级"), row("示例丙有限公司", "国家级"),
        row("示例丁有限公司", revenue=10), row("示例戊有限公司", revenue=None),
        row("示例甲有限公司"), row("示例己有限公司", "", 5000), row("示例庚有限公司", until="明年"),
    ]  # fmt: skip
    batch = bring(register, clerk, *rows)
    assert not Entry.objects.exists()
    assert batch.counts["planned"]["created"] == 2
    assert batch.counts["planned"]["left_out"] == 6
    issues = {
        (i.row, i.column): i for i in ImportIssue.objects.filter(batch=batch, severity="error")
    }
    assert set(issues) == {(4, "C"), (5, "D"), (6, "D"), (7, "A"), (8, "C"), (9, "E")}
    assert "收入" in issues[5, "D"].message and "不能入册" in issues[5, "D"].message
    assert "可选：市级、省级" in issues[4, "C"].message and "本行不入库" in issues[9, "E"].message
    assert "补上" in issues[6, "D"].message and "第 2 行" in issues[7, "A"].message
    done = commit(batch, clerk)
    assert done.status == ImportBatch.Status.COMMITTED
    entry = Entry.objects.get(title="示例甲有限公司")
    assert (entry.enterprise_id, entry.source_row, entry.starts) == (firm.pk, 2, MARCH)
    assert entry.life.get().by == clerk and Entry.objects.count() == 2
    assert entries_on(register, MARCH).count() == 2
    assert entries_on(register, MARCH - dt.timedelta(days=1)).count() == 0


def test_five_thousand_rows_with_three_hundred_bad_ones(register: Register, clerk: User) -> None:
    rows = [
        row(f"示例第{number}有限公司", "错级" if number < 300 else "市级") for number in range(5000)
    ]
    batch = bring(register, clerk, *rows)
    assert batch.counts["planned"]["created"] == 4700
    assert ImportIssue.objects.filter(batch=batch, severity="error").count() == 300
    with CaptureQueriesContext(connection) as caught:
        commit(batch, clerk)
    # Rows go in by sets: the number of statements has nothing to do with the number of rows.
    assert len(caught) < 200
    assert Entry.objects.count() == EntrySpan.objects.count() == 4700
    assert LifeEvent.objects.filter(kind="admit").count() == 4700


def test_again_changes_only_what_differs_and_undo_gives_all_back(
    register: Register, clerk: User, listed: List
) -> None:
    firm = make_enterprise("示例原有有限公司")
    own = listed(register, firm={"id": firm.pk, "name": firm.name}, valid_to="2025-12-31")
    before = Entry.objects.get(pk=own.pk)
    batch = bring(
        register, clerk, row(firm.name, "省级", day="2024-06-01"), row("示例新来有限公司")
    )
    assert batch.counts["planned"]["changed"] == 1
    commit(batch, clerk)
    june = dt.date(2024, 6, 1)
    levels = [entries_on(register, day).get(entry=own).values["level"] for day in (MARCH, june)]
    assert levels == ["city", "province"]
    services.undo(batch_id=batch.pk, by=clerk)
    run_jobs()
    assert ImportBatch.objects.get(pk=batch.pk).status == ImportBatch.Status.UNDONE
    now = Entry.objects.get()
    assert (now.pk, now.values, now.title) == (before.pk, before.values, before.title)
    assert entries_on(register, june).get().values["level"] == "city"
    assert not LifeEvent.objects.filter(batch=batch).exists()


def test_an_undo_waits_for_what_was_built_on_it(
    register: Register, clerk: User, chief: User
) -> None:
    batch = commit(bring(register, clerk, row("示例甲有限公司")), clerk)
    entry = Entry.objects.select_related("register__current").get()
    happen(entry, "revoke", dt.date(2024, 9, 1), clerk, chief)
    services.undo(batch_id=batch.pk, by=clerk)
    run_jobs()
    assert ImportBatch.objects.get(pk=batch.pk).status == ImportBatch.Status.COMMITTED
    assert Entry.objects.count() == 1


def test_what_left_the_list_does_not_come_back_by_a_file(
    register: Register, clerk: User, chief: User, listed: List
) -> None:
    firm = make_enterprise("示例离册有限公司")
    entry = listed(register, START, firm={"id": firm.pk, "name": firm.name})
    happen(entry, "revoke", MARCH, clerk, chief)
    batch = bring(register, clerk, row(firm.name), row("示例甲有限公司"))
    issue = ImportIssue.objects.get(batch=batch, code="E_REGISTER_GONE")
    assert "在条目页办理" in issue.message and batch.counts["planned"]["created"] == 1


def test_rows_of_another_place_stay_out(make_register: Make, clerk: User) -> None:
    place = {"id": "place", "label": "所在地区", "type": "region"}
    register = make_register("placed", fields=[*FIELDS, place], region="place")
    content = book((*HEADS, "所在地区"), (*row("示例甲有限公司"), "370811"),
                   (*row("示例乙有限公司"), "370812"))  # fmt: skip
    batch = begin(content, clerk, year=2024, kind=kind_of(register))
    assert batch.counts["planned"]["created"] == 1
    assert ImportIssue.objects.get(batch=batch, severity="error").code == "E_REGISTER_PLACE"


def test_the_kind_is_offered_by_name_and_chosen_on_screen(
    register: Register, clerk: User, client: Client
) -> None:
    kind = kind_of(register)
    assert dict(offered_kinds(access_of(clerk)))[kind] == f"名录：{register.name}"
    assert kind_titles([kind]) == {kind: register.name}
    client.force_login(clerk)
    page = client.get(f"/imports/new/?kind={kind}").content.decode()
    assert f'value="{kind}" selected' in page
    batch = bring(register, clerk, row("示例甲有限公司"))
    for url in ("/imports/", f"/imports/{batch.pk}/"):
        assert register.name in client.get(url).content.decode()
