"""The bulletin of June 2021 out of the sample ledger and its twelve monthly sheets."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from jigai.core.access import access_of
from jigai.core.models import User
from jigai.core.screens.formats import half_away
from jigai.projects.models import Project
from jigai.projects.work.bulletin_rows import NO_TOWN
from jigai.projects.work.bulletin_word import draft_word
from jigai.projects.work.services.make_bulletin import drawn_up, make_bulletin
from jigai.projects.work.services.make_tasks import look
from tests.core.imports import kit
from tests.core.imports.kit import bring, bring_samples
from tests.factories import COUNTY

pytestmark = pytest.mark.django_db
FILE = "04_月度投资报表_2021.xlsx"
ALL = "year-to-date-1"


@pytest.fixture(scope="module")
def own(django_db_setup: None, django_db_blocker: Any, samples: Path) -> Iterator[User]:
    """The ledger and the months, imported by a clerk."""
    with kit.committed(django_db_blocker):
        person = kit.clerk()
        bring_samples(samples, person)
        bring((samples / FILE).read_bytes(), person, name=FILE)
        yield person


@pytest.fixture
def truth(expected: Any) -> dict[str, int]:
    """Fen done by the end of June by ledger row: the latest accepted report, from the table of
    expected figures and by nothing of the platform."""
    found: dict[str, int] = {}
    for row in sorted(expected("04_monthly"), key=lambda row: int(row["month"])):
        if int(row["month"]) <= 6 and row["accepted"] == "yes":
            found[row["ledger_row"]] = int(Decimal(row["cumulative_yuan"]) * 100)
    return found


@pytest.mark.system("dispatch-bulletin")
def test_the_figures_of_june_equal_those_of_the_expected_table(
    own: User, truth: dict[str, int], expected: Any
) -> None:
    row = make_bulletin(
        region=COUNTY, cadence="month", year=2021, period=6, method=ALL, by=own,
        access=access_of(own),
    )  # fmt: skip
    total, lines = row.content["total"], row.content["lines"]
    assert total["done_fen"] == sum(truth.values()) == 61_481_710_000
    assert total["reported"] == len(truth)
    ledger = expected("02_projects")
    counted = [one for one in ledger if not one["duplicate_of_row"]]
    assert total["projects"] == len(counted) == 199
    included = sum(one["in_statistics"] == "yes" for one in counted)
    unknown = sum(one["in_statistics"] == "unknown" for one in counted)
    assert (total["included"], total["inclusion_unknown"]) == (included, unknown)
    assert Fraction(*total["inclusion"]) == Fraction(included, 199)
    assert sum(line["done_fen"] or 0 for line in lines) == total["done_fen"]
    assert row.content["texts"][0].startswith("2021 年 1—6 月，列入台账的项目 199 个")
    by_town: dict[str, int] = defaultdict(int)
    for project in Project.objects.filter(duplicate_of=None).select_related("enterprise"):
        town = (project.enterprise.town if project.enterprise else "") or NO_TOWN
        by_town[town] += truth.get(str(project.source_row), 0)
    assert {line["name"]: line["done_fen"] or 0 for line in lines} == dict(by_town)
    best = max(by_town, key=lambda name: by_town[name])
    ranked = [place["name"] for place in row.content["tables"][0]["rows"]]
    assert ranked[0] == best and NO_TOWN in by_town and NO_TOWN not in ranked


@pytest.mark.system("dispatch-bulletin")
def test_the_same_library_gives_the_same_bulletin(own: User) -> None:
    from jigai.projects.work.bulletin_methods import method_of

    given = (COUNTY, "month", 2021, 6, method_of(ALL), None)
    assert drawn_up(*given) == drawn_up(*given)


@pytest.mark.system("start-nudge")
def test_who_is_asked_what_in_june(own: User, monkeypatch: Any) -> None:
    """Each project of the ledger in at most one kind, by its state."""
    monkeypatch.setattr(timezone, "localdate", lambda *_args, **_more: dt.date(2021, 7, 15))
    found = look(access_of(own), region=COUNTY, year=2021, month=6)
    assert found.looked_at == 199
    states = dict(Project.objects.values_list("pk", "state"))
    early = {"planned", "filed", "admitted"}
    for one in found.nudges:
        assert (one.kind == "start") == (states[one.project] in early), one.text
    keys = [one.project for one in found.nudges]
    assert len(keys) == len(set(keys)) and set(found.counts) == {"start", "progress"}


@pytest.mark.system("dispatch-bulletin")
def test_the_paper_has_the_chart_and_its_figures(own: User) -> None:
    from jigai.projects.work.bulletin_methods import method_of

    content = drawn_up(COUNTY, "month", 2021, 6, method_of(ALL), None)
    with zipfile.ZipFile(io.BytesIO(draft_word(content, 1))) as paper:
        assert "word/charts/chart1.xml" in paper.namelist()
        text = paper.read("word/document.xml").decode()
        inside = paper.read("word/embeddings/chart1.xlsx")
    assert "图 1　累计完成投资（万元）" in text
    rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(inside)).active.rows]
    drawn = {name: Fraction(str(value)) for name, value in rows[1:]}
    # 万元 with two decimals, as in the table above it.
    shown = {
        line["name"]: Fraction(half_away(line["done_fen"], 10_000), 100)
        for line in content["lines"]
    }
    assert drawn == shown and len(drawn) == 14
