"""融资需求清单: an outcome for every push, and nothing seen without the enterprise's consent."""

from __future__ import annotations

import uuid
from fractions import Fraction
from itertools import count
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Denied, access_of
from jigai.core.models import Assignment, Institution, Notice, User
from jigai.errors import JigaiError
from jigai.registers.entry_values import prepare_one
from jigai.registers.models import Entry, Register
from jigai.registers.services.give_consent import give_consent, withdraw_consent
from jigai.registers.services.propose_entry import propose_entry
from jigai.registers.services.push_need import push_need, receive_push, report_outcome
from jigai.registers.special.financing import check_outcome, rates
from jigai.registers.special.stored_financing import pushes_to
from tests.factories import (
    COUNTY,
    SIBLING,
    make_enterprise,
    make_institution,
    make_regions,
    make_role,
    make_user,
)
from tests.query_counts import assert_query_count
from tests.registers.content.shipped import put, ship

pytestmark = [pytest.mark.system("financing-need-list")]
SECRET = "示例机密机械有限公司"
AMOUNT = 750_0000_00


def push(state: str, institution: str = "1", **more: Any) -> dict[str, Any]:
    return {"institution": f"示例{institution}行", "institution_id": institution, "state": state,
            **more}  # fmt: skip


def test_rates_are_of_what_was_received_and_refused_after_acceptance_counts_twice() -> None:
    day = "2021-01-01"
    rows = [
        push("pushed"),
        push("received", received_on=day),
        push("refused", received_on=day, accepted_on=day, refused_on=day),
        push("lent", received_on=day, lent_on=day, lent=100),
        push("credited", received_on=day, accepted_on=day, credited_on=day, credited=300),
        push("pushed", "2"),
    ]
    one, other = rates(rows)
    assert (one.pushed, one.received, one.accepted, one.credited, one.lent) == (5, 4, 3, 2, 1)
    assert (one.refused, one.silent, one.credited_sum, one.lent_sum) == (1, 1, 300, 100)
    assert (one.accepted_share, one.lent_share) == (Fraction(3, 4), Fraction(1, 4))
    assert (other.pushed, other.accepted_share) == (1, None)


@pytest.mark.parametrize(
    ("before", "state", "amount", "reason", "told"),
    [
        ({"state": "pushed"}, "accepted", None, "", "先签收"),
        ({"state": "received"}, "lent", 100, "", "不能改成已放款"),
        ({"state": "accepted"}, "credited", None, "", "已授信要写金额"),
        ({"state": "received"}, "refused", None, " ", "未通过要写原因"),
        ({"state": "received"}, "accepted", 100, "", "只有授信和放款"),
        ({"state": "credited", "credited": 100}, "lent", 101, "", "大于授信金额"),
        ({"state": "lent"}, "refused", None, "改了", "没有下一步"),
    ],
)
def test_outcomes_follow_one_another_with_amount_and_reason(
    before: dict[str, Any], state: str, amount: int | None, reason: str, told: str
) -> None:
    with pytest.raises(JigaiError) as raised:
        check_outcome(before, state, amount, reason)
    assert told in f"{raised.value.message}{raised.value.hint}"


# stored ------------------------------------------------------------------------------------------


def banker(bank: Institution) -> User:
    person = make_user(name="示例客户经理")
    Assignment.objects.create(user=person, role=make_role("bank"), institution=bank, scope="self")
    return person


