"""Tasks name departments of the directory, or the pack is refused with what may be meant."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.test import Client

from jigai.core.models import Department
from jigai.core.services.install_departments import install_departments
from jigai.errors import JigaiError
from jigai.paths import packs_dir
from jigai.policies.models import PackVersion
from jigai.policies.services.install_pack import install_pack
from jigai.policies.task_departments import named_departments, unknown_departments
from jigai.rules.loader import load_pack
from tests.policies.changed_packs import copied, replaced, zipped
from tests.policies.sent_packs import Send

pytestmark = [pytest.mark.django_db, pytest.mark.system("department-directory")]
PACKS = ("yanzhou-2020", "luan-2020", "guangdong-2019", "jiangsu-2015", "sunan-2017")


def misnamed(into: Path, name: str, after: str = "- id: YZ-K03") -> Path:
    folder = copied(into)
    replaced(folder / "tasks.yaml", "区财政局", name, after)
    return folder


@pytest.mark.parametrize("slug", PACKS)
@pytest.mark.parametrize("installed", [False, True])
def test_every_name_of_the_shipped_packs_is_an_entry(slug: str, installed: bool) -> None:
    if installed:
        install_departments()
    pack = load_pack(packs_dir() / slug)
    assert [item.told for item in unknown_departments(pack)] == []
    assert any(task.lead for task in pack.tasks)


def test_an_unknown_name_stops_the_installation_and_names_the_near_ones(tmp_path: Path) -> None:
    install_departments()
    with pytest.raises(JigaiError) as refused:
        install_pack(folder=misnamed(tmp_path, "区财税局"))
    assert refused.value.code == "unknown-department"
    assert "区财税局" in refused.value.message and "六.3" in refused.value.message
    assert "区财政局" in refused.value.message
    assert not PackVersion.objects.exists()


def test_a_proposal_with_an_unknown_name_is_refused(
    send: Send, pack: PackVersion, tmp_path: Path
) -> None:
    proposal = send(zipped(misnamed(tmp_path, "区经济运行办")))
    assert proposal.status == "refused"
    told = [row for row in proposal.problems if row["code"] == "unknown-department"]
    assert len(told) == 1 and "区经济运行办" in told[0]["message"]


def test_a_department_entered_on_screen_is_known(tmp_path: Path) -> None:
    pack = load_pack(misnamed(tmp_path, "区经济运行办"))
    assert [item.name for item in unknown_departments(pack)] == ["区经济运行办"]
    Department.objects.create(region_code="370812", name="区经济运行办", line="running")
    assert unknown_departments(pack) == []


def test_a_name_means_whoever_it_was_on_the_day_of_the_document() -> None:
    """国税 and 地税 of a document of 2017 are two departments then and one today."""
    install_departments()
    pack = load_pack(packs_dir() / "sunan-2017")
    assert pack.identity.issued == dt.date(2017, 3, 21)
    found = {item.name: item for item in named_departments(pack)}
    assert found["国税部门"].then == "江苏省国家税务局"
    assert found["地税部门"].then == "江苏省地方税务局"
    one = {found[name].now for name in ("国税部门", "地税部门")}
    assert one == {"国家税务总局江苏省税务局"}
    assert "2018-06-15 并入" in found["国税部门"].note
    assert found["国土资源部门"].now == "江苏省自然资源厅"
    assert found["工商部门"].now == "江苏省市场监督管理局"
    assert found["苏州市"].note == "地方人民政府"


def test_the_page_of_the_document_shows_whom_it_means(web: Client, pack: PackVersion) -> None:
    install_departments()
    page = web.get("/policies/yanzhou-2020/").content.decode()
    assert "任务点名的单位" in page and "济宁市兖州区财政局" in page
    assert "名录里没有" not in page
