"""事后奖补 and 设备（软件）补贴 in a round: own measures and conditions; 未定 is no 0."""

from __future__ import annotations

from typing import Any

import pytest

from jigai.funding.rounds.figures import Breadth, breadth_of
from jigai.funding.rounds.offered import offered_by, opened_measure
from jigai.paths import packs_dir
from jigai.policies.calculator.examples import day_of
from jigai.policies.calculator.programs import program_of
from jigai.policies.calculator.work_out import Result, explain_rows
from jigai.policies.services.install_pack import install_pack
from jigai.policies.stored_packs import model_of
from jigai.rules.example_case import example_rows, with_profile
from tests.factories import make_enterprise
from tests.funding.making import make_application, make_round

pytestmark = pytest.mark.django_db
SOFTWARE, EX_POST = "equipment-software-subsidy", "ex-post-award"


def installed(slug: str) -> Any:
    return install_pack(folder=packs_dir() / slug, check=False)


def worked(version: Any, measure: str, example: str, **changes: str) -> Result:
    """What the engine makes of an example of the document, with other facts of the project."""
    model = model_of(version)
    found = next(e for e in model.pack.examples if e.name == example)
    found = with_profile(model, found)
    given = found.model_copy(update={"project": {**found.project, **changes}})
    return explain_rows(
        program_of(model, measure, day_of(model, given)), example_rows(model, given)
    )


@pytest.mark.system("equipment-software-subsidy")
def test_software_counts_beside_equipment_and_the_rate_is_open() -> None:
    version = installed("luan-2020")
    for changes in ({}, {"设备投资申报额": "0元", "软件投资申报额": "80万元"}):
        found = worked(version, SOFTWARE, "重点项目的设备补贴", **changes)
        assert (found.word, found.told.amount) == ("未定", None)
    nothing = worked(version, SOFTWARE, "没有设备与软件投资")
    assert nothing.told.amount == 0


@pytest.mark.system("equipment-software-subsidy")
def test_it_is_not_the_upgrade_of_equipment_of_another_document() -> None:
    """Same word, other base: one counts software and asks for a key project, the other does not."""
    luan, yanzhou = installed("luan-2020"), installed("yanzhou-2020")
    own = {m.code: m for m in offered_by(luan)}[SOFTWARE]
    others = [m for m in offered_by(yanzhou) if "设备" in m.name]
    assert others
    assert SOFTWARE not in {m.code for m in others}
    opened = opened_measure(make_round(pack=luan, measures=()), own, 1)
    assert {item["name"] for item in opened.evidence} >= {"设备与软件购置发票", "入库记录"}
    for other in others:
        assert own.evidence != other.evidence
    model = model_of(yanzhou)
    for other in others:
        assert "软件投资申报额" not in str(model.measures[other.code].amount)


@pytest.mark.system("ex-post-award")
def test_what_is_not_finished_has_no_award_whatever_was_declared_before() -> None:
    version = installed("guangdong-2019")
    assert worked(version, EX_POST, "合格项目，比例未定").word == "未定"
    late = worked(version, EX_POST, "过了截止日才竣工")
    assert (late.word, late.told.amount) == ("不符合", 0)
    assert [reason.code for reason in late.told.reasons] == ["not_completed"]
    own = {m.code: m for m in offered_by(version)}[EX_POST]
    opened = opened_measure(make_round(pack=version, measures=()), own, 1)
    assert "竣工验收材料" in {item["name"] for item in opened.evidence}


@pytest.mark.system("ex-post-award")
def test_its_breadth_is_counted_in_enterprises_and_apart_from_what_was_declared_before() -> None:
    """One enterprise with two projects is one; another measure is another line; who was supported
    by an earlier round of the document is not there for the first time."""
    earlier = make_round(measures=(EX_POST,))
    later = make_round(earlier.programme, measures=(EX_POST, "equipment"), pack=earlier.pack)
    old, new = make_enterprise(), make_enterprise()
    post, other = (later.measures.get(code=code) for code in (EX_POST, "equipment"))
    make_application(earlier, old, state="paid", fen=100)
    for firm, measure, fen in ((old, post, 300), (new, post, 200), (new, post, 50),
                               (new, other, 70)):  # fmt: skip
        make_application(later, firm, measure=measure, state="decided", fen=fen)
    make_application(later, measure=post, state="refused")
    assert breadth_of(later) == [
        Breadth(post.name, 3, 2, 1, 550), Breadth(other.name, 1, 1, 1, 70)
    ]  # fmt: skip