class Scene:
    """A need of an enterprise, its handler, the office and two banks."""

    def __init__(self) -> None:
        make_regions()
        self.registers: dict[str, Register] = {
            code: ship(code) for code in ("financing-needs", "financing-consents",
                                          "financing-pushes")
        }  # fmt: skip
        self.firm = make_enterprise(SECRET)
        self.handler = make_user("enterprise-handler", enterprise=self.firm)
        self.clerk = make_user("section-clerk")
        self.bank, self.other = make_institution("示例甲银行"), make_institution("示例乙银行")
        self.banker, self.rival = banker(self.bank), banker(self.other)
        self.need = self.new_need("XQ-1")

    def new_need(self, number: str, until: str = "2999-12-31", firm: Any = None) -> Entry:
        return put(self.registers["financing-needs"], {
            "number": number, "enterprise": {"id": (firm or self.firm).pk}, "about": "项目",
            "project": "示例机密项目", "amount": AMOUNT, "way": "固定资产贷款",
            "asked": "2021-01-01",
            "purpose": "购置机密设备", "place": COUNTY, "valid_to": until, "contact": "示例联系人",
            "phone": "示例电话",
        })[0]  # fmt: skip

    def consent(self, bank: Any = None, by: Any = None) -> Entry:
        person = by or self.handler
        return give_consent(need=self.need.pk, institution=(bank or self.bank).pk, by=person,
                            access=access_of(person))  # fmt: skip

    def withdraw(self, bank: Any = None) -> Entry:
        return withdraw_consent(need=self.need.pk, institution=(bank or self.bank).pk,
                                by=self.handler, access=access_of(self.handler))  # fmt: skip

    def push(self, *banks: Any, by: Any = None) -> list[Entry]:
        person = by or self.clerk
        return push_need(need=self.need.pk, institutions=[b.pk for b in banks or (self.bank,)],
                         by=person, access=access_of(person))  # fmt: skip

    def sees(self, person: User) -> list[int]:
        return [row.values["need"]["id"] for row in pushes_to(access_of(person))]

    def report(self, push: Entry, state: str, **more: Any) -> Entry:
        return report_outcome(push=push.pk, state=state, by=self.banker,
                              access=access_of(self.banker), **more)  # fmt: skip


@pytest.fixture
def scene(db: None) -> Scene:
    return Scene()


def test_without_consent_nothing_is_pushed_and_no_bank_sees_anything(scene: Scene) -> None:
    with pytest.raises(JigaiError, match="没有同意推送给示例甲银行"):
        scene.push()
    scene.consent()
    assert scene.sees(scene.banker) == []  # consented, not yet pushed
    with pytest.raises(JigaiError, match="没有同意推送给示例乙银行"):
        scene.push(scene.bank, scene.other)
    assert not Entry.objects.filter(register__code="financing-pushes").exists()
    scene.push()
    assert scene.sees(scene.banker) == [scene.need.pk] and scene.sees(scene.rival) == []


def test_only_the_enterprise_consents(scene: Scene) -> None:
    stranger = make_user("enterprise-handler", enterprise=make_enterprise())
    for person in (stranger, scene.clerk, scene.banker):
        with pytest.raises(Denied):
            scene.consent(by=person)
    with pytest.raises(JigaiError, match="不能在这里登记"):
        propose_entry(register=scene.registers["financing-consents"], values={}, by=scene.clerk,
                      access=access_of(scene.clerk))  # fmt: skip


def test_withdrawn_consent_ends_the_view_at_once_and_the_outcome_stays(scene: Scene) -> None:
    scene.consent()
    (made,) = scene.push()
    receive_push(push=made.pk, by=scene.banker, access=access_of(scene.banker))
    scene.report(made, "accepted")
    scene.withdraw()
    assert scene.sees(scene.banker) == []
    with pytest.raises(Denied):
        scene.report(made, "credited", amount=100)
    made.refresh_from_db()
    assert made.values["state"] == "accepted"
    scene.consent()  # on the same day again
    assert scene.sees(scene.banker) == [scene.need.pk]
    scene.withdraw()
    with pytest.raises(JigaiError, match="没有可以撤回的同意"):
        scene.withdraw()


def test_a_need_that_ran_out_is_neither_seen_nor_pushed(scene: Scene) -> None:
    scene.need = scene.new_need("XQ-2", until=timezone.localdate().isoformat())
    scene.consent()
    scene.push()
    assert scene.sees(scene.banker) == [scene.need.pk]
    scene.need = scene.new_need("XQ-3", until="2021-12-31")
    with pytest.raises(JigaiError, match="不在有效期内"):
        scene.consent()
    with pytest.raises(JigaiError, match="不在有效期内"):
        scene.push()


