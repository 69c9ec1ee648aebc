"""One way of counting all year, printed each time; what was frozen stays as it was."""

from __future__ import annotations

import datetime as dt
import io
import uuid
import zipfile
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from jigai.core.access import Denied, access_of
from jigai.core.evidence import path_of
from jigai.core.models import IssuedDocument, Notice
from jigai.errors import JigaiError
from jigai.projects.models import Bulletin, MonthlyReport, ProjectMove
from jigai.projects.work.bulletin_figures import Row, again, computed, digest, line_of, rows_kept
from jigai.projects.work.bulletin_methods import method_of, methods
from jigai.projects.work.bulletin_word import overview, rankings_told
from jigai.projects.work.services.make_bulletin import make_bulletin
from jigai.projects.work.services.open_issue import open_issue
from jigai.projects.work.services.release_bulletin import (
    holds,
    release_bulletin,
    return_bulletin,
    submit_bulletin,
    unaltered,
    void_bulletin,
)
from tests.factories import CITY, COUNTY, SIBLING, make_enterprise
from tests.projects.work.conftest import WAN, Clock, People, make_work, report
from tests.query_counts import assert_query_count

pytestmark = [pytest.mark.system("dispatch-bulletin")]
ALL, KNOWN = "year-to-date-1", "year-to-date-2"
UNITS = [("a", "甲县"), ("b", "乙县"), ("c", "丙县")]
ROWS = [
    Row("1", "一", "a", done_fen=300, done_month=6, before_fen=200, planned_fen=600, included=True),
    Row("2", "二", "a", done_fen=None, planned_fen=400, included=None, issues=2, late=1),
    Row("3", "三", "b", done_fen=300, done_month=5, included=False),
    Row("4", "旧", "b", in_year=False, before_fen=400),
]


def text_of(paper: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(paper)) as package:
        return package.read("word/document.xml").decode()


# the pure part ------------------------------------------------------------------------------------


def test_figures_of_a_place_by_hand() -> None:
    line = line_of("a", "甲县", ROWS[:2], method_of(ALL))
    assert (line["projects"], line["reported"], line["done_fen"]) == (2, 1, 300)
    assert line["growth"] == [1, 2], "300 against 200"
    assert line["plan_share"] == [3, 10], "300 of 1000 planned"
    assert (line["issues"], line["late"]) == (2, 1)


def test_the_denominator_of_inclusion_is_what_the_method_says() -> None:
    assert line_of("a", "", ROWS[:2], method_of(ALL))["inclusion"] == [1, 2]
    assert line_of("a", "", ROWS[:2], method_of(KNOWN))["inclusion"] == [1, 1]
    assert line_of("a", "", ROWS[:2], method_of(KNOWN))["inclusion_unknown"] == 1


def test_unknown_is_not_zero_and_has_no_place() -> None:
    found = computed(ROWS, UNITS, method_of(ALL), {})
    empty = found["lines"][2]
    assert (empty["done_fen"], empty["growth"], empty["inclusion"]) == (None, None, None)
    done = next(t for t in found["tables"] if t["id"] == "done")
    assert [(r["name"], r["rank"], r["tied"]) for r in done["rows"]] == [
        ("甲县", 1, True), ("乙县", 1, True), ("丙县", None, False),
    ]  # fmt: skip
    growth = next(t for t in found["tables"] if t["id"] == "growth")
    assert [(r["name"], r["shown"]) for r in growth["rows"]] == [
        ("甲县", "50.0"), ("乙县", "-25.0"), ("丙县", "—"),
    ]  # fmt: skip
    assert found["total"]["done_fen"] == 600 and found["total"]["projects"] == 3


def test_one_table_of_places_with_those_of_the_last_bulletin() -> None:
    rows = [*ROWS, Row("5", "五", "c", done_fen=100, issues=1)]
    first = computed(rows, UNITS, method_of(ALL), {})
    again_ = computed(rows, UNITS, method_of(ALL), {"done": {"a": 2, "b": None}})
    told = rankings_told({**again_, "unit_word": "县", "before_number": 3})
    assert told["header"] == ["累计完成投资", "投资同比增速", "项目数", "入统率", "存在问题"]
    assert {line["head"]: line["cells"][0] for line in told["rows"]} == {
        "甲县": "1 并列（2）", "乙县": "1 并列", "丙县": "3",
    }  # fmt: skip
    assert [line["cells"][-1] for line in told["rows"]] == ["1", "—", "2"], "none is not ranked"
    assert "年度计划完成率：有数的不到两个" in told["note"] and "第 3 期" in told["note"]
    assert (
        "括号里" not in rankings_told({**first, "unit_word": "县", "before_number": None})["note"]
    )
    assert [line["head"] for line in overview({**first, "unit_word": "县"})["rows"]][-1] == "合计"


