"""Releases: frozen, revised with a reason, and telling of nobody in particular."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client

from jigai.core.access import Denied, access_of
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.projects.analysis.releasing import Guard, hash_of
from jigai.projects.analysis.services.publish_release import publish_release
from jigai.projects.models import InvestmentRelease, MonthlyReport
from tests.factories import CITY, COUNTY, PROVINCE, SIBLING, make_enterprise, make_user
from tests.projects.analysis.made import made_project, report
from tests.query_counts import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.system("investment-release")]

NOTE = "示例补充说明"
SECRET = 123_456_700


@pytest.fixture
def many(everywhere: User) -> None:
    """Six enterprises of machinery and four of food in one county, one alone in another."""
    for code, count in (("3421", 6), ("1411", 4)):
        for n in range(count):
            owner = make_enterprise(region=COUNTY, industry_code=code)
            project = made_project(owner, tags=["direction/智能化"] if code == "3421" else [])
            report(project, 2021, 6, 10_000_000 + n)
    alone = make_enterprise(region=SIBLING, industry_code="3421")
    report(made_project(alone, "lonely", tags=["direction/绿色化"]), 2021, 6, SECRET)


def publish(user: User, **more: Any) -> InvestmentRelease:
    given = {
        "region": CITY, "year": 2021, "month": 6, "note": NOTE, "guard": Guard(3), "by": user,
        "access": access_of(user),
    }  # fmt: skip
    return publish_release(**{**given, **more})


def table(release: InvestmentRelease, by: str) -> dict[str, dict[str, Any]]:
    tables = {one["by"]: one for one in release.figures["tables"]}
    return {line["key"]: line for line in tables[by]["lines"]}


def test_a_single_enterprise_of_a_region_cannot_be_read_off(everywhere: User, many: None) -> None:
    made = publish(everywhere)
    regions = table(made, "region")
    assert "fen" not in regions[SIBLING] and regions[SIBLING]["withheld"] == "企业少于规定家数"
    # The other county goes too: the total less it would be the one enterprise.
    assert "fen" not in regions[COUNTY] and regions[COUNTY]["withheld"] == "为防止从合计倒推"
    assert table(made, "direction")["direction/绿色化"].get("fen") is None
    text = json.dumps(made.figures, ensure_ascii=False)
    assert str(SECRET) not in text and "lonely" not in text
    total = made.figures["total"]
    assert total["enterprises"] == 11
    shown = [row["fen"] for by in ("region", "industry", "direction")
             for row in table(made, by).values() if "fen" in row]  # fmt: skip
    for fen in shown:
        assert total["fen"] - fen != SECRET


def test_a_county_cannot_publish_what_its_city_withholds(everywhere: User, many: None) -> None:
    """The city's total less the one county would be the single enterprise of the other."""
    publish(everywhere)
    with pytest.raises(JigaiError) as caught:
        publish(everywhere, region=COUNTY)
    assert caught.value.code == "withheld-above"
    assert publish(everywhere, region=COUNTY, month=7).region_code == COUNTY


def test_a_city_cannot_publish_a_total_its_counties_tell_apart(
    everywhere: User, many: None
) -> None:
    publish(everywhere, region=COUNTY)
    with pytest.raises(JigaiError) as caught:
        publish(everywhere)
    assert caught.value.code == "too-few"


def test_groups_of_enough_enterprises_are_told(everywhere: User, many: None) -> None:
    MonthlyReport.objects.filter(project__name="lonely").delete()
    made = publish(everywhere)
    rows = table(made, "industry")
    assert rows["34"]["enterprises"] == 6 and rows["34"]["fen"] == 60_000_015
    assert rows["14"]["share"] == "40.0" and rows["14"]["growth"] is None
    assert made.figures["total"]["fen"] == 100_000_021


def test_a_group_one_enterprise_dominates_is_withheld(everywhere: User, many: None) -> None:
    rows = table(publish(everywhere, guard=Guard(3)), "industry")
    # 6 + 1 enterprises, but one of them has two thirds of it: below the limit.
    assert rows["34"]["fen"] > 0
    giant = make_enterprise(region=COUNTY, industry_code="1411")
    report(made_project(giant), 2021, 6, 900_000_000)
    rows = table(publish(everywhere, month=7), "industry")
    assert rows["14"]["withheld"] == "一家企业占了绝大部分"


def test_so_few_that_the_total_tells_are_not_released(everywhere: User) -> None:
    report(made_project(make_enterprise(region=COUNTY)), 2021, 6, 5)
    with pytest.raises(JigaiError) as caught:
        publish(everywhere)
    assert caught.value.code == "too-few" and not InvestmentRelease.objects.exists()


