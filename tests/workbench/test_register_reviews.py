"""Reviews of registers as cases: what is proposed is decided with the verbs of cases, once."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jigai.cases.access import desk_of, holds, own_tasks
from jigai.cases.models import Case, CaseProcedure, Task
from jigai.cases.services.act import act
from jigai.cases.services.open_case import own_procedure
from jigai.core.access import Denied, access_of
from jigai.core.models import Notice, User
from jigai.core.models.access import Delegation
from jigai.errors import JigaiError
from jigai.registers.models import Entry, Register
from jigai.registers.services.decide_proposal import decide_proposal
from jigai.registers.services.propose_entry import (
    propose_entry,
    propose_event,
    withdraw_proposal,
)
from jigai.workbench.case_links import open_missing
from tests.cases.conftest import publish
from tests.factories import SIBLING, make_enterprise, make_regions, make_user
from tests.registers.conftest import START, Make, chief, clerk, make_register, register

__all__ = ["chief", "clerk", "make_register", "register"]
pytestmark = [pytest.mark.django_db, pytest.mark.system("recognition-roster")]


@pytest.fixture
def entry(register: Register, clerk: User) -> Entry:
    firm = make_enterprise("示例审核企业")
    return propose_entry(
        register=register, by=clerk, access=access_of(clerk), effective=START,
        values={"firm": {"id": firm.pk, "name": firm.name}, "level": "市级",
                "revenue": "2000万元"},
    )  # fmt: skip


def case_of(entry: Entry) -> Case:
    return Case.objects.get(about=f"register-proposal:{entry.proposals.latest('pk').pk}")


def use(verb: str, case: Case, user: User, **data: Any) -> Case:
    return act(case=case.pk, verb=verb, by=user, access=access_of(user), **data)


def fresh(entry: Entry) -> Entry:
    return Entry.objects.select_related("register__current").get(pk=entry.pk)


def test_a_proposal_opens_a_case_that_says_what_is_proposed(entry: Entry, clerk: User) -> None:
    case = case_of(entry)
    assert (case.state, case.procedure.code, case.started_by) == ("open", "register-review", clerk)
    assert case.title == f"入册：示例审核企业（{entry.register}）"
    assert case.values["effective"] == "2024-01-01" and "级别：市级" in case.values["content"]
    # Registers set no limit, so there is none.
    assert (case.days, case.due) == (0, None)
    task = Task.objects.get(case=case)
    assert (task.capability, task.region_code, task.barred) == (
        "register.approve", entry.region_code, clerk,
    )  # fmt: skip


def test_agreeing_in_the_inbox_admits_the_entry_at_once(entry: Entry, chief: User) -> None:
    case = use("agree", case_of(entry), chief, reason="材料齐全")
    assert (case.state, case.result) == ("done", "agreed")
    found = entry.proposals.get()
    assert (found.state, found.decided_by, found.answer) == ("confirmed", chief, "材料齐全")
    assert fresh(entry).state == "listed"


def test_refusing_says_why(entry: Entry, chief: User) -> None:
    with pytest.raises(JigaiError) as error:
        use("disagree", case_of(entry), chief)
    assert error.value.code == "no-reason"
    use("disagree", case_of(entry), chief, reason="示例：营业收入口径不符")
    assert (fresh(entry).state, fresh(entry).reason) == ("refused", "示例：营业收入口径不符")
    assert entry.proposals.get().answer == "示例：营业收入口径不符"


@pytest.mark.parametrize(("kind", "state"), [("remove", "removed"), ("review", "listed")])
def test_every_kind_of_event_goes_the_same_way(
    entry: Entry, clerk: User, chief: User, kind: str, state: str
) -> None:
    use("agree", case_of(entry), chief)
    propose_event(entry=entry, kind=kind, effective=dt.date(2024, 6, 1), by=clerk,
                  access=access_of(clerk), reason="示例依据")  # fmt: skip
    use("agree", case_of(entry), chief)
    assert fresh(entry).state == state
    assert fresh(entry).life.filter(kind=kind).count() == 1


def test_a_change_shows_what_would_differ(entry: Entry, clerk: User, chief: User) -> None:
    use("agree", case_of(entry), chief)
    propose_event(
        entry=entry, kind="change", effective=dt.date(2024, 6, 1), by=clerk, reason="升级",
        access=access_of(clerk), values={**fresh(entry).values, "level": "province"},
    )  # fmt: skip
    assert case_of(entry).values["content"] == "级别：市级 → 省级"


def test_what_cannot_be_carried_out_leaves_the_case_open(entry: Entry, chief: User) -> None:
    """In one transaction: no case is closed over an entry that stayed as it was."""
    Entry.objects.filter(pk=entry.pk).update(version=9)
    with pytest.raises(JigaiError) as error:
        use("agree", case_of(entry), chief)
    assert error.value.code == "entry-changed"
    assert case_of(entry).state == "open"
    assert not Task.objects.filter(state="done").exists()
    use("disagree", case_of(entry), chief, reason="请按现在的内容重新提出")
    assert entry.proposals.get().state == "rejected"


def test_deciding_on_the_page_of_the_entry_closes_the_case(entry: Entry, chief: User) -> None:
    decide_proposal(proposal=entry.proposals.get().pk, approve=True, by=chief,
                    access=access_of(chief), answer="同意入册")  # fmt: skip
    case = case_of(entry)
    assert (case.state, case.result) == ("done", "agreed")
    assert case.tasks.get().opinion == "同意入册" and fresh(entry).state == "listed"
    assert list(case.records.filter(verb="agree").values_list("by", flat=True)) == [chief.pk]


def test_nothing_is_corrected_in_the_case(entry: Entry, chief: User) -> None:
    """What is proposed is the proposal's: a copy mended in the case would change nothing."""
    with pytest.raises(JigaiError, match="最多补正 0 次"):
        use("correct", case_of(entry), chief, reason="示例", fields={"reason": "写详细"})


