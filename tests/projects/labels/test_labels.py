"""Several systems of labels over one project: mapped by rule, never one out of many."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from jigai.core.project_tags import named_tags
from jigai.projects.labels.systems import find_label, label_systems, labels_of
from jigai.projects.labels.views import label_counts
from jigai.projects.models import Project
from tests.factories import make_project, make_user

pytestmark = pytest.mark.system("project-direction-tagging")
_TAGS = sorted(tag.id for tag in named_tags().values() if tag.kind in {"direction", "renewal",
                                                                       "cluster"})  # fmt: skip


def borne(**fields: Any) -> dict[str, list[str]]:
    project = Project(region_code="370812", name="改造", year=2021, **fields)
    return {system.name: [label.name for label in found] for system, found in labels_of(project)}


def test_every_rule_names_what_exists() -> None:
    for system in label_systems().values():
        assert len({label.id for label in system.labels}) == len(system.labels)
        for label in system.labels:
            assert set(label.tags) <= set(named_tags()), label.name
            assert label.rule and (label.on or label.note)


def test_a_project_bears_several_labels_of_several_systems() -> None:
    found = borne(tags=["direction/智能化", "direction/绿色化", "renewal/新工艺"], software_fen=100)
    assert found == {
        "四新技改": ["新工艺"], "四化": ["智能化", "绿色化"],
        "四大工程": ["智能制造工程", "“互联网+”工程", "绿色制造工程"],
    }  # fmt: skip


def test_the_seventh_of_six_plus_one_is_kept_and_borne_by_nobody() -> None:
    seventh = find_label("luan-six-plus-one/seventh")
    assert seventh is not None and not seventh.on and "没有说明" in seventh.note
    everything = Project(
        region_code="341502", tags=_TAGS, software_fen=1, robot_fen=1, equipment_fen=1, chain="链"
    )
    assert not seventh.borne_by(everything)


def test_systems_of_other_places_are_not_pressed_on_a_project() -> None:
    assert set(borne(tags=[])) == {"四新技改", "四化", "四大工程"}


@pytest.mark.django_db
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_the_count_is_that_of_one_by_one(data: Any) -> None:
    Project.objects.all().delete()
    for _ in range(data.draw(st.integers(0, 6))):
        make_project(
            tags=data.draw(st.lists(st.sampled_from(_TAGS), max_size=4, unique=True)),
            total_fen=data.draw(st.one_of(st.none(), st.integers(0, 10**9))),
            robot_fen=data.draw(st.sampled_from([None, 0, 5])),
            software_fen=data.draw(st.sampled_from([None, 0, 5])),
            equipment_fen=data.draw(st.sampled_from([None, 0, 5])),
            chain=data.draw(st.sampled_from([None, "", "智能农机"])),
        )  # fmt: skip
    rows = list(Project.objects.all())
    for system in label_systems().values():
        lines, count, fen = label_counts(Project.objects.all(), system)
        for line in lines:
            own = [row for row in rows if line.label.borne_by(row)]
            assert (line.projects, line.total_fen) == (
                len(own), sum(row.total_fen or 0 for row in own),
            )  # fmt: skip
        some = [row for row in rows if any(label.borne_by(row) for label in system.labels)]
        assert (count, fen) == (len(some), sum(row.total_fen or 0 for row in some))


@pytest.mark.django_db
def test_the_page_leads_to_the_projects_it_counts(client: Client) -> None:
    make_project(name="甲改造", tags=["direction/绿色化", "direction/智能化"], total_fen=100)
    make_project(name="乙改造", tags=["direction/绿色化"], total_fen=200)
    client.force_login(make_user("section-clerk"))
    page = client.get("/projects/labels/?system=yanzhou-four").content.decode()
    assert "每个只计一次" in page and "label=yanzhou-four/green" in page
    listed = client.get("/projects/?label=yanzhou-four/intelligent").content.decode()
    assert "甲改造" in listed and "乙改造" not in listed
    six = client.get("/projects/labels/?system=luan-six-plus-one").content.decode()
    assert "停用" in six
