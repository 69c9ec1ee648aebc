"""Parameters the documents leave open: no value is 未定, never zero; two people settle one."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from jigai.core.access import Denied, access_of
from jigai.core.models import EvidenceUse, Notice, User
from jigai.core.models.access import Delegation
from jigai.errors import JigaiError
from jigai.policies.chain import verify_chain
from jigai.policies.models import PackParameter, PackVersion, ParameterDecision
from jigai.policies.open_parameters import waits_on
from jigai.policies.selectors_open import open_parameters, standing_of
from jigai.policies.services.decide_value import decide_value, withdraw_value
from jigai.policies.services.install_pack import install_pack
from jigai.policies.services.propose_value import propose_value
from jigai.policies.services.remind_decider import deciders, remind_decider
from jigai.rules.plan import PAY, UNDETERMINED
from tests.factories import CITY, SIBLING, make_department, make_user
from tests.policies.conftest import Evaluate
from tests.policies.packs import changed_pack, local_pack
from tests.policies.test_desk import archived
from tests.policies.test_evaluate_stored import of
from tests.query_counts import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.system("parameter-register")]
SLUG, RATE = "yanzhou-2020", "equipment_rate"
JUNE = dt.date(2021, 6, 1)
Propose = Callable[..., ParameterDecision]


@pytest.fixture
def open_pack(pack: PackVersion, tmp_path: Path) -> PackVersion:
    """The document as if it had left the rate for equipment open."""
    return install_pack(folder=changed_pack(tmp_path, RATE, ""), check=False)


@pytest.fixture
def chief(clerk: User) -> User:
    """Who may approve."""
    return make_user("section-chief", name="批准人甲")


@pytest.fixture
def propose(clerk: User) -> Propose:
    """Proposes 3 % for equipment from June 2021, as the clerk."""

    def act(by: User | None = None, **changes: Any) -> ParameterDecision:
        given = {"slug": SLUG, "parameter": RATE, "value": "3%", "valid_from": JUNE,
                 "source": "区政府会议纪要〔2021〕8号", **changes}  # fmt: skip
        person = by or clerk
        return propose_value(by=person, access=access_of(person), **given)

    return act


def decide(item: ParameterDecision, by: User, approve: bool = True, note: str = "") -> Any:
    return decide_value(decision=item.pk, approve=approve, note=note, by=by, access=access_of(by))


def test_without_a_value_the_answer_is_open_and_never_zero(
    web: Client, county: dict[str, Any], evaluate: Evaluate, open_pack: PackVersion
) -> None:
    decision = of(evaluate(pack=open_pack.pk), county["paid"])
    assert decision.verdict == UNDETERMINED
    assert decision.amount_fen is None and decision.proposed_fen is None
    page = web.get(f"/decisions/{decision.pk}/").content.decode()
    assert '拟补助</span><span class="jg-stat-value">未定<' in page
    line = next(
        line
        for line in web.get(f"/decisions/?run={decision.run_id}").content.decode().split("<tr")
        if decision.label in line
    )
    assert "0.00" not in line and "未定" in line
    row = open_parameters(JUNE).get(code=RATE)
    standing = standing_of([row], JUNE)[row.pk]
    assert (standing.word, standing.text, standing.since) == ("未定", "", None)


def test_an_approved_value_counts_from_its_date_on(
    county: dict[str, Any],
    evaluate: Evaluate,
    open_pack: PackVersion,
    propose: Propose,
    chief: User,
) -> None:
    item = propose()
    proposed = evaluate(pack=open_pack.pk)
    assert of(proposed, county["paid"]).verdict == UNDETERMINED  # nobody approved it yet
    decide(item, chief)
    before = evaluate(pack=open_pack.pk, as_of="2021-05-31")
    after = evaluate(pack=open_pack.pk, as_of="2021-06-01")
    assert of(before, county["paid"]).verdict == UNDETERMINED
    paid = of(after, county["paid"])
    assert (paid.verdict, paid.amount_fen, paid.paid_fen) == (PAY, 30_000_000, 30_000_000)
    # A dated value of the run, not a scenario.
    assert after.payable and after.scenario == {} and before.settled["parameters"] == {}
    assert after.settled["parameters"][RATE]["approver"] == "批准人甲"
    row = open_parameters(JUNE).get(code=RATE)
    assert standing_of([row], JUNE)[row.pk].word == "3%"
    assert standing_of([row], JUNE - dt.timedelta(days=1))[row.pk].word == "未定"


def test_the_trace_tells_source_and_approver(
    web: Client, county: dict[str, Any], evaluate: Evaluate, open_pack: PackVersion,
    propose: Propose, chief: User,
) -> None:  # fmt: skip
    decide(propose(), chief)
    run = evaluate(pack=open_pack.pk)
    told = "自 2021-06-01 起，依区政府会议纪要〔2021〕8号，批准人甲批准"
    assert told in web.get(f"/decisions/{of(run, county['paid']).pk}/").content.decode()
    page = web.get(f"/evaluations/{run.pk}/").content.decode()
    assert "依批准取值的参数" in page and "批准人甲" in page


@pytest.mark.parametrize("verb", ["refuse", "withdraw"])
def test_what_is_not_approved_counts_for_nothing(
    county: dict[str, Any], evaluate: Evaluate, open_pack: PackVersion, propose: Propose,
    chief: User, clerk: User, verb: str,
) -> None:  # fmt: skip
    item = propose()
    if verb == "refuse":
        decide(item, chief, approve=False, note="依据不足")
    else:
        withdraw_value(decision=item.pk, by=clerk)
    assert of(evaluate(pack=open_pack.pk), county["paid"]).verdict == UNDETERMINED
    with pytest.raises(JigaiError) as error:
        decide(item, chief)
    assert error.value.code == "already-decided"


def test_a_later_value_and_a_scenario(
    county: dict[str, Any],
    evaluate: Evaluate,
    open_pack: PackVersion,
    propose: Propose,
    chief: User,
) -> None:
    decide(propose(), chief)
    first = evaluate(pack=open_pack.pk)
    kept, moment = archived(first), timezone.now()
    decide(propose(value="5%", valid_from=dt.date(2021, 9, 1)), chief)
    assert (
        of(evaluate(pack=open_pack.pk, as_of="2021-08-31"), county["paid"]).amount_fen == 30_000_000
    )
    assert of(evaluate(pack=open_pack.pk), county["paid"]).amount_fen == 50_000_000
    back_then = evaluate(pack=open_pack.pk, known_at=moment.isoformat())
    assert of(back_then, county["paid"]).amount_fen == 30_000_000
    trial = evaluate(pack=open_pack.pk, overrides={RATE: "4%"})
    assert of(trial, county["paid"]).amount_fen == 40_000_000 and not trial.payable
    assert archived(first) == kept  # byte for byte
    assert verify_chain()[1] == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"value": "3亩"}, "bad-value"),
        ({"value": "百分之三"}, "bad-value"),
        ({"value": "3"}, "no-percent"),
        ({"value": "-3%"}, "bad-value"),
        ({"source": " "}, "no-source"),
        ({"valid_from": dt.date(2020, 7, 12)}, "before-issue"),
        ({"parameter": "nothing"}, "unknown-parameter"),
        ({"parameter": "annual_budget", "value": "500亩"}, "bad-value"),
        ({"parameter": "annual_budget", "value": "500"}, "bad-value"),
        ({"parameter": "joint_meeting_cadence", "value": "3"}, "bad-value"),
        ({"parameter": "investment_start", "value": "2020-08-15"}, "computed-parameter"),
        ({"slug": "nothing"}, "unknown-pack"),
    ],
)
def test_what_cannot_be_proposed(
    open_pack: PackVersion, propose: Propose, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(JigaiError) as error:
        propose(**changes)
    assert error.value.code == code
    assert not ParameterDecision.objects.exists()


@pytest.mark.parametrize(
    ("parameter", "value"),
    [("annual_budget", "5000万元"), ("joint_meeting_cadence", "3个月"),
     ("approval_time_limit", "5工作日"), (RATE, "3%")],
)  # fmt: skip
def test_values_with_their_units(
    open_pack: PackVersion, propose: Propose, chief: User, parameter: str, value: str
) -> None:
    assert decide(propose(parameter=parameter, value=value), chief).status == "approved"


def test_what_the_document_states_cannot_be_set_otherwise(
    pack: PackVersion, propose: Propose, tmp_path: Path
) -> None:
    with pytest.raises(JigaiError) as error:
        propose(parameter=RATE, value="4%")
    told = error.value.message
    assert error.value.code == "contradicts-stated"
    assert "四.1" in told and "3%" in told and "会议纪要〔2021〕8号" in told and "4%" in told
    # A local pack that declares it open again shows its own clause beside that of its base.
    folder = local_pack(tmp_path, RATE, "")
    install_pack(folder=folder, check=False)
    with pytest.raises(JigaiError) as error:
        propose(slug=folder.name, parameter=RATE, value="4%")
    assert "四.1" in error.value.message and "细则一" in error.value.message


def test_a_value_the_document_came_to_state_is_not_approved_and_not_used(
    county: dict[str, Any], evaluate: Evaluate, open_pack: PackVersion, propose: Propose,
    chief: User, pack: PackVersion, tmp_path: Path,
) -> None:  # fmt: skip
    approved, waiting = propose(value="5%"), propose(value="6%", valid_from=dt.date(2021, 7, 1))
    decide(approved, chief)
    folder = changed_pack(tmp_path / "later", RATE, "3%")
    stated = install_pack(folder=folder, check=False)
    with pytest.raises(JigaiError, match="写明"):
        decide(waiting, chief)
    run = evaluate(pack=stated.pk)
    assert of(run, county["paid"]).amount_fen == 30_000_000 and run.settled["parameters"] == {}


def test_four_eyes(open_pack: PackVersion, propose: Propose, chief: User) -> None:
    item = propose(chief)
    with pytest.raises(Denied) as error:
        decide(item, chief)
    assert error.value.code == "four-eyes"
    # Whoever stands in for the proposer would approve with the proposer's own right.
    deputy, now = make_user("section-clerk"), timezone.now()
    Delegation.objects.create(giver=chief, taker=deputy, starts=now - dt.timedelta(hours=1),
                              ends=now + dt.timedelta(hours=1), reason="出差")  # fmt: skip
    with pytest.raises(Denied) as error:
        decide(item, deputy)
    assert error.value.code == "four-eyes"
    # Neither does the table take it.
    with pytest.raises(IntegrityError), transaction.atomic():
        ParameterDecision.objects.update(status="approved", decided_by=chief)
    item.refresh_from_db()
    assert item.status == "proposed"
    assert decide(item, make_user("leader")).status == "approved"


def test_who_may(open_pack: PackVersion, propose: Propose, chief: User, clerk: User) -> None:
    for person in (make_user("expert"), make_user("auditor"), make_user("section-clerk", SIBLING)):
        with pytest.raises(Denied):
            propose(person)
    item = propose()
    for person in (make_user("finance"), make_user("section-chief", SIBLING),
                   make_user("section-chief", CITY, scope="department")):  # fmt: skip
        with pytest.raises(Denied):
            decide(item, person)
    with pytest.raises(JigaiError, match="须写明理由"):
        decide(item, chief, approve=False, note=" ")
    with pytest.raises(Denied):
        withdraw_value(decision=item.pk, by=chief)
    assert decide(item, make_user("section-chief", CITY)).status == "approved"


def test_one_value_a_day(open_pack: PackVersion, propose: Propose, chief: User) -> None:
    first, second = propose(), propose(value="5%")
    decide(first, chief)
    with pytest.raises(JigaiError) as error:
        decide(second, chief)
    assert error.value.code == "same-day" and "3%" in error.value.message


def test_who_is_told(
    open_pack: PackVersion, propose: Propose, chief: User, clerk: User,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        item = propose()
    assert [n.user for n in Notice.objects.filter(event="parameter-proposed")] == [chief]
    with django_capture_on_commit_callbacks(execute=True):
        decide(item, chief)
    notice = Notice.objects.get(event="parameter-decided")
    assert notice.user == clerk and notice.url == f"/parameters/{SLUG}/{RATE}/"


def test_reminding_who_decides_once_a_day(pack: PackVersion, clerk: User) -> None:
    make_user("section-clerk", SIBLING)
    finance = make_user("finance", department=make_department(line="finance", name="兖州区财政局"))
    finance.assignments.get().department.aliases.create(name="财政局")
    assert deciders(pack, "区财政局、推进工作组") == [finance]
    assert deciders(pack, "推进工作组") == [clerk, finance]  # nobody the directory knows
    given = {"slug": SLUG, "parameter": "annual_budget", "by": clerk, "access": access_of(clerk)}
    told = remind_decider(**given)
    notices = Notice.objects.filter(event="parameter-open")
    assert told == notices.count() >= 1 and finance in [n.user for n in notices]
    with pytest.raises(JigaiError) as error:
        remind_decider(**given)
    assert error.value.code == "reminded-today" and notices.count() == told
    remind_decider(**{**given, "parameter": "joint_meeting_cadence"})
    notices.update(created_at=timezone.now() - dt.timedelta(days=1))
    assert remind_decider(**given) == told


def test_the_register_lists_what_is_open_and_what_waits(
    web: Client, open_pack: PackVersion, propose: Propose, chief: User
) -> None:
    assert "措施 1" in " ".join(waits_on(open_pack, RATE))
    page = web.get("/parameters/").content.decode()
    for words in ("设备补助比例", "年度专项资金预算", "限时办结时限", "未定", "由公式得出"):
        assert words in page, words
    assert PackParameter.objects.filter(pack=open_pack, code="equipment_cap").exists()
    assert "设备补助上限" not in page  # stated
    assert "设备补助比例" not in web.get("/parameters/?state=proposed").content.decode()
    decide(propose(), chief)
    propose(value="4%", valid_from=dt.date(2021, 12, 1))
    for state, shown in (("proposed", True), ("settled", True), ("open", False)):
        found = web.get(f"/parameters/?state={state}").content.decode()
        assert ("设备补助比例" in found) is shown, state
    assert "设备补助比例" in web.get("/parameters/?q=四.1").content.decode()
    assert "财政局" in web.get("/parameters/?q=财政局&status=undetermined").content.decode()


def test_proposing_and_approving_on_screen(
    client: Client, open_pack: PackVersion, clerk: User, chief: User
) -> None:
    url = f"/parameters/{SLUG}/{RATE}/"
    client.force_login(clerk)
    page = client.get(url).content.decode()
    assert "提出，待批准" in page and "写成" not in page and "未定" in page
    sent = {"value": "3", "valid_from": "2021-06-01", "source": "纪要", "nonce": str(uuid.uuid4())}
    wrong = client.post(url, sent)
    assert wrong.status_code == 422 and "没有写 %" in wrong.content.decode()
    file = io.BytesIO(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    file.name = "纪要.pdf"
    right = client.post(url, {**sent, "value": "3%", "files": file})
    assert right.status_code == 302
    item = ParameterDecision.objects.get()
    assert item.evidence is not None and EvidenceUse.objects.get().file == item.evidence
    decide_url = f"/parameters/values/{item.pk}/decide/"
    assert client.post(decide_url, {"verb": "approve"}).status_code == 403
    client.force_login(chief)
    assert 'value="approve"' in client.get(url).content.decode()
    ok = client.post(decide_url, {"verb": "approve", "nonce": str(uuid.uuid4())})
    assert ok.status_code == 302
    page = client.get(url).content.decode()
    assert "批准人甲" in page and 'value="approve"' not in page
    assert client.post(decide_url, {"nonce": str(uuid.uuid4())}).status_code == 422


def test_reach_on_screen(client: Client, open_pack: PackVersion, propose: Propose) -> None:
    item = propose()
    client.force_login(make_user("section-chief", SIBLING))
    sent = {"verb": "approve", "nonce": str(uuid.uuid4())}
    assert client.post(f"/parameters/values/{item.pk}/decide/", sent).status_code == 404
    assert client.post(f"/parameters/values/{item.pk}/withdraw/", sent).status_code == 404
    page = client.get(f"/parameters/{SLUG}/{RATE}/").content.decode()
    assert "提出，待批准" not in page
    client.force_login(make_user("expert"))
    page = client.get(f"/parameters/{SLUG}/{RATE}/").content.decode()
    assert "会议纪要〔2021〕8号" not in page  # a proposal is no business of outsiders
    assert client.get(f"/parameters/{SLUG}/equipment_cap/").status_code == 404


def test_query_counts(web: Client, pack: PackVersion, tmp_path: Path) -> None:
    web.get("/parameters/")
    small = len(queries_of(web, "/parameters/"))
    install_pack(folder=local_pack(tmp_path, "annual_budget", ""), check=False)
    web.get("/parameters/")
    assert len(queries_of(web, "/parameters/")) == small <= 14