def test_withdrawing_either_withdraws_the_other(
    entry: Entry, register: Register, clerk: User
) -> None:
    use("withdraw", case_of(entry), clerk, reason="填错企业")
    assert (fresh(entry).state, entry.proposals.get().state) == ("withdrawn", "withdrawn")
    firm = make_enterprise()
    other = propose_entry(
        register=register, by=clerk, access=access_of(clerk),
        values={"firm": {"id": firm.pk, "name": firm.name}, "level": "市级",
                "revenue": "2000万元"},
    )  # fmt: skip
    withdraw_proposal(proposal=other.proposals.get().pk, by=clerk)
    assert case_of(other).state == "withdrawn"
    assert not Task.objects.filter(state="open").exists()


def test_whoever_oversees_may_void_it(entry: Entry, chief: User) -> None:
    use("void", case_of(entry), chief, reason="示例：重复提出")
    assert (fresh(entry).state, entry.proposals.get().answer) == ("withdrawn", "示例：重复提出")


def test_two_people_are_needed(register: Register, chief: User) -> None:
    """四眼: neither whoever proposed, nor a deputy with the proposer's rights."""
    firm = make_enterprise()
    entry = propose_entry(
        register=register, by=chief, access=access_of(chief),
        values={"firm": {"id": firm.pk, "name": firm.name}, "level": "市级",
                "revenue": "2000万元"},
    )  # fmt: skip
    case, proposal = case_of(entry), entry.proposals.get()
    deputy, now = make_user("section-clerk", name="代行人"), timezone.now()
    Delegation.objects.create(
        giver=chief, taker=deputy, starts=now - dt.timedelta(hours=1),
        ends=now + dt.timedelta(days=1), reason="出差",
    )  # fmt: skip
    assert access_of(deputy).can("register.approve")
    for person in (chief, deputy):
        with pytest.raises(JigaiError):
            use("agree", case, person)
        with pytest.raises(Denied, match="提出"):
            decide_proposal(proposal=proposal.pk, approve=True, by=person,
                            access=access_of(person))  # fmt: skip
    assert fresh(entry).state == "proposed" and case_of(entry).state == "open"
    decide_proposal(proposal=proposal.pk, approve=True, by=make_user("section-chief"),
                    access=access_of(User.objects.latest("pk")))  # fmt: skip
    assert fresh(entry).state == "listed"


def test_only_approvers_of_the_place_may(entry: Entry) -> None:
    for person in (make_user("section-chief", SIBLING), make_user("section-clerk")):
        with pytest.raises(JigaiError):
            use("agree", case_of(entry), person)
    assert fresh(entry).state == "proposed"


def test_an_enterprise_sees_what_became_of_its_application(make_register: Make) -> None:
    register, firm = make_register(), make_enterprise()
    handler = make_user("enterprise-handler", enterprise=firm)
    entry = propose_entry(
        register=register, by=handler, access=access_of(handler),
        values={"firm": {"id": firm.pk, "name": firm.name}, "level": "市级",
                "revenue": "2000万元"},
    )  # fmt: skip
    case = case_of(entry)
    assert (case.enterprise, case.started_by) == (firm, handler)
    with pytest.raises(JigaiError):
        use("agree", case, handler)


