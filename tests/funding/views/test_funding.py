"""发票 and 技改共同体: reach, filters, grouped sums."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from jigai.funding.models import ConsortiumMember
from jigai.funding.views.invoices import grouped
from tests.factories import (
    CITY,
    COUNTY,
    SIBLING,
    make_consortium,
    make_enterprise,
    make_line,
    make_project,
    make_user,
)
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db


def as_(role: str = "section-clerk", region: str = COUNTY, **options: Any) -> Client:
    client = Client()
    client.force_login(make_user(role, region, **options))
    return client


def items(client: Client, query: str = "") -> set[str]:
    text = client.get("/invoices/" + query).content.decode()
    return set(re.findall(r'<td class="jg-clip" title="(机[^"]*)"', text))


@pytest.mark.system("role-access")
def test_lines_within_reach() -> None:
    own, other = make_enterprise("甲"), make_enterprise("乙", SIBLING)
    make_line(make_project(own), item="机床甲")
    make_line(make_project(other), item="机床乙")
    # Bought by another for the own project, and bought by the own for nothing yet.
    make_line(make_project(own), item="机床丙", buyer=other)
    make_line(None, item="机床丁", buyer=own)
    assert items(as_()) == {"机床甲", "机床丙", "机床丁"}
    assert items(as_(region=CITY)) == {"机床甲", "机床乙", "机床丙", "机床丁"}
    assert items(as_("enterprise-handler", enterprise=own)) == {"机床甲", "机床丙", "机床丁"}
    assert items(as_("enterprise-handler", enterprise=other)) == {"机床乙", "机床丙"}


def test_filters() -> None:
    project = make_project(make_enterprise("甲公司"))
    first = make_line(project, item="机床一", invoice_no="00112233")
    make_line(project, item="机床二", duplicate_of=first, duplicate_scope="project")
    make_line(None, item="机床三", status="void", item_class="robot", buyer_raw="丙公司")
    client = as_()
    assert items(client, "?no=0011") == {"机床一"}
    assert items(client, "?item_class=robot") == {"机床三"}
    assert items(client, "?status=void") == {"机床三"}
    assert items(client, "?attached=no") == {"机床三"}
    assert items(client, "?attached=yes") == {"机床一", "机床二"}
    assert items(client, "?duplicate=yes") == {"机床二"}
    assert items(client, "?duplicate=no") == {"机床一", "机床三"}
    assert items(client, "?duplicate=project") == {"机床二"}
    assert items(client, "?duplicate=cross") == set()
    assert items(client, "?buyer=丙") == {"机床三"}
    assert items(client, "?item=床二") == {"机床二"}


def test_sums_leave_out_void_and_repeated_lines() -> None:
    project = make_project(make_enterprise())
    first = make_line(project)
    make_line(project, amount_fen=50_000, tax_fen=6_500, total_fen=56_500, item_class="robot")
    make_line(project, duplicate_of=first, duplicate_scope="project")
    make_line(project, status="void")
    make_line(project, status="red", amount_fen=-10_000, tax_fen=-1_300, total_fen=-11_300)
    make_line(project, amount_fen=None, tax_fen=None, total_fen=None, unit_suspect=True)
    groups = grouped(project.lines.order_by("id"))
    assert [(g.name, len(g.lines), g.amount, g.total) for g in groups] == [
        ("生产设备", 5, 90_000, 101_700),
        ("工业机器人", 1, 50_000, 56_500),
    ]
    text = as_().get(f"/projects/{project.pk}/lines/").content.decode()
    assert "1,400.00" in text and "1,582.00" in text
    assert "不含税金额合计 0.14 万元" in as_().get("/invoices/").content.decode()


@pytest.mark.system("role-access")
def test_lines_of_a_project_out_of_reach_are_not_shown() -> None:
    project = make_project(make_enterprise("乙", SIBLING))
    make_line(project, item="机床乙")
    text = as_().get(f"/projects/{project.pk}/lines/").content.decode()
    assert "机床乙" not in text and "没有发票" in text


@pytest.mark.system("role-access")
def test_consortia_within_reach() -> None:
    own, partner = make_enterprise("甲公司"), make_enterprise("乙公司")
    ours = make_consortium("本县共同体", (own, partner))
    theirs = make_consortium("邻县共同体", (make_enterprise("丙", SIBLING),), region=SIBLING)
    # The same member twice must not double the list.
    ConsortiumMember.objects.create(
        consortium=ours, enterprise=own, enterprise_raw="甲公司", duplicate=True, equipment_fen=1
    )
    clerk, handler = as_(), as_("enterprise-handler", enterprise=own)
    for client in (clerk, handler):
        text = client.get("/consortia/").content.decode()
        assert text.count(">本县共同体</a>") == 1 and "邻县共同体" not in text
        assert client.get(f"/consortia/{theirs.pk}/").status_code == 404
    page = clerk.get(f"/consortia/{ours.pk}/").content.decode()
    assert "甲公司" in page and "乙公司" in page and "1,000,000.00" in page
    assert "乙公司" not in handler.get(f"/consortia/{ours.pk}/").content.decode()
    assert "本县共同体" in clerk.get(f"/enterprises/{own.pk}/consortia/").content.decode()
    project = make_project(own)
    assert "本县共同体" in clerk.get(f"/projects/{project.pk}/consortia/").content.decode()
    assert (
        "没有参加" in as_(region=SIBLING).get(f"/projects/{project.pk}/consortia/").content.decode()
    )


def test_query_counts_do_not_grow() -> None:
    owner = make_enterprise()
    project = make_project(owner)
    consortium = make_consortium("大共同体", (owner,))

    def grow(size: int) -> None:
        for _ in range(size):
            other = make_enterprise()
            make_line(project)
            make_line(make_project(other))
            make_consortium("", (owner, other))
            ConsortiumMember.objects.create(
                consortium=consortium, enterprise=other, enterprise_raw=other.name
            )

    client = as_()
    pages = {
        "/invoices/": 12,
        "/consortia/": 12,
        f"/consortia/{consortium.pk}/": 10,
        f"/projects/{project.pk}/lines/": 8,
        f"/projects/{project.pk}/consortia/": 8,
        f"/enterprises/{owner.pk}/consortia/": 8,
    }
    for url, most in pages.items():
        assert_query_count(client, url, grow, most=most, sizes=(2, 8))
