"""政策匹配 on screen: who sees whom, what is tried, every amount's trace, queries, no writes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from jigai.core.models import AccessLog, Enterprise, User
from jigai.paths import packs_dir
from jigai.policies.models import Decision, EvaluationRun, PackVersion
from jigai.policies.services.install_pack import install_pack
from jigai.projects.models import Project
from jigai.workbench.navigator.shown import asked
from tests.factories import CITY, SIBLING, make_enterprise, make_user
from tests.query_counts import queries_of
from tests.workbench.test_navigator import GOOD, clerk, firm, line, project, yanzhou

pytestmark = [pytest.mark.django_db, pytest.mark.system("policy-navigator")]
__all__ = ["clerk", "firm", "yanzhou"]

Firm = Callable[..., Enterprise]
THEN = "day=2021-12-31"


@pytest.fixture
def web(client: Client, clerk: User) -> Client:
    client.force_login(clerk)
    return client


def text_of(client: Client, url: str, **headers: str) -> str:
    answer = client.get(url, headers=headers or None)
    assert answer.status_code == 200, (answer.status_code, url)
    return str(answer.content.decode())


def test_a_name_is_never_without_a_judgement(web: Client, firm: Firm, yanzhou: Any) -> None:
    """Every measure stands with its verdict, amount, gap, clause and evidence."""
    row = firm(420_000_000)
    page = text_of(web, f"/navigator/{row.pk}/?{THEN}")
    parts = ["不符合", "还差 80.00 万元", "四.1", "设备购置增值税发票", "对条文提问", "互斥"]
    parts += ["装备升级奖补（设备投资）", "区工业和信息化局", "政银保与供应链金融"]
    for part in parts:
        assert part in page, part
    items = re.findall(r'<article class="jg-nav-item.*?</article>', page, re.S)
    assert len(items) == 4
    assert all("jg-badge" in item and "jg-nav-amount" in item for item in items)


def test_what_excludes_each_other_is_on_the_page(web: Client, firm: Firm, yanzhou: Any) -> None:
    row = firm()
    line(Project.objects.get(), 400_000_000, "robot")
    page = text_of(web, f"/navigator/{row.pk}/?{THEN}")
    assert "符合的措施只能择一" in page and "择一后放弃" in page and "五.3" in page
    assert "420,000.00" in page and "同一项目只能选一项" in page


def test_every_amount_opens_its_trace(web: Client, firm: Firm, yanzhou: Any) -> None:
    row = firm()
    page = text_of(web, f"/navigator/{row.pk}/?{THEN}")
    urls = {
        url.replace("&amp;", "&")
        for url in re.findall(r'hx-get="(/navigator/\d+/trace[^"]+)', page)
    }
    assert len(urls) == 3
    (url,) = [url for url in urls if "measure=equipment" in url]
    part = text_of(web, url, HX_Request="true")
    assert "<html" not in part
    for words in ("设备补助比例", "3%", "300,000.00", "数控机床", "未核实事项"):
        assert words in part, words
    assert "<html" in text_of(web, url) and "data-print" in text_of(web, url)
    assert web.get(url.replace("measure=equipment", "measure=no-such")).status_code == 404
    assert web.get(url.replace(f"key={Project.objects.get().pk}", "key=1")).status_code == 404


def test_trying_swaps_the_part_below_and_writes_nothing(
    web: Client, firm: Firm, yanzhou: Any
) -> None:
    row = firm(420_000_000)
    key = Project.objects.get().pk
    url = f"/navigator/{row.pk}/?{THEN}&chosen=yes&project={key}"
    added = text_of(web, url + "&add=&add=try.enterprise.own.latest_grade", HX_Target="navigator")
    assert "<html" not in added and 'name="try.enterprise.own.latest_grade"' in added
    assert "现有：B类" in added and "还没有变化" in added
    tried = url + f"&try.project.{key}.%2Bequipment=80%E4%B8%87%E5%85%83"
    page = text_of(web, tried, HX_Target="navigator")
    assert "与现有资料相比" in page and "+150,000.00" in page and "不符合" in page
    part = re.search(r'hx-get="(/navigator/\d+/trace[^"]+)', page)
    assert part and "假设的发票" in text_of(web, part[1].replace("&amp;", "&"), HX_Request="true")
    wrong = text_of(web, url + f"&try.project.{key}.%2Bequipment=30%E4%BA%A9")
    assert "单位不对" in wrong and "is-invalid" in wrong
    dropped = tried + f"&drop=try.project.{key}.%2Bequipment"
    assert "与现有资料相比" not in text_of(web, dropped)
    assert not EvaluationRun.objects.exists() and not Decision.objects.exists()
    assert Project.objects.get().lines.count() == 1
    assert {entry.action for entry in AccessLog.objects.all()} == {"查看政策匹配"}


def test_an_enterprise_sees_only_itself(client: Client, firm: Firm, yanzhou: Any) -> None:
    own, other = firm(), firm()
    client.force_login(make_user("enterprise-handler", enterprise=own))
    there = client.get("/navigator/own/")
    assert there.status_code == 302 and there["Location"] == f"/navigator/{own.pk}/"
    page = text_of(client, f"/navigator/{own.pk}/?{THEN}")
    assert "300,000.00" in page and other.name not in page
    for url in ("", "part/", f"trace/?{THEN}&pack=yanzhou-2020&measure=equipment&subject=project"):
        assert client.get(f"/navigator/{other.pk}/{url}").status_code == 404
    other_key = other.projects.get().pk
    asked_for = f"/navigator/{own.pk}/?{THEN}&chosen=yes&project={other_key}"
    assert "没有登记项目" in text_of(client, asked_for)
    assert other.name not in text_of(client, "/navigator/?q=兖州")
    assert not AccessLog.objects.exists()


def test_offices_see_what_they_reach(client: Client, firm: Firm, yanzhou: Any) -> None:
    row = firm()
    url = f"/navigator/{row.pk}/?{THEN}"
    for role, region, code in (
        ("section-clerk", SIBLING, 404), ("leader", CITY, 200), ("expert", CITY, 403),
        ("platform-admin", CITY, 403),
    ):  # fmt: skip
        client.force_login(make_user(role, region))
        assert client.get(url).status_code == code, role
    client.force_login(make_user("leader", CITY))
    assert row.name in text_of(client, f"/navigator/?q={row.uscc}")
    assert "没有找到企业" in text_of(client, "/navigator/?q=不存在的企业")
    assert "政策匹配" in text_of(client, f"/enterprises/{row.pk}/")
    assert "没有有效的文件" in text_of(client, f"/navigator/{row.pk}/part/")


def test_menus_of_offices_and_enterprises(client: Client, web: Client, firm: Firm) -> None:
    assert 'href="/navigator/"' in text_of(web, "/")
    client.force_login(make_user("enterprise-handler", enterprise=firm()))
    page = text_of(client, "/")
    assert 'href="/navigator/own/"' in page and 'href="/navigator/"' not in page


def test_nothing_in_force_nothing_installed_no_projects(web: Client, firm: Firm) -> None:
    row = firm()
    assert "没有适用于本企业所在地区的政策文件" in text_of(web, f"/navigator/{row.pk}/")
    install_pack(folder=packs_dir() / "yanzhou-2020", check=False)
    page = text_of(web, f"/navigator/{row.pk}/?day=2024-01-01")
    assert "所选的日子没有有效的文件" in page and "已过期" in page and "不产生应付" in page
    assert "按现有资料可得" in page and "模拟</span> 300,000.00" in page
    empty = make_enterprise(figures={2021: GOOD})
    page = text_of(web, f"/navigator/{empty.pk}/?{THEN}")
    assert "本年度没有登记项目" in page and "待估算" in page
    assert "不是日期" in text_of(web, f"/navigator/{row.pk}/?day=2021-02-30")


def test_a_draft_is_watermarked(web: Client, client: Client) -> None:
    install_pack(folder=packs_dir() / "luan-2020", check=False)
    row = make_enterprise(region="341502", figures={2021: GOOD}, registered_region="341502")
    client.force_login(make_user("section-clerk", "341502"))
    page = text_of(client, f"/navigator/{row.pk}/?{THEN}")
    assert "jg-nav-item is-draft" in page and "草案" in page and "不产生应付" in page


def test_queries_do_not_grow_with_measures_projects_or_documents(
    web: Client, firm: Firm, clerk: User, yanzhou: PackVersion
) -> None:
    row = firm()
    url = f"/navigator/{row.pk}/?{THEN}"
    web.get(url)
    one = queries_of(web, url)
    for _ in range(6):
        line(project(row, 600_000_000), 400_000_000, "robot")
    many = queries_of(web, url)
    assert len(many) == len(one) <= 40, "\n".join(many)
    far = make_enterprise(region="320505", figures={2021: GOOD})
    client = Client()
    client.force_login(make_user("section-clerk", "320505"))
    install_pack(folder=packs_dir() / "jiangsu-2015", check=False)
    client.get(f"/navigator/{far.pk}/?{THEN}")
    single = queries_of(client, f"/navigator/{far.pk}/?{THEN}")
    install_pack(folder=packs_dir() / "sunan-2017", check=False)
    client.get(f"/navigator/{far.pk}/?{THEN}")
    both = queries_of(client, f"/navigator/{far.pk}/?{THEN}")
    # A document whose terms read registers asks those, once a register.
    registers = [sql for sql in both if "registers_" in sql]
    assert len(both) - len(registers) <= len(single), "\n".join(both)


def test_the_question_is_read_from_the_address() -> None:
    from django.http import QueryDict

    given = asked(QueryDict("day=2021-12-31&chosen=yes&project=7&project=x&try.a=1&add=&other=2"))
    assert (given.day, given.chosen, given.tried) == (dt.date(2021, 12, 31), (7,), {"try.a": "1"})
    assert given.query == "day=2021-12-31&chosen=yes&project=7&try.a=1"
    assert asked(QueryDict("")).chosen is None and asked(QueryDict("chosen=yes")).chosen == ()
