"""The public search and the public page of a document."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jigai.core.models import RegionGroup, RegionGroupMember
from jigai.policies.models import PackVersion, Succession
from jigai.policies.policy_status import status_of
from jigai.portal.inquiry import inquire
from jigai.portal.places import ancestors, places_named, relation
from jigai.portal.standing import WORDS, banner_of, state_on
from tests.factories import make_regions
from tests.kept_rows import Unblock
from tests.outreach import consultations as c
from tests.query_counts import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.system("public-inquiry")]
TODAY = dt.date(2026, 3, 2)


@pytest.fixture(scope="module")
def installed(kept_rows: Unblock) -> list[int]:
    """The draft of a city, the document of a county, that of a province with another one above."""
    with kept_rows():
        make_regions()
        return [c.install(slug).pk for slug in ("luan-2020", "yanzhou-2020", "jiangsu-2015")]


@pytest.fixture
def packs(installed: list[int], db: None) -> dict[str, PackVersion]:
    return {row.slug: row for row in PackVersion.objects.filter(pk__in=installed)}


def slugs(given: dict[str, Any]) -> dict[str, str]:
    return {hit.version.slug: hit.relation for hit in inquire(given, TODAY).hits}


def text(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, url
    return answer.content.decode()


# How a document stands


def test_the_state_in_a_list_is_that_of_the_document(packs: dict[str, PackVersion]) -> None:
    for version in packs.values():
        for year in range(2014, 2032):
            for month in (1, 7):
                day = dt.date(year, month, 14)
                _status, word = status_of(version, day)
                told = WORDS[state_on(version, day)]
                assert told.replace("征求意见稿", "草案").replace("尚", "") == word, (version, day)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"valid_from": TODAY}, "有效"),
        ({"valid_from": TODAY + dt.timedelta(days=1)}, "尚未施行"),
        ({"valid_to": TODAY}, "有效"),
        ({"valid_to": TODAY - dt.timedelta(days=1)}, "已过期"),
        ({"status": "superseded"}, "已被替代"),
        ({"status": "repealed"}, "已废止"),
        ({"status": "draft"}, "征求意见稿"),
        ({"is_current": False}, "以前的版本"),
    ],
)
def test_the_banner_says_how_it_stands(
    packs: dict[str, PackVersion], change: dict[str, Any], word: str
) -> None:
    version = packs["yanzhou-2020"]
    version.valid_from, version.valid_to = dt.date(2020, 8, 15), None
    for name, value in change.items():
        setattr(version, name, value)
    assert banner_of(version, TODAY).word == word


def test_a_replaced_document_leads_to_its_successor(
    packs: dict[str, PackVersion], client: Client
) -> None:
    old, new = packs["yanzhou-2020"], packs["jiangsu-2015"]
    step = Succession(
        old_title=old.title, old_number=old.number or "", new_title=new.title, new_slug=new.slug,
        since=TODAY,
    )  # fmt: skip
    save_succession(step, old)
    before = banner_of(old, TODAY - dt.timedelta(days=1))
    after = banner_of(old, TODAY)
    assert before.word != "已被替代"
    assert (after.word, after.links[0][1]) == (
        "已被替代",
        reverse("portal-policy", args=[new.slug]),
    )
    found = {h.version.slug: h.word for h in inquire({}, TODAY).hits}
    assert found["yanzhou-2020"] in ("已被替代", "已过期")


def save_succession(step: Succession, old: PackVersion) -> None:
    from jigai.policies.document_keys import document_key

    step.old_key = document_key(old.number or old.title)
    names = {field.name for field in Succession._meta.concrete_fields}
    if "new_key" in names:
        step.new_key = document_key(step.new_title)
    step.save()


# The search


def test_a_place_has_its_own_those_above_its_groups_and_below(
    packs: dict[str, PackVersion],
) -> None:
    assert slugs({"region": "兖州区"}) == {"yanzhou-2020": "own"}
    assert slugs({"region": "济宁市"}) == {"yanzhou-2020": "below"}
    packs["jiangsu-2015"].region_code = "370000"
    PackVersion.objects.filter(slug="jiangsu-2015").update(region_code="370000")
    assert slugs({"region": "370812"}) == {"yanzhou-2020": "own", "jiangsu-2015": "above"}
    group = RegionGroup.objects.create(slug="sample", name="示例组")
    RegionGroupMember.objects.create(group=group, region_code="370800")
    PackVersion.objects.filter(slug="jiangsu-2015").update(region_code="sample")
    assert slugs({"region": "370812"}) == {"yanzhou-2020": "own", "jiangsu-2015": "group"}
    assert slugs({"region": "任城区"}) == {"jiangsu-2015": "group"}


def test_codes_above_and_ties() -> None:
    assert ancestors("370812") == ["370800", "370000"]
    assert ancestors("370000") == []
    assert ancestors("370812001") == ["370812", "370800", "370000"]
    assert relation("", "370812", ()) == ""
    assert relation("371000", "370800", ()) == ""
    assert relation("370812", "370000", ()) == "below"


def test_a_name_of_several_places_asks_which(packs: Any) -> None:
    assert [row.code for row in places_named("ys")] == []
    found = inquire({"region": "不存在的地方"}, TODAY)
    assert not found.hits and "不存在的地方" in found.problem
    regions = places_named("yanzhou")
    assert [row.name for row in regions] == ["兖州区"]
    from jigai.core.models import Region

    Region.objects.create(code="370899", name="兖州新区", level="county", parent_code="370800")
    found = inquire({"region": "兖州"}, TODAY)
    assert {row.name for row in found.choices} == {"兖州区", "兖州新区"} and not found.hits


def test_a_year_finds_what_was_issued_or_in_force_in_it(packs: dict[str, PackVersion]) -> None:
    PackVersion.objects.filter(slug="yanzhou-2020").update(
        issued=dt.date(2020, 7, 13), valid_from=dt.date(2021, 1, 1), valid_to=dt.date(2022, 12, 31)
    )
    PackVersion.objects.filter(slug="jiangsu-2015").update(valid_to=dt.date(2019, 12, 31))
    for year, there in ((2019, False), (2020, True), (2021, True), (2022, True), (2023, False)):
        assert ("yanzhou-2020" in slugs({"year": year})) is there, year
    # A draft without a date is of no year, and the page says that it was left out.
    found = inquire({"year": 2021}, TODAY)
    assert "luan-2020" not in {h.version.slug for h in found.hits} and found.undated == 1


def test_drafts_are_never_found_as_in_force(packs: dict[str, PackVersion], client: Client) -> None:
    assert "luan-2020" not in slugs({"status": "in-force"})
    assert slugs({"status": "draft"}) == {"luan-2020": ""}
    page = text(client, f"{reverse('portal-policies')}?q=示范项目")
    assert "征求意见稿" in page


def test_words_find_clauses_and_their_numbers(packs: dict[str, PackVersion]) -> None:
    found = inquire({"q": "500万元"}, TODAY)
    hits = {h.version.slug: [row.code for row in h.clauses] for h in found.hits}
    assert hits["yanzhou-2020"] and found.clauses == sum(len(codes) for codes in hits.values())
    assert not inquire({"q": "绝无此词"}, TODAY).hits
    by_title = inquire({"q": "行动（征求意见稿）"}, TODAY).hits
    assert [h.version.slug for h in by_title] == ["luan-2020"]
    kinds = inquire({"kind": "target"}, TODAY).hits
    assert kinds and all("target" in row.kind for hit in kinds for row in hit.clauses)


def test_wrong_conditions_are_told(packs: Any, client: Client) -> None:
    page = text(client, f"{reverse('portal-policies')}?year=12")
    assert "请填四位年份" in page and "查询条件有误" in page


# The pages


def test_the_page_of_a_document(packs: dict[str, PackVersion], client: Client) -> None:
    page = text(client, reverse("portal-policy", args=["yanzhou-2020"]))
    version = packs["yanzhou-2020"]
    assert version.title in page and version.issuer in page
    for row in version.clauses.all():
        assert f'id="{row.code}"' in page and row.summary[:20] in page
    assert "3%" in page and "山东省企业技术改造条例" in page
    draft = text(client, reverse("portal-policy", args=["luan-2020"]))
    assert "不能据以申报" in draft and "年均增长不低于10%" in draft


def test_a_draft_leads_to_its_final_and_neither_shows_as_the_other(
    monkeypatch: pytest.MonkeyPatch, packs: dict[str, PackVersion], tmp_path: Path, client: Client
) -> None:
    from tests.factories import make_user

    clock = c.Clock(monkeypatch, c.FIRST)
    clerk, chief = make_user("section-clerk", c.LUAN), make_user("section-chief", c.LUAN)
    draft = packs["luan-2020"]
    item = c.opened(clerk, chief, draft)
    clock.day = c.AFTER
    c.published(item, chief)
    final = c.final_version(tmp_path)
    c.finished(item, final, chief)
    old = text(client, reverse("portal-policy-version", args=["luan-2020", draft.pk]))
    assert "只供查考，不能据以申报" in old and "50万元" in old and "60万元" not in old
    assert reverse("portal-policy", args=["luan-2020"]) in old
    assert reverse("portal-final", args=[item.pk]) in old
    now = text(client, reverse("portal-policy", args=["luan-2020"]))
    assert "60万元" in now and "征求意见稿，" not in now and "尚未施行" in now
    changes = text(client, reverse("portal-changes", args=["luan-2020"]))
    assert "50万元" in changes and "60万元" in changes
    odd = f"{reverse('portal-changes', args=['luan-2020'])}?before=x&after=999999"
    assert "60万元" in text(client, odd)


def test_nothing_of_a_bureau_is_on_the_page(packs: Any, client: Client) -> None:
    """The page of the desk counts evaluations beside a clause; the public one must not ask."""
    url = reverse("portal-policy", args=["yanzhou-2020"])
    client.get(url)
    asked = " ".join(queries_of(client, url))
    for table in ("policies_decision", "policies_evaluationrun", "core_enterprise",
                  "projects_project", "funding_invoiceline", "policies_originaltext"):  # fmt: skip
        assert table not in asked
    assert "拟支持" not in text(client, url)


# The frame


PUBLIC = ["portal-home", "portal-policies", "portal-consultations", "portal-results"]


@pytest.mark.parametrize("name", PUBLIC)
def test_no_cookie_and_a_short_life_in_caches(packs: Any, client: Client, name: str) -> None:
    answer = client.get(reverse(name))
    assert not answer.cookies
    assert answer["Cache-Control"].startswith("public, max-age=")
    assert "<script" not in answer.content.decode()


def test_nothing_is_kept_for_somebody_signed_in(packs: Any, client: Client) -> None:
    from tests.factories import make_user

    client.force_login(make_user("leader"))
    answer = client.get(reverse("portal-home"))
    assert answer["Cache-Control"] == "no-store"
    assert "退出" not in answer.content.decode()


def test_what_is_not_there_has_the_page_of_the_portal(packs: Any, client: Client) -> None:
    for url in ("/portal/nowhere/at/all/", "/portal/policies/no-such/",
                "/portal/policies/national/",
                f"/portal/policies/yanzhou-2020/versions/{packs['luan-2020'].pk}/",
                "/portal/policies/no-such/changes/", "/portal/consultations/999999/"):  # fmt: skip
        answer = client.get(url)
        assert answer.status_code == 404, url
        assert "技改通 · 政策公开" in answer.content.decode()
        assert answer["Cache-Control"] == "no-store"
    assert client.post(reverse("portal-home")).status_code == 405


def test_the_first_page_asks_no_more_for_more_documents(packs: Any, client: Client) -> None:
    url = reverse("portal-home")
    client.get(url)
    few = len(queries_of(client, url))
    c.install("guangdong-2019")
    c.install("sunan-2017")
    assert len(queries_of(client, url)) == few <= 14