def test_every_method_says_how_each_figure_is_counted() -> None:
    for one in methods().values():
        for word in ("投资", "同比", "计划完成率", "项目数", "入统率", "存在问题", "名次"):
            assert any(line.startswith(f"{word}：") for line in one.lines), (one.id, word)
    assert method_of(ALL).lines != method_of(KNOWN).lines
    with pytest.raises(JigaiError, match="没有“x”这个口径"):
        method_of("x")


@given(st.lists(st.tuples(st.sampled_from("abc"), st.none() | st.integers(0, 10**12),
                          st.none() | st.integers(0, 10**12)), max_size=30))  # fmt: skip
def test_the_lines_add_up_to_the_total(rows: list[tuple[str, int | None, int | None]]) -> None:
    listed = [Row(str(n), "", unit, done_fen=done, before_fen=before)
              for n, (unit, done, before) in enumerate(rows)]  # fmt: skip
    found = computed(listed, UNITS, method_of(ALL), {})
    for name in ("projects", "issues", "included"):
        assert sum(line[name] for line in found["lines"]) == found["total"][name]
    assert sum(line["done_fen"] or 0 for line in found["lines"]) == (
        found["total"]["done_fen"] or 0
    )


# made from the library ----------------------------------------------------------------------------


def make(people: People, who: str = "chief", **changes: Any) -> Bulletin:
    user = people[who]
    values = {"region": COUNTY, "cadence": "month", "year": 2021, "period": 6, "method": ALL}
    return make_bulletin(by=user, access=access_of(user), **{**values, **changes})


@pytest.fixture
def work(people: People) -> dict[str, Any]:
    """Two towns of the county and one project of the neighbour."""
    other = make_enterprise("示例轴承有限公司", town="别的镇")
    found = {
        "one": make_work(people.firm, "示例一", planned=1000, done={5: 250, 6: 300},
                         in_statistics=True),
        "two": make_work(other, "示例二", planned=400, done={5: 200}, in_statistics=None),
        "far": make_work(make_enterprise(region=SIBLING), "示例邻县", done={6: 700},
                         in_statistics=False),
    }  # fmt: skip
    report(found["one"], 6, 200, year=2020)
    return found


@pytest.mark.django_db
def test_a_year_is_counted_one_way(people: People, work: dict[str, Any]) -> None:
    """玩具实现: 通报口径前后不一致."""
    first = make(people, period=5)
    with pytest.raises(JigaiError) as error:
        make(people, method=KNOWN)
    assert error.value.code == "method-changed"
    second = make(people)
    assert first.content["method"] == second.content["method"]
    assert make(people, cadence="quarter", period=2, method=KNOWN).method == KNOWN
    void_bulletin(bulletin=first.pk, seen=1, reason="重做", by=people["chief"],
                  access=access_of(people["chief"]))  # fmt: skip
    with pytest.raises(JigaiError, match="年内前后要一致"):
        make(people, period=5, method=KNOWN)


@pytest.mark.django_db
def test_every_bulletin_prints_its_method_and_compares_places_of_the_same_one(
    people: People, work: dict[str, Any]
) -> None:
    make(people, period=5)
    found = make(people)
    done = next(t for t in found.content["tables"] if t["id"] == "done")
    assert [(r["name"], r["rank"], r["before"]) for r in done["rows"]] == [
        ("示例镇", 1, 1), ("别的镇", 2, 2),
    ]  # fmt: skip
    assert found.content["before_number"] == 1 and found.number == 2
    assert "自年初累计" in found.content["method"]["name"]
    assert found.content["total"]["done_fen"] == 500 * WAN
    assert found.content["total"]["growth"] == [3, 2], "500 against 200 in June 2020"