def test_a_push_is_signed_for_then_reported_step_by_step_with_history(scene: Scene) -> None:
    scene.consent()
    (made,) = scene.push()
    assert scene.push() == []  # not twice
    with pytest.raises(JigaiError, match="待签收"):
        scene.report(made, "accepted")
    access = access_of(scene.banker)
    receive_push(push=made.pk, by=scene.banker, access=access)
    with pytest.raises(JigaiError, match="已经签收"):
        receive_push(push=made.pk, by=scene.banker, access=access)
    scene.report(made, "accepted")
    scene.report(made, "credited", amount=600_0000_00)
    done = scene.report(made, "lent", amount=500_0000_00)
    assert (done.values["credited"], done.values["lent"]) == (600_0000_00, 500_0000_00)
    assert done.values["received_on"] == timezone.localdate().isoformat()
    reasons = [event.reason for event in done.life.order_by("id")]
    assert reasons == ["推送", "签收", "已受理", "已授信", "已放款"]
    with pytest.raises(JigaiError, match="刚被别人回填"):
        scene.report(made, "refused", reason="改", version=1)


def test_a_bank_cannot_report_for_another_nor_the_office_for_a_bank(scene: Scene) -> None:
    scene.consent()
    (made,) = scene.push()
    for person in (scene.rival, scene.clerk, scene.handler):
        with pytest.raises(Denied):
            receive_push(push=made.pk, by=person, access=access_of(person))


def test_the_notice_to_the_bank_names_nobody(
    scene: Scene, django_capture_on_commit_callbacks: Any
) -> None:
    scene.consent()
    with django_capture_on_commit_callbacks(execute=True):
        scene.push()
    (notice,) = Notice.objects.filter(user=scene.banker)
    assert SECRET not in f"{notice.title}{notice.body}"
    with django_capture_on_commit_callbacks(execute=True):
        made = Entry.objects.get(register__code="financing-pushes")
        receive_push(push=made.pk, by=scene.banker, access=access_of(scene.banker))
        scene.report(made, "refused", reason="担保不足")
    assert "未通过" in Notice.objects.get(user=scene.handler).title


def test_an_office_elsewhere_cannot_push(scene: Scene) -> None:
    scene.consent()
    with pytest.raises(Denied):
        scene.push(by=make_user("section-clerk", SIBLING))
    with pytest.raises(Denied):
        scene.push(by=make_user("leader"))


# screens -----------------------------------------------------------------------------------------

SECRETS = (SECRET, "示例机密项目", "购置机密设备", "示例联系人", "示例电话", "750.00", "XQ-1")


def page(client: Client, person: User | None, name: str, *args: Any, status: int = 200) -> str:
    if person:
        client.force_login(person)
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == status
    return answer.content.decode()


def test_the_public_sees_range_and_region_only(scene: Scene, client: Client) -> None:
    text = page(client, None, "portal-list", "financing-needs")
    assert "500万元至1000万元" in text and "兖州区" in text
    assert [word for word in SECRETS if word in text] == []
    found = client.get(reverse("portal-list", args=["financing-needs"]), {"q": SECRET[:6]})
    assert "500万元至1000万元" not in found.content.decode()  # not to be found by guessing


def test_a_bank_sees_a_summary_then_all_after_signing_and_nothing_elsewhere(
    scene: Scene, client: Client
) -> None:
    scene.consent()
    assert "没有推送给本机构的需求" in page(client, scene.banker, "financing-desk")
    (made,) = scene.push()
    before = page(client, scene.banker, "financing-desk") + page(
        client, scene.banker, "financing-item", made.pk
    )
    assert "500万元至1000万元" in before
    assert [word for word in SECRETS if word in before] == []
    url = reverse("financing-item", args=[made.pk])
    assert client.post(url, {"act": "receive", "nonce": uuid.uuid4()}).status_code == 302
    after = page(client, scene.banker, "financing-item", made.pk)
    assert SECRET in after and "购置机密设备" in after
    page(client, scene.rival, "financing-item", made.pk, status=404)
    for person in (scene.banker, scene.rival):
        page(client, person, "entry-detail", scene.need.pk, status=404)
        assert SECRET not in page(client, person, "register-public", "financing-needs")
    scene.withdraw()
    page(client, scene.banker, "financing-item", made.pk, status=404)
    assert SECRET not in page(client, scene.banker, "financing-desk")


