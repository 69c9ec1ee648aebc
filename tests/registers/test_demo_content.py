"""Invented rows for the sample district: loaded only on request, once, and showing each finding."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from jigai.core.access import access_of
from jigai.core.models import Enterprise, User
from jigai.errors import JigaiError
from jigai.registers.content_check import check_file
from jigai.registers.models import Entry
from jigai.registers.selectors import register_by_code
from jigai.registers.services.load_content import DEMO, FOLDER, load_content, load_demo, load_file
from jigai.registers.special.cleaner_counts import progress
from jigai.registers.special.cleaner_data import audits_on
from jigai.registers.special.equipment import ELIMINATED, OLD, UNLISTED, UNSURE_BASIS, UNSURE_MODEL
from jigai.registers.special.key_list_data import key_registers, listed_up_to
from jigai.registers.special.ledger import catalogue_on, compared, machines_on, old_before
from jigai.registers.special.list_conflicts import find_conflicts
from jigai.registers.special.stored_charges import check_payments
from jigai.registers.special.stored_land import gaps_in_reach, uses_in_reach
from jigai.sheets.reader import read_workbook
from tests.factories import COUNTY, make_regions, make_user
from tests.registers.test_content import EXAMPLE

pytestmark = pytest.mark.django_db
FILES = sorted(FOLDER.glob(DEMO))
DAY = dt.date(2021, 12, 31)
MORE = """
register: {code: example-catalogue}
entries:
- {edition: "2", source: 示例, values: {产品: 示例水泵, 功率: "15"}}
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    (tmp_path / "example-catalogue.yaml").write_text(EXAMPLE, encoding="utf-8")
    (tmp_path / "demo-example.yaml").write_text(MORE, encoding="utf-8")
    return tmp_path


def test_demo_rows_come_only_when_asked_for_and_once(shelf: Path) -> None:
    load_content(folder=shelf)
    assert not Entry.objects.filter(title="示例水泵").exists()
    told: list[str] = []
    assert load_demo(told.append, shelf) == 1 and told == ["载入示例：示例推广目录"]
    assert load_demo(folder=shelf) == load_content(folder=shelf) == 0
    entry = Entry.objects.get(title="示例水泵")
    assert (entry.edition and entry.edition.code, entry.origin) == ("2", "content:demo-example")
    # The register stays that of its own file.
    assert register_by_code("example-catalogue").origin == "content:example-catalogue"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("example-catalogue", "no-such", "no-such"), ('edition: "2", ', "", "没有写入册日期"),
        ('edition: "2"', 'edition: "9"', "没有版次“9”"), ("source: 示例, ", "", "没有写来源"),
        ("功率", "功律", "没有“功律”这些字段"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_demo_file_is_told(shelf: Path, old: str, new: str, why: str) -> None:
    load_content(folder=shelf)
    path = shelf / "demo-example.yaml"
    path.write_text(MORE.replace(old, new), encoding="utf-8")
    with pytest.raises(JigaiError, match=why):
        load_file(path)
    assert Entry.objects.count() == 2


@pytest.fixture
def demo() -> User:
    """All that ships, the enterprises the demo rows name, and the rows."""
    make_regions()
    for name in sorted(firms()):
        Enterprise.objects.create(name=name, region_code=COUNTY)
    load_content()
    load_demo()
    return make_user("section-clerk", name="经办人")


def firms() -> set[str]:
    """Names in fields of enterprises of all demo files."""
    found: set[str] = set()
    for path in FILES:
        for entry in check_file(path).entries:
            found |= {str(entry["values"][n]) for n in ("企业", "服务商") if n in entry["values"]}
    return found


def test_demo_rows_name_enterprises_of_the_sample_and_nobody_else(sample_files: Any) -> None:
    book = read_workbook(sample_files["enterprises"])
    rows = [row for sheet in book.sheets for row in sheet.rows.values()]
    words = {str(cell).strip() for row in rows for cell in row if cell}
    assert firms() and {name for name in firms() if not name.startswith("示例")} <= words


@pytest.mark.system("eliminated-equipment-list")
def test_the_demo_ledger_shows_every_verdict(demo: User) -> None:
    spans = machines_on(access_of(demo), DAY)
    rows = compared(spans, catalogue_on(DAY), old_before("before"))
    found = {row.values["number"]: (row.verdict.code, row.verdict.old) for row in rows}
    assert found["示例-03"][0] == UNSURE_MODEL and found["示例-04"] == (OLD, True)
    assert found["示例-13"] == (UNLISTED, False) and found["示例-02"][0] == ELIMINATED
    assert found["示例-01"] == (UNSURE_BASIS, True) and all(row.enterprise for row in rows)


@pytest.mark.system("key-enterprise-lists")
def test_the_demo_lists_contradict_each_other_once(demo: User) -> None:
    rows = listed_up_to(access_of(demo), DAY, key_registers())
    (found,) = find_conflicts(rows, DAY)
    assert found.left.name == found.right.name == "兖州沅岳涂料科技有限公司"
    assert {found.left.size, found.right.size} == {"large", "small"}


@pytest.mark.system("clean-production-list")
def test_a_demo_enterprise_with_work_left_does_not_count(demo: User) -> None:
    found = progress(audits_on(access_of(demo), DAY), DAY)
    assert found.by_state == {"accepted": 2, "auditing": 1}
    assert [a.name for a in found.counted] == ["济宁垚垣化工有限公司"]
    assert [late.why for late in found.open_cases] == ["要求的整改没有完成"]


@pytest.mark.system("charge-list")
def test_the_demo_payments_hold_one_repeat_and_one_waived(demo: User) -> None:
    found = check_payments(access_of(demo))
    assert (found.payments, len(found.repeated), len(found.waived)) == (4, 1, 1)
    assert not found.unlisted


@pytest.mark.system("land-control-line")
def test_the_demo_plan_was_missed_and_nothing_is_over_occupied(demo: User) -> None:
    access = access_of(demo)
    (gap,) = gaps_in_reach(access, DAY)
    assert gap.state == "short" and gap.retrofit_missed and gap.count == 2
    uses = {use.code: (use.projects, use.over) for use in uses_in_reach(access, DAY)}
    assert uses == {"示例-GK-01": (1, False), "示例-GK-02": (1, False)}
