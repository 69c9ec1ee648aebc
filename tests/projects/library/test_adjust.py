"""动态调整: the reason, the field's history, and what rests on the value, before it is saved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jigai.core.access import Denied, access_of
from jigai.core.models import User
from jigai.core.project_tags import tag_of
from jigai.errors import JigaiError
from jigai.policies.models import Decision, EvaluationRun, PackVersion
from jigai.policies.stored_packs import model_of
from jigai.projects.library.adjustable import PARTS
from jigai.projects.library.effects import effects_of, register_effects, rests_on
from jigai.projects.library.services.adjust_project import adjust_project
from jigai.projects.models import (
    Adjustment,
    LibraryEntry,
    MainDirection,
    Project,
    ProjectInvestment,
)
from tests.projects.library.conftest import CITY, DAY, WAN, MakeProject, in_library

pytestmark = [pytest.mark.django_db, pytest.mark.system("library-dynamic-adjustment")]
NONCE = "6f2b6f0e-0000-4000-8000-00000000000{}"


def adjust(
    project: Project, by: User, part: str = "total", value: str = "800", **given: Any
) -> Adjustment:
    """Change one value."""
    project.refresh_from_db()
    wanted = {"reason": "变更备案〔2021〕5号", "seen": project.version, **given}
    return adjust_project(
        project=project.pk, part=part, value=value, by=by, access=access_of(by), **wanted
    )


def decide(luan: PackVersion, project: Project, measures: list[str], **given: Any) -> Decision:
    """A stored decision about a project."""
    run = EvaluationRun.objects.create(
        pack=luan, year=given.pop("year", 2021), region_code=CITY, as_of=DAY,
        known_at=timezone.now(), snapshot="s", snapshot_file="f", root_hash="r",
        chain_hash=f"c{EvaluationRun.objects.count()}", payable=given.pop("payable", True),
        previous=EvaluationRun.objects.order_by("-id").first(),
        engine="test", created_at=timezone.now(), scenario=given.pop("scenario", {}),
    )  # fmt: skip
    return Decision.objects.create(
        run=run, subject="project", subject_key=str(project.pk), label=project.name,
        region_code=project.region_code, verdict=1, measures=measures, paid_fen=50 * WAN,
    )  # fmt: skip


@pytest.fixture
def project(fits: MakeProject) -> Project:
    """One in the county's library."""
    row = fits("智能包装线", total_fen=500 * WAN)
    in_library(row)
    return row


class TestRecord:
    def test_old_new_why_and_who_are_kept_and_the_value_changes(
        self, project: Project, county: User
    ) -> None:
        made = adjust(project, county)
        assert (made.field, made.before, made.after) == (
            "总投资", "5,000,000.00 元", "8,000,000.00 元",
        )  # fmt: skip
        assert made.reason == "变更备案〔2021〕5号" and made.created_by == county
        before = project.version
        project.refresh_from_db()
        assert project.total_fen == 800 * WAN and project.version == before + 1

    def test_the_history_of_the_field_names_person_and_reason(
        self, project: Project, county: User
    ) -> None:
        adjust(project, county)
        from django.apps import apps

        event = apps.get_model("projects.ProjectEvent").objects.order_by("-pgh_id").first()
        assert event.total_fen == 800 * WAN
        assert "变更备案〔2021〕5号" in event.pgh_context.metadata["reason"]
        assert event.pgh_context.metadata["user"] == county.pk

    def test_an_adjustment_is_never_rewritten(self, project: Project, county: User) -> None:
        made = adjust(project, county)
        with pytest.raises(Exception, match=r"stay|append"):
            Adjustment.objects.filter(pk=made.pk).update(reason="改口")

    def test_the_filed_statement_goes_along_the_statistical_one_never(
        self, project: Project, county: User
    ) -> None:
        for statement in ("filed", "statistical"):
            ProjectInvestment.objects.create(
                project=project, statement=statement, kind="fixed", amount_fen=300 * WAN,
                source="台账",
            )  # fmt: skip
        adjust(project, county, "fixed", "350.5")
        amounts = dict(ProjectInvestment.objects.values_list("statement", "amount_fen"))
        assert amounts == {"filed": 35_050 * WAN // 100, "statistical": 300 * WAN}

    def test_a_direction_is_settled_and_tagged(self, project: Project, county: User) -> None:
        made = adjust(project, county, "main_direction", "信息化")
        assert (made.before, made.after) == ("绿色化", "信息化")
        project.refresh_from_db()
        assert [tag_of(tag).name for tag in project.tags] == ["绿色化", "信息化"]
        assert MainDirection.objects.get(project=project).settled_by == county
        again = adjust(project, county, "main_direction", "智能化")
        assert again.before == "信息化" and MainDirection.objects.get().version == 2

    def test_an_overdue_start_takes_its_reason(self, fits: MakeProject, county: User) -> None:
        late = fits(state="admitted", start=dt.date(2021, 3, 1))
        in_library(late)
        made = adjust(late, county, "late", "用地还没有批", reason="自然资源部门补件")
        assert (made.field, made.after) == ("超期未开工的情况", "用地还没有批")


class TestRefusals:
    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"reason": "  "}, "adjust-reason"),
            ({"value": "500"}, "adjust-same"),
            ({"value": "很多"}, "adjust-money"),
            ({"part": "end", "value": "明年"}, "adjust-day"),
            ({"part": "main_direction", "value": "数字化转型"}, "adjust-direction"),
            ({"part": "late", "value": "没批", "reason": "等"}, "not-late"),
            ({"part": "nothing"}, "adjust-part"),
            ({"seen": 99}, "changed"),
        ],
    )
    def test_what_does_not_fit_changes_nothing(
        self, project: Project, county: User, given: dict[str, Any], code: str
    ) -> None:
        with pytest.raises(JigaiError) as refused:
            adjust(project, county, **given)
        assert refused.value.code == code and not Adjustment.objects.exists()

    def test_one_that_never_was_in_a_library(self, fits: MakeProject, county: User) -> None:
        with pytest.raises(JigaiError) as refused:
            adjust(fits(), county)
        assert refused.value.code == "not-in-library"

    def test_outside_the_window_it_is_read_only(self, fits: MakeProject, county: User) -> None:
        old = fits(year=2018)
        in_library(old, status="out", left_on=DAY, reason="完工")
        with pytest.raises(JigaiError) as refused:
            adjust(old, county)
        assert refused.value.code == "outside-window"
        old.refresh_from_db()
        assert old.total_fen == 500 * WAN

    def test_another_county_changes_nothing(self, project: Project, other: User) -> None:
        with pytest.raises(Denied):
            adjust(project, other)


