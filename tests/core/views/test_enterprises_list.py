"""The enterprise list: who sees what, what is found, and addresses nobody should have to fear."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import (
    CITY,
    COUNTY,
    PROVINCE,
    SIBLING,
    make_enterprise,
    make_figure,
    make_regions,
    make_user,
)
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db
URL = "/enterprises/"


def signed_in(role: str | None = "section-clerk", region: str = COUNTY, **options: Any) -> Client:
    client = Client()
    client.force_login(make_user(role, region, **options))
    return client


def names(client: Client, url: str = URL) -> list[str]:
    """Names in the first column, in order."""
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    text = response.content.decode()
    return [
        html.unescape(found) for found in re.findall(r'href="/enterprises/\d+/">([^<]+)</a>', text)
    ]


@pytest.mark.system("role-access")
def test_county_sees_its_own_city_those_below_and_the_neighbour_none() -> None:
    make_enterprise("本县企业", COUNTY, pinyin="b")
    make_enterprise("本县园区企业", COUNTY + "001", pinyin="c")
    make_enterprise("邻县企业", SIBLING, pinyin="l")
    make_enterprise("市直企业", CITY, pinyin="s")
    assert names(signed_in(region=COUNTY)) == ["本县企业", "本县园区企业"]
    assert names(signed_in(region=SIBLING)) == ["邻县企业"]
    assert names(signed_in(region=CITY)) == ["本县企业", "本县园区企业", "邻县企业", "市直企业"]
    assert len(names(signed_in(region=PROVINCE))) == 4
    assert names(signed_in(region=CITY, scope="department")) == ["市直企业"]
    assert names(signed_in(region="371400")) == []


@pytest.mark.system("role-access")
def test_an_enterprise_sees_itself_only() -> None:
    own = make_enterprise("自家企业")
    other = make_enterprise("别家企业")
    client = signed_in("enterprise-handler", enterprise=own)
    assert names(client) == ["自家企业"]
    assert client.get(f"/enterprises/{own.pk}/").status_code == 200
    assert client.get(f"/enterprises/{other.pk}/").status_code == 404


@pytest.mark.system("role-access")
def test_without_the_capability_the_list_is_closed() -> None:
    assert signed_in("platform-admin").get(URL).status_code == 403
    assert signed_in(None).get(URL).status_code == 403
    assert Client().get(URL).status_code == 302


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("重工", ["兖州某某重工（集团）有限公司"]),
        ("某某 重工", ["兖州某某重工（集团）有限公司"]),
        ("(集团)", ["兖州某某重工（集团）有限公司"]),
        ("91370812ma3", ["兖州某某重工（集团）有限公司"]),
        ("9137081200", []),
        ("新兖镇", ["济宁精密机械有限公司"]),
        ("没有这个", []),
        ("（）", []),
        ("'; DROP TABLE", []),
        ("\\", []),
        ("& | ! :*", []),
    ],
)
def test_search_by_any_part_of_name_code_or_town(typed: str, found: list[str]) -> None:
    make_enterprise("兖州某某重工（集团）有限公司", uscc="91370812MA3X000001", town="鼓楼街道")
    make_enterprise("济宁精密机械有限公司", uscc="91370800613800000A", town="新兖镇")
    client = signed_in()
    response = client.get(URL, {"q": typed})
    assert response.status_code == 200
    text = html.unescape(response.content.decode())
    assert [name for name in found if name not in text] == []
    assert text.count("jg-check-row") == 0
    assert len(re.findall(r"data-check-row", text)) == len(found)


def test_filters_by_region_industry_and_type() -> None:
    make_regions()
    make_enterprise("甲", COUNTY, industry_code="3421", legal_type="independent", pinyin="a")
    make_enterprise("乙", COUNTY, industry_code="C3511", legal_type="branch", pinyin="b")
    make_enterprise("丙", SIBLING, industry_code="3499", legal_type="independent", pinyin="c")
    client = signed_in(region=CITY)
    assert names(client, URL + f"?region={COUNTY}") == ["甲", "乙"]
    assert names(client, URL + f"?region={CITY}") == ["甲", "乙", "丙"]
    assert names(client, URL + "?industry=34") == ["甲", "丙"]
    assert names(client, URL + "?industry=35") == ["乙"]
    assert names(client, URL + "?legal_type=branch") == ["乙"]
    assert names(client, URL + f"?region={COUNTY}&industry=34") == ["甲"]


def test_grade_of_a_year_is_the_latest_one_that_counts() -> None:
    kept = make_enterprise("一直是A", figures={2021: {"grade": "A"}}, pinyin="a")
    make_enterprise("只有去年", figures={2020: {"grade": "A"}}, pinyin="b")
    changed = make_enterprise("后来改B", figures={2021: {"grade": "A"}}, pinyin="c")
    make_figure(changed, "grade", 2021, "B")
    undone = make_enterprise("撤回到A", figures={2021: {"grade": "A"}}, pinyin="d")
    wrong = make_figure(undone, "grade", 2021, "C")
    wrong.withdrawn_at = wrong.recorded_at
    wrong.save(update_fields=["withdrawn_at"])
    missing = make_enterprise("已知缺", figures={2021: {"grade": "A"}}, pinyin="e")
    make_figure(missing, "grade", 2021, None)
    client = signed_in()
    assert names(client, URL + "?grade=A&year=2021") == [kept.name, undone.name]
    assert names(client, URL + "?grade=B&year=2021") == [changed.name]
    assert names(client, URL + "?grade=A&year=2020") == ["只有去年"]


def test_the_size_stated_counts_and_where_there_is_none_the_computed_one_is_marked() -> None:
    def firm(name: str, **figures: str | None) -> None:
        make_enterprise(name, figures={2021: figures}, pinyin=name)

    firm("a自报中型", size_declared="medium", size_computed="small")
    firm("b测算中型", size_computed="medium")
    firm("c自报为空", size_declared=None, size_computed="medium")
    firm("d自报小型", size_declared="small", size_computed="medium")
    firm("e都没有")
    client = signed_in()
    text = client.get(URL + "?year=2021").content.decode()
    assert re.findall(r"<td[^>]*>\s*([中小]型(?:（测算）)?)\s*</td>", text) == [
        "中型", "中型（测算）", "中型（测算）", "小型",
    ]  # fmt: skip
    found = names(client, URL + "?year=2021&size_class=medium")
    assert found == ["a自报中型", "b测算中型", "c自报为空"]
    assert names(client, URL + "?year=2021&size_class=small") == ["d自报小型"]
    assert names(client, URL + "?year=2020&size_class=medium") == []


def test_figures_of_the_year_are_shown_in_ten_thousand_yuan() -> None:
    make_enterprise("甲", figures={2021: {"revenue": 33_333_334, "employees": 1200}})
    text = signed_in().get(URL + "?year=2021").content.decode()
    assert "33.33" in text and "1,200" in text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("page=nonsense", "页码已失效"),
        ("page=%00%ff", "页码已失效"),
        ("sort=password", "不能按这一列排序"),
        ("sort=-enterprise__secret", "不能按这一列排序"),
        ("size=100000", "每页行数只能是"),
        ("size=-1", "每页行数只能是"),
        ("cols=name&cols=no_such", "有的列已不存在"),
    ],
)
def test_tampered_parameters_get_a_gentle_sentence(query: str, sentence: str) -> None:
    make_enterprise("甲")
    response = signed_in().get(f"{URL}?{query}")
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert ">甲</a>" in response.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "year=99999", "year=abc", "year=%F0%9F%98%80", "region=%27%22", "region=" + "9" * 40,
        "industry=ZZ", "grade=Z", "q=" + "x" * 500, "q=%00", "legal_type[]=1", "view=999999",
        "view=abc", "cols=", "unknown=1", "page=&size=&sort=",
    ],
)  # fmt: skip
def test_wrong_conditions_never_break_the_page(query: str) -> None:
    make_enterprise("甲")
    assert signed_in().get(f"{URL}?{query}").status_code == 200


def test_a_page_token_of_one_order_does_not_fit_another() -> None:
    for n in range(25):
        make_enterprise(f"企业{n:02d}", pinyin=f"{n:02d}")
    client = signed_in()
    token = re.search(r"page=([^&\"]+)", client.get(URL).content.decode())
    assert token is not None
    response = client.get(f"{URL}?sort=town&page={token[1]}")
    assert "页码已失效" in response.content.decode()


def test_paging_through_the_screen_shows_every_row_once() -> None:
    for n in range(45):
        make_enterprise(f"企业{n:02d}", pinyin=f"{n % 7}")
    client = signed_in()
    url, seen = URL, []
    for _ in range(3):
        text = client.get(url).content.decode()
        seen += re.findall(r">(企业\d\d)</a>", text)
        onward = re.search(r'href="(\?[^"]+)"[^>]*rel="next"', text)
        url = URL + html.unescape(onward[1]) if onward else ""
    assert url == "" and len(seen) == 45 and len(set(seen)) == 45


def test_htmx_gets_the_list_alone_and_a_clean_address() -> None:
    make_enterprise("甲")
    response = signed_in().get(
        URL + "?q=&region=&grade=&size=20&q=甲", headers={"HX-Request": "true", "HX-Target": "list"}
    )
    text = response.content.decode()
    assert "<html" not in text and "jg-table" in text
    assert response["HX-Push-Url"] == "/enterprises/?q=%E7%94%B2"
    assert "HX-Request" in response["Vary"]


def test_a_new_query_keeps_columns_order_and_page_size() -> None:
    make_enterprise("甲")
    text = signed_in().get(URL + "?cols=town&cols=name&sort=-town&size=50").content.decode()
    form = text[text.index('class="jg-query') : text.index("jg-query-actions")]
    kept = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"([^>]*)>', form)
    assert [(name, value) for name, value, _ in kept] == [
        ("sort", "-town"), ("size", "50"), ("cols", "town"), ("cols", "name"),
    ]  # fmt: skip
    # A disabled field would not be sent.
    assert not any("disabled" in rest for _, _, rest in kept)


def test_chosen_columns_come_in_the_chosen_order() -> None:
    make_enterprise("甲", address="建设路 1 号")
    text = signed_in().get(URL + "?cols=address&cols=name").content.decode()
    heads = re.findall(r"<th scope=\"col\"[^>]*>(?:<a[^>]*>)?([^<]+)", text)
    assert heads == ["注册地址", "企业名称"]


def test_empty_list_says_what_to_do_next() -> None:
    text = signed_in().get(URL).content.decode()
    assert "还没有企业" in text and "先导入企业名录" in text
    assert "没有符合条件的记录" in signed_in().get(URL + "?q=甲").content.decode()


def test_dangerous_names_are_escaped() -> None:
    make_enterprise("<script>alert(1)</script>", town='"><img src=x>')
    text = signed_in().get(URL).content.decode()
    assert "<script>alert" not in text and "<img src=x" not in text


@pytest.mark.parametrize("query", ["", "?q=企业", "?grade=A&year=2021", "?sort=-uscc"])
def test_query_count_does_not_grow_with_rows(query: str) -> None:
    made: list[Any] = []

    def grow(size: int) -> None:
        while len(made) < size:
            made.append(make_enterprise(figures={2021: {"grade": "A", "revenue": 5}}))

    assert_query_count(signed_in(), reverse("enterprise-list") + query, grow, most=15)
