"""Targets counted from registers: count against path, and nothing judged that cannot be."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jigai.core.access import Access, access_of
from jigai.paths import packs_dir
from jigai.policies.models import PackItem
from jigai.policies.sections import Live, live_items
from jigai.policies.services.install_pack import install_pack
from jigai.registers.live_targets import sources_of
from jigai.registers.services.load_content import FOLDER, load_file
from jigai.rules.schema_programme import Target
from tests.factories import make_enterprise, make_regions, make_user
from tests.registers.content.shipped import put

pytestmark = [pytest.mark.django_db, pytest.mark.system("provider-pool")]
GUANGDONG = "440000"


class Document:
    """An installed document and the access of somebody who looks at it."""

    def __init__(self, slug: str, *codes: str) -> None:
        make_regions()
        for code in codes:
            load_file(FOLDER / f"{code}.yaml")
        install_pack(folder=packs_dir() / slug, check=False)
        self.slug = slug
        self.access: Access = access_of(make_user("leader"))

    def live(self, *codes: str) -> dict[str, Live]:
        rows = PackItem.objects.filter(pack__slug=self.slug, section="targets").select_related(
            "pack"
        )
        items = list(rows.filter(code__in=codes) if codes else rows)
        found = live_items(self.access, items)
        return {item.code: found[item.pk] for item in items}


def providers(register: Any, number: int, since: dt.date, **more: Any) -> None:
    rows = [
        {"provider": {"name": f"示例{since}{n}{more}"}, "kind": "数据采集", "fields": "上云",
         "place": GUANGDONG, **more}
        for n in range(number)
    ]  # fmt: skip
    put(register, *rows, since=since)


def test_the_pool_counts_towards_the_hundred_providers_of_guangdong() -> None:
    document = Document("guangdong-2019", "provider-pool")
    told = document.live("GD-T09")["GD-T09"]
    assert told.status == "missing" and "“服务商资源池”里还没有登记" in told.words
    assert "工业和信息化主管部门登记" in told.words
    pool = load_file(FOLDER / "provider-pool.yaml")
    providers(pool, 30, dt.date(2019, 6, 1))
    providers(pool, 5, dt.date(2019, 6, 1), kind="诊断")  # another kind
    providers(pool, 7, dt.date(2019, 6, 1), place="370812")  # elsewhere
    providers(pool, 9, dt.date(2023, 1, 1))  # after the period
    told = document.live("GD-T09")["GD-T09"]
    assert told.words == "现有 39 家，目标 100 家（2020 年底前）：未达成"
    assert told.status == "rejected"
    figures = dict(told.figures)
    assert figures["还差"] == "70 家" and figures["期内到 2020 年底"] == "30 家"
    assert "2020 年 100" in figures["按路径须达到"]
    providers(pool, 70, dt.date(2020, 12, 31), kind="应用服务")
    told = document.live("GD-T09")["GD-T09"]
    assert told.status == "done" and "达成" in told.words and told.url


def test_a_stock_is_counted_at_the_end_with_a_strict_threshold_of_the_register() -> None:
    document = Document("sunan-2017", "ten-billion-list")
    told = document.live("SN-T14")["SN-T14"]
    assert told.status == "missing" and "百亿级" in told.words
    register = load_file(FOLDER / "ten-billion-list.yaml")
    for number, region in enumerate(("320500", "320200", "320300")):  # the last is not of the group
        firm = make_enterprise(f"示例集团{number}", region)
        put(register, {"enterprise": {"id": firm.pk}, "basis": "集团", "revenue": "120亿元",
                       "year": "2018"}, since=dt.date(2019, 4, 1))  # fmt: skip
    told = document.live("SN-T14")["SN-T14"]
    assert told.words.startswith("现有 2 家，目标 110 家") and told.status == "rejected"


def test_no_source_is_missing_with_who_reports_and_directions_are_never_judged() -> None:
    found = Document("guangdong-2019").live()
    assert found["GD-T01"].status == "missing"
    assert "缺数据" in found["GD-T01"].words and "报" in found["GD-T01"].words
    assert "定性不判" in found["GD-T18"].words and found["GD-T18"].status == "neutral"
    judged = {"done", "rejected", "running"}
    assert not [code for code, live in found.items() if live.status in judged]


def test_a_target_takes_the_list_that_states_the_same_number() -> None:
    Document("guangdong-2019", "provider-pool")
    pack = PackItem.objects.filter(pack__slug="guangdong-2019").first().pack
    rows = PackItem.objects.filter(pack=pack, section="targets")
    targets = [
        Target.model_validate({
            "id": r.code, "name": r.name, "clause": "一", "unit": r.data.get("unit", ""),
            "value": r.data.get("value"), "comparator": r.data["comparator"],
            "growth": r.data["growth"], "better": r.data["better"],
            "facts": r.data.get("facts", []),
        })
        for r in rows
    ]  # fmt: skip
    found = {code: register.code for code, register in sources_of(pack, targets).items()}
    assert found["GD-T09"] == "provider-pool"
    assert found["GD-T08"] == "guangdong-2019-gd-r05"
    assert "GD-T10" not in found and "GD-T02" not in found


def test_queries_do_not_grow_with_entries() -> None:
    document = Document("guangdong-2019", "provider-pool")
    pool = load_file(FOLDER / "provider-pool.yaml")
    seen = []
    for number in (3, 30):
        providers(pool, number, dt.date(2019, 6, number))
        with CaptureQueriesContext(connection) as queries:
            document.live()
        seen.append(len(queries))
    assert seen[1] <= seen[0] <= 40