class TestEffects:
    def test_a_decision_that_read_the_value_is_named(
        self, luan: PackVersion, project: Project, county: User
    ) -> None:
        row = decide(luan, project, ["equipment-software-subsidy"])
        made = adjust(project, county, "equipment", "300")
        told = [each for each in made.effects if each["kind"] == "decision"]
        assert [(each["key"], each["url"]) for each in told] == [(row.pk, f"/decisions/{row.pk}/")]
        assert "2021 年测算" in told[0]["text"] and "500,000.00 元" in told[0]["text"]

    def test_one_that_did_not_read_it_is_not(
        self, luan: PackVersion, project: Project, county: User
    ) -> None:
        decide(luan, project, ["demonstration-project"])
        assert adjust(project, county, "robot", "30").effects == []
        assert rests_on(model_of(luan), ["demonstration-project"], ("planned_fixed_assets",))

    def test_of_each_document_and_year_the_newest_and_no_scenario(
        self, luan: PackVersion, project: Project, city: User
    ) -> None:
        decide(luan, project, ["equipment-software-subsidy"])
        newest = decide(luan, project, ["equipment-software-subsidy"])
        decide(luan, project, ["equipment-software-subsidy"], scenario={"x": "1"})
        later = decide(luan, project, ["equipment-software-subsidy"], year=2022)
        found = effects_of(access_of(city), project, PARTS["equipment"], 1)
        assert [each["key"] for each in found] == [newest.pk, later.pk]

    def test_falling_out_of_the_citys_rule_is_told(
        self, luan: PackVersion, project: Project, county: User, city: User
    ) -> None:
        in_library(project, "city")
        low = effects_of(access_of(county), project, PARTS["fixed"], 100 * WAN)
        assert [each["kind"] for each in low] == ["library"]
        assert "固定资产投资还差 100.00 万元" in low[0]["text"]
        assert effects_of(access_of(county), project, PARTS["fixed"], 250 * WAN) == []
        LibraryEntry.objects.filter(level="city").update(status="out", left_on=DAY, reason="x")
        assert effects_of(access_of(county), project, PARTS["fixed"], 100 * WAN) == []

    def test_other_rooms_add_their_own(self, project: Project, county: User) -> None:
        from jigai.projects.library import effects

        register_effects("test", lambda *given: [
            {"kind": "payment", "key": 1, "text": "已兑付", "url": "/"}])  # fmt: skip
        try:
            assert adjust(project, county).effects[-1]["text"] == "已兑付"
        finally:
            effects._FINDERS.pop("test")


class TestPage:
    def test_what_it_touches_is_shown_before_anything_is_saved(
        self, luan: PackVersion, project: Project, county: User, as_user: Callable[[User], Client]
    ) -> None:
        """A change is never made before whoever makes it has seen which benefits rest on it."""
        decide(luan, project, ["equipment-software-subsidy"])
        client = as_user(county)
        url = f"/library/projects/{project.pk}/adjust/"
        assert client.get(url).status_code == 200
        given = {"part": "equipment", "value": "300", "reason": "变更备案", "seen": project.version}
        first = client.post(url, given)
        text = first.content.decode()
        assert "这项调整涉及" in text and "2021 年测算" in text
        assert not Adjustment.objects.exists()
        project.refresh_from_db()
        assert project.equipment_fen == 250 * WAN
        sent = {**given, "confirm": "1", "nonce": NONCE.format(1)}
        assert client.post(url, sent).status_code == 302
        assert client.post(url, sent).status_code == 302  # sent twice, done once
        assert Adjustment.objects.count() == 1
        part = client.get(f"/library/projects/{project.pk}/part/").content.decode()
        assert "3,000,000.00 元" in part and "2021 年测算" in part

    def test_two_who_change_at_once(
        self, project: Project, county: User, as_user: Callable[[User], Client]
    ) -> None:
        client = as_user(county)
        seen = project.version
        adjust(project, county)
        sent = {"part": "robot", "value": "30", "reason": "变更", "seen": seen, "confirm": "1",
                "nonce": NONCE.format(2)}  # fmt: skip
        refused = client.post(f"/library/projects/{project.pk}/adjust/", sent)
        assert refused.status_code == 422 and "刚有人改过" in refused.content.decode()

    def test_the_list_keeps_them_all(
        self, project: Project, county: User, other: User, as_user: Callable[[User], Client]
    ) -> None:
        adjust(project, county)
        mine, theirs = (
            as_user(one).get("/library/adjustments/").content.decode() for one in (county, other)
        )
        assert "变更备案〔2021〕5号" in mine and "智能包装线" not in theirs
