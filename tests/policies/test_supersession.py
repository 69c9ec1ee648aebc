"""Who replaces whom from when: the old document explains the days before, the new one from then."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from jigai.core.access import access_of
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.paths import packs_dir
from jigai.policies.document_keys import document_key
from jigai.policies.force import force_on, payable_on
from jigai.policies.models import EvaluationRun, PackVersion, Succession
from jigai.policies.services.install_pack import install_pack
from jigai.policies.services.register_succession import register_succession, withdraw_succession
from jigai.policies.successions import follow, governing
from tests.factories import make_user
from tests.policies.conftest import Evaluate
from tests.policies.replaced_packs import NEW, NEW_NUMBER, OLD, OLD_NUMBER, successor
from tests.query_counts import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.system("policy-supersession")]
BEFORE, AFTER = dt.date(2021, 9, 30), dt.date(2021, 10, 1)


@pytest.fixture
def new(pack: PackVersion, tmp_path: Path) -> PackVersion:
    """The successor, beside the old document."""
    return install_pack(folder=successor(tmp_path), check=False)


def given(**changes: Any) -> dict[str, Any]:
    return {
        "old_number": "示例经信〔2018〕8号", "old_title": "示例技改行动计划",
        "old_issued": dt.date(2018, 1, 10), "new_slug": "", "new_number": "示例工信〔2019〕6号",
        "new_title": "示例技改行动计划（修订本）", "since": dt.date(2019, 5, 23),
        "basis": "修订本末段", "note": "", **changes,
    }  # fmt: skip


def register(by: User, **changes: Any) -> Succession:
    return register_succession(**given(**changes), by=by, access=access_of(by))


def shown(client: Client, number: str, day: str) -> str:
    return client.get("/documents/find/", {"q": number, "on": day}).content.decode()


def test_a_number_is_the_same_in_any_brackets() -> None:
    same = [f"粤经信技改{year}8号" for year in ("〔2018〕", "[2018]", "（2018） ", "(2018)")]
    assert len({document_key(text) for text in same}) == 1
    assert document_key("粤府〔2018〕79号") != document_key("粤府〔20187〕9号")


def test_the_old_document_explains_the_days_before_and_the_new_one_from_then(
    pack: PackVersion, new: PackVersion
) -> None:
    for asked in (pack, new):
        assert governing(asked, BEFORE) == pack
        assert governing(asked, AFTER) == new
    assert (force_on(pack, BEFORE).payable, force_on(pack, AFTER).word) == (True, "已被替代")
    assert payable_on(new, AFTER) and not payable_on(new, BEFORE)


@pytest.mark.system("as-of-replay")
@pytest.mark.parametrize("asked", [OLD, NEW])
def test_an_evaluation_is_done_by_the_document_of_its_day(
    county: dict[str, Any], evaluate: Evaluate, pack: PackVersion, new: PackVersion, asked: str
) -> None:
    chosen = {OLD: pack, NEW: new}[asked]
    early = evaluate(pack=chosen.pk, as_of="2021-09-30", deadline="2021-09-30")
    # Bought under the new document.
    county["paid"].lines.update(date=dt.date(2021, 11, 1))
    late = evaluate(pack=chosen.pk, as_of="2021-12-01", deadline="2021-12-01")
    assert (early.pack_id, late.pack_id) == (pack.pk, new.pk)
    # 1,000万元 × 3% before, × 4% after.
    assert early.summary["total_fen"] == 30_000_000
    assert late.summary["total_fen"] == 40_000_000
    assert early.payable and late.payable
    assert early.population.get("chosen", OLD) == late.population.get("chosen", NEW) or asked


def test_the_run_says_which_document_was_asked_for(
    web: Client, county: dict[str, Any], evaluate: Evaluate, new: PackVersion, pack: PackVersion
) -> None:
    run = evaluate(pack=new.pk, as_of="2021-09-30", deadline="2021-09-30")
    page = web.get(f"/evaluations/{run.pk}/").content.decode()
    assert "按取值日期适用的文件测算" in page and new.title in page and pack.title in page


def test_only_the_chosen_one_is_a_simulation(
    county: dict[str, Any], evaluate: Evaluate, pack: PackVersion, new: PackVersion
) -> None:
    run = evaluate(pack=pack.pk, as_of="2021-10-01", deadline="2021-10-01", exact=True)
    assert run.pack_id == pack.pk and not run.payable
    assert "已废止" in run.simulation and NEW_NUMBER in run.simulation


def test_readings_of_the_wrong_document_are_refused(
    county: dict[str, Any], pack: PackVersion, new: PackVersion
) -> None:
    from jigai.policies.evaluate_stored import governing_pack
    from jigai.policies.fact_run import Choices

    choices = Choices(as_of=AFTER, readings={"validity_binding": "a"})
    with pytest.raises(JigaiError, match="适用的是") as refused:
        governing_pack(pack, choices, 2021)
    assert refused.value.code == "other-document"


@pytest.mark.system("as-of-replay")
def test_a_later_registration_leaves_a_stored_run_as_it_was(
    county: dict[str, Any], evaluate: Evaluate, pack: PackVersion, tmp_path: Path
) -> None:
    from jigai.policies.evaluate_stored import evaluate_again

    run = evaluate(readings={"simulate_when_inactive": "a"})
    install_pack(folder=successor(tmp_path, since="2021-02-01"), check=False)
    assert evaluate_again(run).decision_hash == run.root_hash
    assert EvaluationRun.objects.get(pk=run.pk).payable


def test_asking_for_the_old_number_leads_to_the_new_one_with_its_day(
    web: Client, new: PackVersion
) -> None:
    after = shown(web, OLD_NUMBER, "2021-10-01")
    assert "已被替代，这一天适用新文件" in after and f"/policies/{NEW}/" in after
    assert "2021-10-01" in after
    before = shown(web, OLD_NUMBER.replace("〔", "[").replace("〕", "]"), "2021-09-30")
    assert "按这份文件解释" in before and f"/policies/{OLD}/" in before
    assert "没有这份文件" in shown(web, "不存在〔2000〕1号", "2021-10-01")


def test_guangdong_began_before_it_was_printed(web: Client) -> None:
    install_pack(folder=packs_dir() / "guangdong-2019", check=False)
    old = "粤经信技改〔2018〕8号"
    early, late = shown(web, old, "2018-06-01"), shown(web, old, "2019-05-23")
    assert "平台没有这份文件的数据包" in early
    assert "计划期自 2018-01-01 起，文件到 2019-05-23 才印发" in early
    assert "不追溯产生应付" in early
    assert "/policies/guangdong-2019/" in late and "计划期自" not in late
    found = follow(old, dt.date(2019, 5, 22))
    assert found is not None and found.holds.version is None and found.coming is not None
    page = web.get("/policies/guangdong-2019/?on=2018-06-01").content.decode()
    assert "未施行" in page and "其间的日子按原文件" in page
    assert "计划期自" in web.get("/policies/guangdong-2019/lineage/").content.decode()


def test_documents_without_packs_are_registered_on_screen(client: Client, chief: User) -> None:
    client.force_login(chief)
    sent = {
        key: value.isoformat() if isinstance(value, dt.date) else value
        for key, value in given().items()
    }
    answer = client.post("/successions/new/", {**sent, "nonce": str(uuid.uuid4())})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    row = Succession.objects.get()
    assert (row.since, row.recorded_by) == (dt.date(2019, 5, 23), chief)
    page = client.get(answer["Location"]).content.decode()
    assert "示例经信〔2018〕8号" in page and "撤回" in page
    assert "示例工信〔2019〕6号" in shown(client, "示例经信〔2018〕8号", "2020-01-01")
    late = {"because": "登错", "nonce": str(uuid.uuid4())}
    assert client.post(f"/successions/{row.pk}/", late).status_code == 302
    assert "没有这份文件" in shown(client, "示例经信〔2018〕8号", "2020-01-01")
    assert "已撤回" in client.get("/successions/").content.decode()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"old_number": "", "old_title": ""}, "not-named"),
        ({"new_number": "示例经信〔2018〕8号"}, "itself"),
        ({"since": dt.date(2017, 1, 1)}, "before-old"),
        ({"new_slug": OLD, "since": dt.date(2020, 7, 12)}, "retroactive"),
    ],
)
def test_what_cannot_be_is_refused(
    pack: PackVersion, chief: User, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(JigaiError) as refused:
        register(chief, **changes)
    assert refused.value.code == code and not Succession.objects.exists()


def test_no_circle_no_fork_and_no_pair_twice(db: None, chief: User) -> None:
    register(chief)
    for changes, code in (
        ({}, "known"),
        ({"new_number": "示例另文〔2020〕1号"}, "already-replaced"),
        ({"old_number": "示例工信〔2019〕6号", "new_number": "示例经信〔2018〕8号"}, "circle"),
    ):
        with pytest.raises(JigaiError) as refused:
            register(chief, **changes)
        assert refused.value.code == code


def test_a_chain_of_three_is_followed_to_the_day(db: None, chief: User) -> None:
    register(chief)
    register(
        chief, old_number="示例工信〔2019〕6号", old_issued=None, new_number="示例工信〔2021〕1号",
        new_title="示例新计划", since=dt.date(2021, 1, 1),
    )  # fmt: skip
    numbers = {}
    for year in (2018, 2020, 2022):
        found = follow("示例经信〔2018〕8号", dt.date(year, 6, 1))
        assert found is not None
        numbers[year] = found.holds.number
    assert list(numbers.values()) == [
        "示例经信〔2018〕8号", "示例工信〔2019〕6号", "示例工信〔2021〕1号",
    ]  # fmt: skip


def test_what_a_pack_states_is_not_withdrawn_here(new: PackVersion, chief: User) -> None:
    row = Succession.objects.get(from_pack=True)
    with pytest.raises(JigaiError, match="不能在这里撤回"):
        withdraw_succession(succession=row.pk, because="", by=chief, access=access_of(chief))


def test_a_draft_replaces_nothing(pack: PackVersion, tmp_path: Path) -> None:
    install_pack(folder=successor(tmp_path, status="draft"), check=False)
    assert not Succession.objects.exists() and payable_on(pack, AFTER)


def test_others_read_and_do_not_register(client: Client, pack: PackVersion, clerk: User) -> None:
    client.force_login(make_user("enterprise-handler"))
    assert client.get("/documents/find/").status_code == 200
    assert client.get("/successions/new/").status_code == 403
    stranger = make_user("section-chief", region="370811")
    with pytest.raises(JigaiError, match="所在的地区"):
        register(stranger, new_slug=OLD, since=dt.date(2020, 8, 15))


def test_the_list_by_day_asks_the_same_for_more_documents(web: Client, new: PackVersion) -> None:
    url = "/policies/?day=2021-10-01"
    web.get(url)
    few = len(queries_of(web, url))
    page = web.get(url).content.decode()
    # Once as a choice of the query form, once as the state of the old document.
    assert page.count("已被替代") == 2 and "有效" in page
    install_pack(folder=packs_dir() / "luan-2020", check=False)
    assert len(queries_of(web, url)) <= few
    assert "草案" in web.get(url).content.decode()
    assert f"/policies/{OLD}/" not in web.get("/policies/?on=2021-10-01").content.decode()
