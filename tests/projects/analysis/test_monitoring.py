"""Two departments' figures: what differs is listed, ruled with a reason, and ruled again."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client

from jigai.core.access import Denied, access_of
from jigai.core.models import Notice, User
from jigai.errors import JigaiError
from jigai.projects.analysis.monitoring import Difference, beside, differences, latest_month
from jigai.projects.analysis.services.rule_difference import rule_difference
from jigai.projects.models import FigureRuling, MonthlyReport, Project, StatisticsFigure
from tests.factories import CITY, COUNTY, SIBLING, make_user
from tests.projects.analysis.made import bureau, report
from tests.query_counts import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.system("monitoring-analysis")]


@pytest.fixture
def figures(projects: dict[str, Project]) -> dict[str, StatisticsFigure]:
    """June: one differs, one agrees, one only the bureau has, one no project matches."""
    report(projects["a"], 2021, 6, 900)
    report(projects["b"], 2021, 6, 500)
    report(projects["new build"], 2020, 6, 1)
    found = {
        "a": bureau(projects["a"], 6, 850),
        "b": bureau(projects["b"], 6, 500),
        "unmatched": bureau(None, 6, 33),
        "older": bureau(projects["a"], 3, 700),
    }
    MonthlyReport.objects.filter(project=projects["food"], month=6).update(accepted=False)
    found["food"] = bureau(projects["food"], 6, 50)
    return found


def of_june(user: User, **more: Any) -> dict[str, Difference]:
    return {one.name: one for one in differences(access_of(user), 2021, 6, **more)}


def rule(user: User, of: Project, **more: Any) -> FigureRuling:
    found = {
        "year": 2021, "month": 6, "project": of.pk, "figure": None, "holds": "theirs",
        "reason": "统计次月补报", "seen": (900, 850), "by": user, "access": access_of(user),
    }  # fmt: skip
    return rule_difference(**{**found, **more})


def test_every_way_two_departments_may_differ(
    everywhere: User, projects: dict[str, Project], figures: dict[str, StatisticsFigure]
) -> None:
    found = of_june(everywhere)
    kinds = {name: one.kind for name, one in found.items()}
    # "not included" is not in the statistics and they do not know of it: no difference.
    assert kinds == {
        "a": "differ", "b": "same", "food": "theirs", "new build": "ours",
        "示例未对上的项目": "nowhere",
    }  # fmt: skip
    assert found["a"].gap == 50 and found["food"].gap is None
    assert not found["a"].settled and found["b"].settled


def test_of_a_file_imported_again_the_newest_row_counts(
    everywhere: User, projects: dict[str, Project], figures: dict[str, StatisticsFigure]
) -> None:
    bureau(projects["a"], 6, 900)
    bureau(None, 6, 44)
    found = of_june(everywhere)
    assert found["a"].kind == "same" and len(found) == 5
    assert found["示例未对上的项目"].theirs == 44


def test_a_difference_is_ruled_and_both_figures_stay(
    everywhere: User, projects: dict[str, Project], figures: dict[str, StatisticsFigure],
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    other = make_user("statistics", region=COUNTY)
    with django_capture_on_commit_callbacks(execute=True):
        made = rule(everywhere, projects["a"])
    assert (made.ours_fen, made.theirs_fen, made.region_code) == (900, 850, COUNTY)
    found = of_june(everywhere)["a"]
    assert found.ruling == made and found.settled and (found.ours, found.theirs) == (900, 850)
    notice = Notice.objects.get(user=other)
    assert "统计次月补报" in notice.body and not Notice.objects.filter(user=everywhere)


def test_a_ruling_stands_only_on_the_figures_it_was_made_on(
    everywhere: User, projects: dict[str, Project], figures: dict[str, StatisticsFigure]
) -> None:
    rule(everywhere, projects["a"])
    MonthlyReport.objects.filter(project=projects["a"], month=6).update(cumulative_fen=950)
    found = of_june(everywhere)["a"]
    assert found.overtaken and not found.settled
    again = rule(everywhere, projects["a"], seen=(950, 850), holds="both")
    assert of_june(everywhere)["a"].ruling == again and FigureRuling.objects.count() == 2


@pytest.mark.parametrize(
    ("who", "more", "code"),
    [
        ("a", {"reason": "  "}, "no-reason"),
        ("a", {"holds": "nobody"}, "unknown-ruling"),
        ("a", {"seen": (900, 849)}, "changed"),
        ("b", {"seen": (500, 500)}, "no-difference"),
        ("food", {"seen": (None, 50), "holds": "ours"}, "no-figure"),
    ],
)
def test_what_cannot_be_ruled_is_told(
    everywhere: User, projects: dict[str, Project], figures: dict[str, StatisticsFigure],
    who: str, more: dict[str, Any], code: str,
) -> None:  # fmt: skip
    with pytest.raises(JigaiError) as caught:
        rule(everywhere, projects[who], **more)
    assert caught.value.code == code and not FigureRuling.objects.exists()


def test_a_row_no_project_matches_can_be_ruled_too(
    everywhere: User, projects: dict[str, Project], figures: dict[str, StatisticsFigure]
) -> None:
    rule(
        everywhere, projects["a"], project=None, figure=figures["unmatched"].pk, seen=(None, 33),
        reason="示例：名称不同，未对上",
    )  # fmt: skip
    assert of_june(everywhere)["示例未对上的项目"].settled
    assert not of_june(everywhere)["a"].settled


def test_nobody_rules_out_of_reach_or_without_the_duty(
    projects: dict[str, Project], figures: dict[str, StatisticsFigure]
) -> None:
    sibling = make_user("section-clerk", region=SIBLING)
    with pytest.raises(Denied):
        rule(sibling, projects["a"])
    assert "a" not in of_june(sibling)
    with pytest.raises(Denied):
        rule(make_user("finance", region=COUNTY), projects["a"])


def test_rulings_are_never_changed(
    everywhere: User, projects: dict[str, Project], figures: dict[str, StatisticsFigure]
) -> None:
    made = rule(everywhere, projects["a"])
    made.reason = "改了"
    with pytest.raises(ProgrammingError), transaction.atomic():
        made.save()


def test_months_and_places_beside_each_other(
    everywhere: User, projects: dict[str, Project], figures: dict[str, StatisticsFigure]
) -> None:
    access = access_of(everywhere)
    months = {one.key: one for one in beside(access, 2021, "", "month", None)}
    assert (months["6"].ours, months["6"].theirs, months["6"].differing) == (
        900 + 500 + 77, 850 + 500 + 33 + 50, 4,
    )  # fmt: skip
    assert months["3"].gap == 0 and months["1"].theirs is None and months["1"].gap is None
    assert months["1"].rate.value is None
    places = {one.key: one for one in beside(access, 2021, CITY, "region", 6)}
    assert (places[COUNTY].ours, places[SIBLING].theirs) == (1400, 50)
    assert latest_month(access, 2021) == 6 and latest_month(access, 2019) == 1


def test_the_page_tells_the_month_and_leads_to_a_ruling(
    client: Client, everywhere: User, projects: dict[str, Project],
    figures: dict[str, StatisticsFigure],
) -> None:  # fmt: skip
    client.force_login(everywhere)
    page = client.get("/projects/analysis/monitoring/?year=2021").content.decode()
    assert "待裁定 4 个" in page and "两边都有，数不同" in page
    url = f"/projects/analysis/monitoring/rule/?year=2021&month=6&project={projects['a'].pk}"
    form = client.get(url).content.decode()
    assert 'name="seen" value="900/850"' in form
    nonce = form.partition('name="nonce" value="')[2].partition('"')[0]
    sent = {"holds": "both", "reason": "口径不同", "seen": "900/850", "nonce": nonce}
    assert client.post(url, sent).status_code == 302
    assert client.post(url, sent).status_code == 302
    assert FigureRuling.objects.count() == 1
    page = client.get("/projects/analysis/monitoring/?year=2021&month=6").content.decode()
    assert "口径不同，并列" in page and "待裁定 3 个" in page
    late = client.post(url, {**sent, "nonce": "", "seen": "1/2"})
    assert late.status_code == 422 or "刚有变动" in late.content.decode()


def test_the_list_of_differences_can_be_taken_along(
    client: Client, everywhere: User, projects: dict[str, Project],
    figures: dict[str, StatisticsFigure],
) -> None:  # fmt: skip
    client.force_login(everywhere)
    answer = client.get("/projects/analysis/monitoring/?year=2021&month=6&form=csv")
    text = answer.content.decode("utf-8-sig")
    assert text.count("\n") == 5 and "统计有，没有对上项目" in text


def test_a_month_without_the_bureaus_file_has_no_differences(
    client: Client, everywhere: User, projects: dict[str, Project],
    figures: dict[str, StatisticsFigure],
) -> None:  # fmt: skip
    client.force_login(everywhere)
    page = client.get("/projects/analysis/monitoring/?year=2021&month=1").content.decode()
    assert "这个月还没有统计部门的数" in page and "待裁定" not in page


def test_no_figures_and_a_wrong_address(client: Client, everywhere: User) -> None:
    client.force_login(everywhere)
    page = client.get("/projects/analysis/monitoring/?year=2018").content.decode()
    assert "没有月报，也没有统计部门的数" in page
    for wrong in ("", "?year=2021&month=6", "?year=2021&month=6&project=999999", "?year=x&month=6"):
        assert client.get(f"/projects/analysis/monitoring/rule/{wrong}").status_code == 404


def test_the_page_asks_the_same_for_more_projects(
    client: Client, everywhere: User, projects: dict[str, Project],
    figures: dict[str, StatisticsFigure],
) -> None:  # fmt: skip
    client.force_login(everywhere)
    url = "/projects/analysis/monitoring/?year=2021&month=6"
    client.get(url)
    few = len(queries_of(client, url))
    for n in range(12):
        bureau(None, 6, n, name=f"示例{n}")
    assert len(queries_of(client, url)) <= few <= 25