@pytest.mark.django_db
def test_what_is_frozen_stays_when_reports_change(people: People, work: dict[str, Any]) -> None:
    row = make(people)
    MonthlyReport.objects.filter(year=2021).update(cumulative_fen=1)
    row.refresh_from_db()
    assert holds(row) and row.content["total"]["done_fen"] == 500 * WAN
    assert again(row.content)["total"] == row.content["total"]
    row.content["rows"][0]["done_fen"] = 1
    assert not holds(row) and not unaltered(row)
    row.content["total"]["done_fen"] = 1
    assert digest(row.content) != row.root_hash


@pytest.mark.django_db
def test_a_city_ranks_its_counties_and_each_project_counts_once(
    people: People, work: dict[str, Any]
) -> None:
    make_work(people.firm, "重复的", duplicate_of=work["one"], done={6: 9000})
    found = make(people, "city", region=CITY).content
    assert found["unit_word"] == "县（市、区）"
    by_name = {line["name"]: line for line in found["lines"]}
    assert (by_name["兖州区"]["done_fen"], by_name["任城区"]["done_fen"]) == (500 * WAN, 700 * WAN)
    assert found["total"]["projects"] == 3 and len(by_name) > 5, "counties with nothing too"
    assert by_name["任城区"]["inclusion"] == [0, 1]
    projects = next(t for t in found["tables"] if t["id"] == "projects")
    assert projects["rows"][0]["name"] == "兖州区"


@pytest.mark.django_db
def test_a_figure_stays_where_it_was_reported(people: People, work: dict[str, Any]) -> None:
    """The project moved in July: June's report was made in the county."""
    row = work["one"]
    ProjectMove.objects.create(
        project=row, from_region=COUNTY, to_region=SIBLING, reason="迁移",
        effective=dt.date(2021, 7, 1), created_by=people["chief"],
    )  # fmt: skip
    row.region_code = SIBLING
    row.save()
    found = make(people, "city", region=CITY).content
    by_name = {line["name"]: line["done_fen"] for line in found["lines"]}
    assert by_name["兖州区"] == 500 * WAN


@pytest.mark.django_db
def test_problems_are_in_it(people: People, work: dict[str, Any], clock: Clock) -> None:
    user = people["clerk"]
    open_issue(project=work["one"].pk, heading="缺电", kind="energy", told="缺", by=user, key="1",
               access=access_of(user))  # fmt: skip
    found = make(people).content
    assert found["total"]["issues"] == 1
    assert "未销号的问题 1 个，没有逾期的。" in found["texts"]


@pytest.mark.django_db
def test_what_cannot_be_made(people: People, work: dict[str, Any]) -> None:
    make(people)
    for changes, code in (
        ({}, "bulletin-exists"), ({"period": 8}, "period-ahead"), ({"period": 13}, "no-period"),
        ({"cadence": "quarter", "period": 5}, "no-period"), ({"cadence": "week"}, "no-period"),
    ):  # fmt: skip
        with pytest.raises(JigaiError) as error:
            make(people, **changes)
        assert error.value.code == code
    for who in ("leader", "firm", "sibling"):
        with pytest.raises(Denied):
            make(people, who, period=5)


def moved(people: People, do: Any, row: Bulletin, who: str, **more: Any) -> Bulletin:
    row.refresh_from_db()
    found: Bulletin = do(bulletin=row.pk, seen=row.version, by=people[who],
                         access=access_of(people[who]), **more)  # fmt: skip
    return found


@pytest.mark.django_db
def test_four_eyes_and_the_word_paper_is_what_was_frozen(
    people: People, work: dict[str, Any], django_capture_on_commit_callbacks: Any
) -> None:
    row = make(people)
    assert people["leader"]
    with pytest.raises(JigaiError, match="不能办"):
        moved(people, release_bulletin, row, "leader")
    with django_capture_on_commit_callbacks(execute=True):
        moved(people, submit_bulletin, row, "chief")
    assert Notice.objects.filter(user=people["leader"], event="project-bulletin").exists()
    with pytest.raises(JigaiError, match="不能自己印发"):
        moved(people, release_bulletin, row, "chief")
    with pytest.raises(Denied):
        moved(people, release_bulletin, row, "clerk")
    MonthlyReport.objects.filter(year=2021).update(cumulative_fen=1)
    done = moved(people, release_bulletin, row, "leader")
    assert done.status == "released" and done.document is not None
    text = text_of(path_of(done.document.file).read_bytes())
    for part in (row.content["title"], "500.00", "150.0", "示例镇", "入统率", done.document.code,
                 *row.content["method"]["lines"]):  # fmt: skip
        assert part in text, part
    assert IssuedDocument.objects.count() == 1
    with pytest.raises(JigaiError, match="不能办"):
        moved(people, release_bulletin, row, "leader")