def test_one_message_a_person_and_one_back(
    entry: Entry, chief: User, clerk: User, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        use("disagree", case_of(entry), chief, reason="示例：材料不全")
    told = Notice.objects.filter(user=clerk)
    assert told.count() == 1 and entry.title in told.get().title


def test_more_steps_before_it_is_carried_out(register: Register, clerk: User, chief: User) -> None:
    """The procedure says how many look at it, not the code."""
    who = {"capability": "register.approve", "apart": "starter"}
    content = {
        "kind": "internal", "applicant": "bureau", "title": "entry",
        "fields": [{"id": "entry", "label": "条目"}],
        "steps": [{"id": "first", "name": "初审", "who": who},
                  {"id": "review", "name": "复审", "who": {**who, "apart": "first"}}],
    }  # fmt: skip
    own_procedure("register-review")
    publish(content, code="register-review", region_code="")
    firm = make_enterprise()
    entry = propose_entry(
        register=register, by=clerk, access=access_of(clerk),
        values={"firm": {"id": firm.pk, "name": firm.name}, "level": "市级",
                "revenue": "2000万元"},
    )  # fmt: skip
    given = {"proposal": entry.proposals.get().pk, "approve": True}
    assert decide_proposal(**given, by=chief, access=access_of(chief)).state == "pending"
    with pytest.raises(JigaiError):
        decide_proposal(**given, by=chief, access=access_of(chief))
    second = make_user("section-chief")
    assert decide_proposal(**given, by=second, access=access_of(second)).state == "confirmed"
    assert fresh(entry).state == "listed"


def test_what_was_pending_before_gets_its_case(entry: Entry, chief: User, clerk: User) -> None:
    forget(entry)
    assert open_missing() == 1 and open_missing() == 0
    case = case_of(entry)
    assert case.started_by == clerk
    use("agree", case, chief)
    assert fresh(entry).state == "listed"


def test_deciding_what_has_no_case_yet_opens_it(entry: Entry, chief: User) -> None:
    forget(entry)
    decide_proposal(proposal=entry.proposals.get().pk, approve=True, by=chief,
                    access=access_of(chief))  # fmt: skip
    assert case_of(entry).result == "agreed" and fresh(entry).state == "listed"


def forget(entry: Entry) -> None:
    """As if it had been proposed before reviews were cases."""
    Case.objects.filter(about__startswith="register-proposal:").update(key=None, about="")
    Task.objects.update(state="cancelled")


def test_retired_the_procedure_still_carries_reviews(entry: Entry, chief: User) -> None:
    CaseProcedure.objects.filter(code="register-review").update(state="inactive")
    forget(entry)
    assert open_missing() == 1


def test_the_pages_lead_to_each_other(entry: Entry, chief: User, client: Client) -> None:
    client.force_login(chief)
    case = case_of(entry)
    url = reverse("case-detail", args=[case.number])
    page = client.get(reverse("entry-detail", args=[entry.pk])).content.decode()
    assert url in page
    assert url in client.get(reverse("entry-inbox")).content.decode()
    assert reverse("entry-detail", args=[entry.pk]) in client.get(url).content.decode()
    assert url in client.get(reverse("case-inbox")).content.decode()


def test_who_may_not_open_the_case_is_given_no_link(entry: Entry, client: Client) -> None:
    client.force_login(make_user("section-clerk"))
    case = case_of(entry)
    for page in (reverse("entry-detail", args=[entry.pk]), reverse("entry-inbox")):
        shown = client.get(page).content.decode()
        assert entry.title in shown
        assert reverse("case-detail", args=[case.number]) not in shown


def test_the_button_of_the_entry_goes_through_the_case(
    entry: Entry, chief: User, client: Client
) -> None:
    client.force_login(chief)
    url = reverse("entry-decide", args=[entry.pk, "refuse"])
    answer = client.post(url, {"answer": "", "nonce": str(uuid.uuid4())})
    assert answer.status_code == 422 and "要写理由" in answer.content.decode()
    client.post(url, {"answer": "示例：不在范围", "nonce": str(uuid.uuid4())})
    case = case_of(entry)
    assert (case.state, case.result) == ("done", "refused")
    assert case.records.get(verb="disagree").reason == "示例：不在范围"


def test_what_is_of_no_region_waits_for_who_reaches_everywhere(db: None) -> None:
    make_regions()
    wide = make_user("section-chief", scope="all")
    narrow = make_user("section-chief")
    case = Case.objects.create(
        number="000000-2026-000001", procedure=own_procedure("register-review"),
        release=own_procedure("register-review").current, title="示例", region_code="",
    )  # fmt: skip
    task = Task.objects.create(case=case, capability="register.approve", region_code="")
    for person, sees in ((wide, True), (narrow, False)):
        desk = desk_of(access_of(person))
        assert bool(holds(task, desk)) is sees
        assert Task.objects.filter(own_tasks(desk)).exists() is sees
