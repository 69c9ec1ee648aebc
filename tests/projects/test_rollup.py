"""The summary by region: the same money at every level, to the fen, and a way to its rows."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jigai.core.access import access_of
from jigai.core.models import User
from jigai.paths import packs_dir
from jigai.policies.models import Decision, EvaluationRun
from jigai.policies.services.install_pack import install_pack
from jigai.projects.rollup import Rollup, Sums, fold, rollup
from tests.factories import (
    CITY,
    COUNTY,
    PROVINCE,
    SIBLING,
    make_enterprise,
    make_project,
    make_regions,
    make_user,
)
from tests.query_counts import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.system("region-tree")]


@pytest.fixture
def everywhere(db: None) -> User:
    make_regions()
    return make_user("section-clerk", region=PROVINCE, scope="all", username="province")


@pytest.fixture
def ledger(everywhere: User) -> dict[str, Any]:
    """Odd amounts in several regions; one enterprise is registered elsewhere, one row repeats."""
    here = make_enterprise(region=COUNTY, registered_region=COUNTY)
    away = make_enterprise(region=COUNTY, registered_region="320500")
    nanjing = make_enterprise(region="320100", registered_region="320100")
    made = {
        "old code": make_project(here, region="370882", total_fen=1_000_001),
        "district": make_project(here, region=COUNTY, total_fen=333),
        "town": make_project(here, region="370812003", total_fen=7),
        "sibling": make_project(away, region=SIBLING, total_fen=50_000_000_019),
        "city": make_project(here, region=CITY, total_fen=11),
        "nanjing": make_project(nanjing, region="320100", total_fen=90_000),
        "nowhere": make_project(None, region="999999", total_fen=5),
        "no amount": make_project(here, region=COUNTY, total_fen=None),
    }
    made["repeat"] = make_project(here, region=COUNTY, total_fen=333, duplicate_of=made["district"])
    return made


def summed(user: User, parent: str = "", by: str = "site", **more: Any) -> Rollup:
    return rollup(access_of(user), year=2021, by=by, parent=parent, **more)


def fen(found: Rollup) -> dict[str, int]:
    return {line.code: line.sums.planned_fen for line in found.lines}


def reconcile(user: User, found: Rollup, by: str, **more: Any) -> int:
    """Every line adds up to its total, and so does every level below; how many were looked at."""
    for name in ("enterprises", "projects", "planned_fen", "selected", "evaluated_fen"):
        assert sum(getattr(line.sums, name) for line in found.lines) == getattr(found.total, name)
    count = 1
    for line in found.lines:
        if line.deeper:
            inner = summed(user, line.code, by, **more)
            assert inner.total == line.sums, line.name
            count += reconcile(user, inner, by, **more)
    return count


def test_old_and_new_codes_are_one_district(everywhere: User, ledger: dict[str, Any]) -> None:
    found = fen(summed(everywhere, CITY))
    assert found == {COUNTY: 1_000_341, SIBLING: 50_000_000_019, f"={CITY}": 11}
    # In 2012 the same rows would have stood under the code of that year.
    then = rollup(access_of(everywhere), year=2012, by="site", parent=CITY)
    assert [line.code for line in then.lines] == ["370882"]


@pytest.mark.parametrize("by", ["site", "registered"])
def test_sums_agree_at_every_level(everywhere: User, ledger: dict[str, Any], by: str) -> None:
    top = summed(everywhere, by=by)
    assert top.total.planned_fen == 50_001_090_376
    assert top.total.projects == 8 and top.total.enterprises == 3
    assert reconcile(everywhere, top, by) > 4


def test_where_it_is_registered_is_not_where_it_is_built(
    everywhere: User, ledger: dict[str, Any]
) -> None:
    site, registered = fen(summed(everywhere)), fen(summed(everywhere, by="registered"))
    assert site["320000"] == 90_000
    assert registered["320000"] == 90_000 + 50_000_000_019
    assert site["370000"] - registered["370000"] == 50_000_000_019
    assert site["?"] == registered["?"] == 5


def test_a_group_is_summed_though_it_is_no_division(
    everywhere: User, ledger: dict[str, Any]
) -> None:
    found = summed(everywhere, "sunan", "registered")
    assert fen(found) == {
        "320100": 90_000, "320200": 0, "320400": 0, "320500": 50_000_000_019, "321100": 0,
    }  # fmt: skip
    assert found.total.planned_fen == 50_000_090_019 and found.name == "苏南五市"


def run_over(projects: list[Any], *, payable: bool = True) -> EvaluationRun:
    """A stored run with a decision of 1.01 元 more for each project than for the one before."""
    pack = install_pack(folder=packs_dir() / "yanzhou-2020", check=False)
    run = EvaluationRun.objects.create(
        pack=pack, year=2021, region_code=PROVINCE, as_of="2021-12-31", known_at=timezone.now(),
        snapshot="", snapshot_file="", root_hash="", chain_hash=f"{payable}", payable=payable,
        simulation="" if payable else "仅模拟：政策草案，不产生应付", created_at=timezone.now(),
        summary={"projects": 0, "selected": 0, "total_fen": 0, "verdicts": {}},
    )  # fmt: skip
    for place, project in enumerate(projects, start=1):
        Decision.objects.create(
            run=run, subject="project", subject_key=str(project.pk), label=project.name,
            enterprise=project.enterprise, region_code=project.region_code, verdict=1,
            selected=place != 2, paid_fen=place * 101,
        )  # fmt: skip
    Decision.objects.create(
        run=run, subject="member", subject_key="a#1", label="成员", region_code=COUNTY, verdict=1,
        selected=True, paid_fen=999,
    )  # fmt: skip
    return run


def test_evaluated_money_counts_what_is_selected_once(
    everywhere: User, ledger: dict[str, Any]
) -> None:
    run = run_over([ledger["old code"], ledger["district"], ledger["sibling"]])
    found = summed(everywhere, CITY, run=run)
    money = {line.code: (line.sums.selected, line.sums.evaluated_fen) for line in found.lines}
    assert money[COUNTY] == (1, 101) and money[SIBLING] == (1, 303)
    assert found.total.evaluated_fen == 404
    reconcile(everywhere, summed(everywhere, run=run), "site", run=run)


def test_nobody_sums_what_he_may_not_see(everywhere: User, ledger: dict[str, Any]) -> None:
    clerk = make_user("section-clerk", region=SIBLING)
    found = summed(clerk)
    assert fen(found) == {"370000": 50_000_000_019}


@pytest.mark.parametrize("by", ["site", "registered"])
@pytest.mark.parametrize("parent", ["", PROVINCE, CITY, "sunan"])
def test_every_figure_leads_to_exactly_its_rows(
    client: Client, everywhere: User, ledger: dict[str, Any], by: str, parent: str
) -> None:
    client.force_login(everywhere)
    run = run_over(list(ledger.values())[:4])
    url = f"/region-summary/?year=2021&by={by}&parent={parent}&run={run.pk}"
    page = client.get(url).content.decode()
    links = re.findall(r'<a href="([^"]+place=[^"]+)">(\d+)</a>', page)
    assert links
    for href, number in links:
        listed = client.get(href.replace("&amp;", "&")).content.decode()
        assert f"共 <strong>{number}</strong> 条" in listed, (href, number)
        assert "汇总地区" in listed


def test_the_page_says_when_the_money_is_simulated(
    client: Client, everywhere: User, ledger: dict[str, Any]
) -> None:
    client.force_login(everywhere)
    run_over([ledger["sibling"]], payable=False)
    page = client.get("/region-summary/?year=2021").content.decode()
    assert "模拟合计" in page and "不产生应付" in page and "拟补助合计" not in page


def test_the_page_asks_the_same_for_more_rows(
    client: Client, everywhere: User, ledger: dict[str, Any]
) -> None:
    client.force_login(everywhere)
    url = "/region-summary/?year=2021"
    client.get(url)
    few = len(queries_of(client, url))
    for place in range(12):
        make_project(make_enterprise(region=f"3701{place + 2:02d}"), total_fen=place)
    assert len(queries_of(client, url)) <= few <= 20


def test_no_data_and_a_wrong_place_are_told(client: Client, everywhere: User) -> None:
    client.force_login(everywhere)
    assert "这里还没有数据" in client.get("/region-summary/?year=2021").content.decode()
    assert client.get("/region-summary/?year=abc&parent=xx").status_code == 200
    make_project(name="示例项目")
    wrong = client.get("/projects/?place=nonsense").content.decode()
    assert "没有这样的地区" in wrong and "示例项目" not in wrong


def test_folding_loses_nothing() -> None:
    sums = {code: Sums(projects=1) for code in ("370812", "370882", "", "000000", "320500")}
    assert fold(sums, 2021, "").total.projects == 5
    assert fold(sums, 2021, CITY).total.projects == 2


def test_the_page_of_a_code_names_the_old_and_the_new_one(client: Client, everywhere: User) -> None:
    client.force_login(everywhere)
    page = client.get(f"/regions/{COUNTY}/").content.decode()
    assert "此前的代码" in page and "370882" in page
