"""Search across the platform stays within reach."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import COUNTY, SIBLING, make_enterprise, make_project, make_user
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db


@pytest.mark.system("role-access")
def test_hits_by_kind_within_reach(client: Client) -> None:
    own = make_enterprise("兖州机械重工", COUNTY)
    make_enterprise("任城机械重工", SIBLING)
    make_project(own, "重工智能化改造")
    client.force_login(make_user("section-clerk"))
    text = client.get("/search/?q=重工").content.decode()
    assert "兖州机械重工" in text and "重工智能化改造" in text and "任城" not in text
    client.force_login(make_user("platform-admin"))
    assert "没有找到" in client.get("/search/?q=重工").content.decode()


@pytest.mark.parametrize(
    "query", ["", "?q=", "?q=%20", "?q=%00", "?q=()", "?q=" + "长" * 500, "?q='"]
)
def test_any_words_are_answered(client: Client, query: str) -> None:
    client.force_login(make_user("section-clerk"))
    assert client.get("/search/" + query).status_code == 200


def test_query_count_does_not_grow_with_hits(client: Client) -> None:
    client.force_login(make_user("section-clerk"))

    def grow(size: int) -> None:
        for n in range(size):
            make_project(make_enterprise(f"重工{n}"), f"重工项目{n}")

    assert_query_count(client, "/search/?q=重工", grow, most=9)