def test_a_bank_reports_on_screen_and_the_office_sees_the_rates(
    scene: Scene, client: Client
) -> None:
    scene.consent()
    (made,) = scene.push()
    receive_push(push=made.pk, by=scene.banker, access=access_of(scene.banker))
    made.refresh_from_db()
    client.force_login(scene.banker)
    url = reverse("financing-item", args=[made.pk])
    given = {"state": "refused", "reason": "", "version": made.version}
    assert client.post(url, {**given, "nonce": uuid.uuid4()}).status_code == 422
    sent = client.post(url, {**given, "reason": "担保不足", "nonce": uuid.uuid4()})
    assert sent.status_code == 302
    assert client.post(url, {**given, "nonce": uuid.uuid4()}).status_code in (400, 409, 422)
    text = page(client, scene.clerk, "financing-desk")
    assert "担保不足" in text and "0/1（0%）" in text and SECRET in text
    assert "担保不足" in page(client, scene.handler, "financing-desk")


def test_the_enterprise_gives_and_withdraws_and_the_office_pushes_on_screen(
    scene: Scene, client: Client
) -> None:
    url = reverse("financing-push", args=[scene.need.pk])
    assert "企业还没有同意给任何机构看" in page(
        client, scene.clerk, "financing-push", scene.need.pk
    )
    text = page(client, scene.handler, "financing-consents", scene.need.pk)
    give = reverse("financing-consent", args=[scene.need.pk, "give", scene.bank.pk])
    assert give in text and "已同意" not in text
    assert client.post(give, {"nonce": uuid.uuid4()}).status_code == 302
    assert "已同意" in page(client, scene.handler, "financing-consents", scene.need.pk)
    client.force_login(scene.clerk)
    assert client.post(url, {"nonce": uuid.uuid4()}).status_code == 422
    asked = {"institutions": [scene.other.pk], "nonce": uuid.uuid4()}
    assert client.post(url, asked).status_code == 422
    asked = {"institutions": [scene.bank.pk], "nonce": uuid.uuid4()}
    assert client.post(url, asked).status_code == 302
    assert scene.sees(scene.banker) == [scene.need.pk]
    client.force_login(scene.handler)
    assert client.post(give.replace("give", "take"), {"nonce": uuid.uuid4()}).status_code == 404


def test_another_enterprise_and_office_see_nothing(scene: Scene, client: Client) -> None:
    stranger = make_user("enterprise-handler", enterprise=make_enterprise())
    for person in (stranger, make_user("section-clerk", SIBLING)):
        assert SECRET not in page(client, person, "financing-desk")
    page(client, stranger, "financing-consents", scene.need.pk, status=404)


def test_the_desk_asks_no_more_for_more_needs(scene: Scene, client: Client) -> None:
    client.force_login(scene.clerk)
    made = count(10)

    def grow(size: int) -> None:
        while Entry.objects.filter(register__code="financing-needs").count() < size:
            scene.new_need(f"XQ-{next(made)}")

    assert_query_count(client, reverse("financing-desk"), grow, most=30)


def test_the_inbox_asks_no_more_for_more_needs(scene: Scene, client: Client) -> None:
    client.force_login(scene.banker)
    made = count(10)

    def grow(size: int) -> None:
        while Entry.objects.filter(register__code="financing-pushes").count() < size:
            scene.need = scene.new_need(f"XQ-{next(made)}")
            scene.consent()
            scene.push()

    assert_query_count(client, reverse("financing-desk"), grow, most=30)


def test_dates_of_needs_must_follow(scene: Scene) -> None:
    given = {**scene.need.values, "number": "XQ-9", "valid_to": "2020-12-31"}
    with pytest.raises(JigaiError, match="有效期至早于提出日期"):
        prepare_one(scene.registers["financing-needs"], given)