def test_a_release_says_how_it_was_made_and_stays_as_it_was(everywhere: User, many: None) -> None:
    made = publish(everywhere)
    assert "少于 3 家企业" in made.method and NOTE in made.method and "未入统" in made.method
    assert made.root_hash == hash_of(made.figures, made.method)
    before = made.figures["total"]["fen"]
    MonthlyReport.objects.filter(project__name="lonely").update(cumulative_fen=1)
    made.refresh_from_db()
    assert made.figures["total"]["fen"] == before
    made.title = "改了"
    with pytest.raises(ProgrammingError), transaction.atomic():
        made.save()


def test_a_correction_is_a_new_release_that_names_the_old_one(everywhere: User, many: None) -> None:
    first = publish(everywhere)
    with pytest.raises(JigaiError) as caught:
        publish(everywhere)
    assert caught.value.code == "already-released"
    with pytest.raises(JigaiError) as caught:
        publish(everywhere, revises=first.pk, reason=" ")
    assert caught.value.code == "no-reason"
    MonthlyReport.objects.filter(project__name="lonely").update(cumulative_fen=SECRET + 7)
    second = publish(everywhere, revises=first.pk, reason="补报一个项目")
    assert second.revises == first
    assert second.figures["total"]["fen"] - first.figures["total"]["fen"] == 7
    with pytest.raises(JigaiError) as caught:
        publish(everywhere, revises=first.pk, reason="再改")
    assert caught.value.code == "already-revised"
    assert publish(everywhere, month=5).revises is None


def test_only_who_reaches_the_whole_region_may_release(many: None) -> None:
    county = make_user("section-clerk", region=COUNTY)
    with pytest.raises(Denied):
        publish(county)
    assert publish(county, region=COUNTY).figures["total"]["enterprises"] == 10
    with pytest.raises(Denied):
        publish(make_user("finance", region=PROVINCE))
    with pytest.raises(JigaiError, match="至少 3 家"):
        publish(county, region=COUNTY, month=5, guard=Guard(2))


def test_everybody_reads_it_without_signing_in(
    client: Client, everywhere: User, many: None
) -> None:
    first = publish(everywhere)
    second = publish(everywhere, revises=first.pk, reason="示例原因")
    listed = client.get("/projects/analysis/public/").content.decode()
    assert "已被修订" in listed and "现行" in listed
    page = client.get(f"/projects/analysis/public/{first.pk}/").content.decode()
    assert "这一版已被修订" in page and "示例原因" in page and "不公布：企业少于规定家数" in page
    assert str(SECRET)[:6] not in page.replace(",", "")
    assert "修订</a>" not in client.get(f"/projects/analysis/public/{second.pk}/").content.decode()
    assert client.get("/projects/analysis/public/999999/").status_code == 404
    assert client.get(f"/projects/analysis/releases/{first.pk}/").status_code in (302, 403)


def test_publish_and_revise_on_screen(client: Client, everywhere: User, many: None) -> None:
    client.force_login(everywhere)
    url = "/projects/analysis/releases/new/"
    form = client.get(url).content.decode()
    nonce = form.partition('name="nonce" value="')[2].partition('"')[0]
    sent = {"region": CITY, "year": "2021", "month": "6", "k": "3", "note": "", "nonce": nonce}
    answer = client.post(url, sent)
    assert answer.status_code == 302
    made = InvestmentRelease.objects.get()
    page = client.get(answer.url).content.decode()
    assert "济宁市 2021 年 1—6 月技术改造投资情况" in page and "口径说明" in page
    url = f"/projects/analysis/releases/{made.pk}/revise/"
    nonce = client.get(url).content.decode().partition('name="nonce" value="')[2].partition('"')[0]
    assert client.post(url, {"k": "3", "reason": "", "note": "", "nonce": nonce}).status_code == 422
    answer = client.post(url, {"k": "3", "reason": "更正", "note": "", "nonce": nonce})
    assert answer.status_code == 302 and InvestmentRelease.objects.count() == 2
    url = "/projects/analysis/releases/new/"
    nonce = client.get(url).content.decode().partition('name="nonce" value="')[2].partition('"')[0]
    refused = client.post(url, {**sent, "nonce": nonce})
    assert refused.status_code == 422 and "已经发布过" in refused.content.decode()


def test_the_pages_ask_the_same_for_more_releases(
    client: Client, everywhere: User, many: None
) -> None:
    publish(everywhere)
    for url in ("/projects/analysis/public/", "/projects/analysis/public/%d/"):
        full = url % InvestmentRelease.objects.latest("id").pk if "%" in url else url
        client.get(full)
        few = len(queries_of(client, full))
        for month in range(1, 4):
            if not InvestmentRelease.objects.filter(month=month, year=2020).exists():
                make_release(everywhere, month)
        assert len(queries_of(client, full)) <= few <= 12


def make_release(user: User, month: int) -> None:
    InvestmentRelease.objects.create(
        region_code=CITY, year=2020, month=month, title="示例", method="", root_hash="0" * 64,
        figures=InvestmentRelease.objects.latest("id").figures, released_by=user,
    )  # fmt: skip