@pytest.mark.django_db
def test_an_altered_snapshot_is_not_released(people: People, work: dict[str, Any]) -> None:
    row = moved(people, submit_bulletin, make(people), "chief")
    row.content["total"]["done_fen"] = 1
    row.root_hash = digest(row.content)
    row.save()
    with pytest.raises(JigaiError, match="算出来的不一样"):
        moved(people, release_bulletin, row, "leader")


@pytest.mark.django_db
def test_back_with_a_reason_and_void(people: People, work: dict[str, Any]) -> None:
    row = moved(people, submit_bulletin, make(people), "chief")
    back = moved(people, return_bulletin, row, "leader", reason="缺一个镇")
    assert (back.status, back.reason) == ("draft", "缺一个镇")
    with pytest.raises(JigaiError, match="没有写作废原因"):
        moved(people, void_bulletin, row, "chief", reason=" ")
    gone = moved(people, void_bulletin, row, "chief", reason="重做")
    assert gone.status == "void"
    assert make(people).number == 2, "the next number, and the period is free again"
    with pytest.raises(JigaiError, match="刚有人办过"):
        submit_bulletin(bulletin=Bulletin.objects.latest("id").pk, seen=9, by=people["chief"],
                        access=access_of(people["chief"]))  # fmt: skip


@pytest.mark.django_db
def test_on_screen_from_making_to_reading_in_the_county(
    client: Client, people: People, work: dict[str, Any]
) -> None:
    client.force_login(people["city"])
    form = {"region": CITY, "cadence": "month", "year": 2021, "period": 6, "method": ALL,
            "nonce": uuid.uuid4().hex}  # fmt: skip
    bad = client.post("/project-work/bulletins/new/", {**form, "cadence": "quarter"})
    assert bad.status_code == 422 and "一年只有四个季度" in bad.content.decode()
    answer = client.post("/project-work/bulletins/new/", form)
    row = Bulletin.objects.get()
    assert answer.url == f"/project-work/bulletins/{row.pk}/"
    page = client.get(answer.url).content.decode()
    assert "济宁市2021 年 6 月" in page and "口径说明" in page and "由快照重算一致" in page
    rows = client.get(f"/project-work/bulletins/{row.pk}/rows/?unit={COUNTY}").content.decode()
    assert "示例一" in rows and "示例邻县" not in rows
    paper = client.get(f"/project-work/bulletins/{row.pk}/word/")
    assert "送审稿，未印发" in text_of(paper.content)
    client.force_login(people["clerk"])
    assert client.get(answer.url).status_code == 404, "a draft of the city"
    client.force_login(people["city"])
    sent = {"seen": row.version, "nonce": uuid.uuid4().hex}
    assert client.post(f"{answer.url}submit/", sent).status_code == 302
    client.force_login(people["city-2"])
    sent = {"seen": row.version + 1, "nonce": uuid.uuid4().hex}
    assert client.post(f"{answer.url}release/", sent).status_code == 302
    client.force_login(people["clerk"])
    assert "任城区" in client.get(answer.url).content.decode(), "it is addressed to the counties"
    assert client.get(f"{answer.url}rows/").status_code == 404, "but not their projects"
    client.force_login(people["firm"])
    assert client.get(answer.url).status_code == 404


@pytest.mark.django_db
def test_pages_ask_no_more_for_more_rows(client: Client, people: People) -> None:
    client.force_login(people["chief"])
    made: list[Any] = []

    def grow(count: int) -> None:
        while len(made) < count:
            made.append(make_work(make_enterprise(town=f"第{len(made)}镇"), done={6: 1}))
            period = len(made) % 6 + 1
            if not Bulletin.objects.filter(period=period).exists():
                make(people, period=period)

    assert_query_count(client, "/project-work/bulletins/", grow, most=30)
    assert rows_kept([]) == []
