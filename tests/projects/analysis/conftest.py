"""Projects of two counties with reports of two years, for every page of the analysis."""

from __future__ import annotations

import pytest

from jigai.core.models import User
from jigai.projects.models import Project
from tests.factories import COUNTY, PROVINCE, SIBLING, make_enterprise, make_regions, make_user
from tests.projects.analysis.made import made_project, report


@pytest.fixture
def everywhere(db: None) -> User:
    """A clerk of the province who sees everything."""
    make_regions()
    return make_user("section-clerk", region=PROVINCE, scope="all", username="province")


@pytest.fixture
def projects(everywhere: User) -> dict[str, Project]:
    """Two counties, two industries, one project not included in the statistics, one new build."""
    machines = make_enterprise(
        region=COUNTY, industry_code="3421", figures={2021: {"size_declared": "large"}}
    )
    foods = make_enterprise(
        region=SIBLING, industry_code="1411", figures={2021: {"size_computed": "small"}}
    )
    made = {
        "a": made_project(machines, "a", tags=["direction/智能化"]),
        "b": made_project(machines, "b", tags=["direction/智能化", "direction/绿色化"]),
        "food": made_project(foods, "food"),
        "not included": made_project(foods, "not included", in_statistics=False),
        "new build": made_project(foods, "new build", nature="new"),
    }
    report(made["a"], 2020, 12, 400)
    report(made["a"], 2021, 1, 100)
    report(made["a"], 2021, 3, 700)
    report(made["b"], 2021, 2, 300)
    report(made["b"], 2021, 3, 250, accepted=False)
    report(made["food"], 2020, 6, 100)
    report(made["food"], 2021, 6, 50)
    report(made["not included"], 2021, 6, 9000)
    report(made["new build"], 2021, 6, 77)
    return made
