"""Briefings: who was to be reached, who was, and what they answered."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jigai.core.access import Access, Denied, access_of
from jigai.core.models import Enterprise, Notice, User
from jigai.errors import JigaiError
from jigai.outreach.briefing_people import briefings_for, managed_by, own_invitations
from jigai.outreach.briefing_targets import chosen_enterprises
from jigai.outreach.models import Briefing, BriefingFeedback, Invitation
from jigai.outreach.services.answer_invitation import (
    check_in,
    read_invitation,
    register_attendance,
    send_receipt,
    sign_up,
)
from jigai.outreach.services.give_feedback import ask_from_feedback, give_feedback
from jigai.outreach.services.plan_briefing import add_material, invite, plan_push, plan_session
from jigai.outreach.services.publish_briefing import (
    cancel_briefing,
    close_briefing,
    deliver,
    publish_briefing,
    remind_briefing,
)
from jigai.policies.models import Interpretation
from tests.factories import SIBLING, make_department, make_regions, make_user
from tests.outreach.briefing_cases import (
    CLAUSE,
    RATE,
    SLUG,
    begun,
    document,
    firm,
    handler,
    of,
    push,
    session,
)
from tests.outreach.distribution_cases import PDF, work_off

pytestmark = [pytest.mark.django_db, pytest.mark.system("policy-briefing")]


@pytest.fixture
def clerk(db: None) -> User:
    make_regions()
    document()
    return make_user("section-clerk", username="clerk")


@pytest.fixture
def tax(clerk: User) -> User:
    """The tax office brings policy to enterprises on its own."""
    return make_user("tax", department=make_department(line="tax"))


def who(user: User) -> dict[str, Any]:
    return {"by": user, "access": access_of(user)}


def mine(made: Briefing, row: Enterprise) -> dict[str, Any]:
    """Arguments of what an enterprise does with its invitation."""
    return {"invitation": of(made, row).pk, **who(handler(row))}


def test_the_tax_office_pushes_and_gets_receipts(tax: User) -> None:
    reached, silent = firm("示例甲公司"), firm("示例乙公司")
    made = push(tax, [reached, silent])
    assert made.host is not None and made.host.line == "tax"
    told = Notice.objects.filter(event="briefing-invited")
    assert {n.user for n in told} == {handler(reached), handler(silent)}
    assert of(made, reached).delivered_at and of(made, reached).read_at is None
    row = send_receipt(receipt="help", note="想了解研发加计", **mine(made, reached))
    assert (row.receipt, row.receipt_by) == ("help", handler(reached))
    assert row.read_at is not None and of(made, silent).read_at is None
    assert send_receipt(receipt="apply", note="", **mine(made, reached)).read_at == row.read_at


def test_another_department_may_look_and_not_touch(tax: User, clerk: User) -> None:
    made = push(tax, [firm("示例甲公司")])
    assert made in briefings_for(access_of(clerk)) and made not in managed_by(access_of(clerk))
    with pytest.raises(Denied):
        close_briefing(briefing=made.pk, access=access_of(clerk))
    far = make_user("section-clerk", SIBLING)
    assert made not in briefings_for(access_of(far))
    draft = plan_push(title="拟稿", text="", topics=[SLUG], **who(tax))
    assert draft in briefings_for(access_of(tax)) and draft not in briefings_for(access_of(clerk))
    with pytest.raises(Denied):
        plan_push(title="x", text="", topics=[SLUG], **who(make_user("finance")))


def test_an_enterprise_sees_its_own_and_nothing_before_it_goes_out(clerk: User) -> None:
    one, other = firm("示例甲公司"), firm("示例乙公司")
    draft = plan_push(title="拟稿", text="", topics=[SLUG], **who(clerk))
    invite(briefing=draft.pk, enterprises=[one], access=access_of(clerk))
    assert not own_invitations(access_of(handler(one)))
    made = push(clerk, [one])
    assert list(own_invitations(access_of(handler(one)))) == [of(made, one)]
    with pytest.raises(Denied):
        read_invitation(invitation=of(made, one).pk, **who(handler(other)))


def test_without_contact_it_is_not_delivered_and_later_it_is(clerk: User) -> None:
    row = firm("示例无账号公司", handled=False)
    made = push(clerk, [row])
    assert of(made, row).delivered_at is None
    make_user("enterprise-handler", enterprise=row)
    assert deliver(made) == (1, 0) and deliver(made) == (0, 0)
    assert (
        of(made, row).delivered_at and Notice.objects.filter(event="briefing-invited").count() == 1
    )


def test_reminding_those_who_have_not_read(clerk: User) -> None:
    read, unread = firm("示例甲公司"), firm("示例乙公司")
    late = firm("示例丙公司", handled=False)
    made = push(clerk, [read, unread, late])
    read_invitation(**mine(made, read))
    make_user("enterprise-handler", enterprise=late)
    before = Notice.objects.filter(user=handler(read)).count()
    assert remind_briefing(briefing=made.pk, access=access_of(clerk)) == 2
    assert Notice.objects.filter(user=handler(read)).count() == before
    assert of(made, late).delivered_at is not None
    with pytest.raises(JigaiError, match="今天已经提醒过"):
        remind_briefing(briefing=made.pk, access=access_of(clerk))


def test_seats_are_not_given_twice(clerk: User) -> None:
    one, two = firm("示例甲公司"), firm("示例乙公司")
    made = session(clerk, [one, two], capacity=3)
    assert sign_up(people=2, **mine(made, one)).answer == "coming"
    with pytest.raises(JigaiError, match="只剩 1 个席位"):
        sign_up(people=2, **mine(made, two))
    # One's own seats are free for oneself.
    sign_up(people=3, **mine(made, one))
    assert sign_up(people=0, **mine(made, one)).answer == "declined"
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        assert sign_up(people=3, **mine(made, two)).people == 3
    locks = [q["sql"] for q in queries if "FOR UPDATE" in q["sql"]]
    assert "outreach_briefing" in locks[0]


def test_signing_up_ends_when_it_begins_and_a_push_has_no_seats(clerk: User) -> None:
    one = firm("示例甲公司")
    made = begun(session(clerk, [one]))
    with pytest.raises(JigaiError, match="已经开始"):
        sign_up(people=1, **mine(made, one))
    sent = push(clerk, [one])
    for act in (
        lambda: sign_up(people=1, **mine(sent, one)),
        lambda: check_in(code="000000", **mine(sent, one)),
        lambda: register_attendance(briefing=sent.pk, enterprise=one, **who(clerk)),
    ):
        with pytest.raises(JigaiError) as error:
            act()
        assert error.value.code == "no-session"


def test_the_code_at_the_door(clerk: User) -> None:
    one = firm("示例甲公司")
    made = session(clerk, [one])
    assert len(made.door_code) == 6 and made.door_code.isdigit()
    with pytest.raises(JigaiError, match="不是签到时间"):
        check_in(code=made.door_code, **mine(made, one))
    made = begun(made)
    wrong = f"{(int(made.door_code) + 1) % 10**6:06d}"
    with pytest.raises(JigaiError, match="签到码不对"):
        check_in(code=wrong, **mine(made, one))
    assert of(made, one).wrong_codes == 1
    row = check_in(code=f" {made.door_code} ", **mine(made, one))
    assert (row.attended_way, row.attended_by) == ("code", handler(one))
    assert check_in(code=made.door_code, **mine(made, one)).attended_at == row.attended_at


def test_guessing_the_code_ends_after_five(clerk: User) -> None:
    one = firm("示例甲公司")
    made = begun(session(clerk, [one]))
    wrong = f"{(int(made.door_code) + 1) % 10**6:06d}"
    for _ in range(5):
        with pytest.raises(JigaiError, match="签到码不对"):
            check_in(code=wrong, **mine(made, one))
    with pytest.raises(JigaiError, match="太多次"):
        check_in(code=made.door_code, **mine(made, one))
    row = register_attendance(briefing=made.pk, enterprise=one, **who(clerk))
    assert (row.attended_way, row.walk_in) == ("clerk", False)


def test_who_came_without_being_asked(clerk: User) -> None:
    one, guest = firm("示例甲公司"), firm("示例来宾公司")
    made = session(clerk, [one])
    with pytest.raises(JigaiError, match="还没有开始"):
        register_attendance(briefing=made.pk, enterprise=guest, **who(clerk))
    made = begun(made)
    row = register_attendance(briefing=made.pk, enterprise=guest, **who(clerk))
    assert row.walk_in and row.attended_at
    with pytest.raises(Denied):
        register_attendance(briefing=made.pk, enterprise=one, **who(make_user("leader")))


def test_called_off(clerk: User) -> None:
    one, far = firm("示例甲公司"), firm("示例无账号公司", handled=False)
    made = session(clerk, [one, far])
    with pytest.raises(JigaiError, match="取消原因"):
        cancel_briefing(briefing=made.pk, reason=" ", access=access_of(clerk))
    cancel_briefing(briefing=made.pk, reason="场地停电", access=access_of(clerk))
    assert [n.user for n in Notice.objects.filter(event="briefing-cancelled")] == [handler(one)]
    with pytest.raises(JigaiError, match="已取消"):
        read_invitation(**mine(made, one))
    with pytest.raises(JigaiError, match="已取消"):
        publish_briefing(briefing=made.pk, **who(clerk))


def test_closing_waits_for_its_time_and_keeps_receipts(clerk: User) -> None:
    one = firm("示例甲公司")
    made = session(clerk, [one])
    with pytest.raises(JigaiError, match="还没有到"):
        close_briefing(briefing=made.pk, access=access_of(clerk))
    made = begun(made)
    close_briefing(briefing=made.pk, access=access_of(clerk))
    with pytest.raises(JigaiError, match="不能再办"):
        send_receipt(receipt="apply", note="", **mine(made, one))
    # Who reads late has still read, and who came can still be registered.
    assert read_invitation(**mine(made, one)).read_at
    assert register_attendance(briefing=made.pk, enterprise=one, **who(clerk)).attended_at


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"held_at": timezone.now() - dt.timedelta(minutes=1)}, "in-the-past"),
     ({"topics": ["nothing"]}, "no-document"), ({"topics": [f"{SLUG}#nothing"]}, "no-measure"),
     ({"topics": []}, "no-topic")],
)  # fmt: skip
def test_what_cannot_be_planned(clerk: User, changes: dict[str, Any], code: str) -> None:
    given = {"title": "x", "held_at": timezone.now() + dt.timedelta(days=1), "place": "x",
             "speaker": "", "capacity": None, "topics": [SLUG], "text": "", **changes}  # fmt: skip
    with pytest.raises(JigaiError) as error:
        plan_session(**given, **who(clerk))
    assert error.value.code == code and not Briefing.objects.exists()


def test_a_list_is_needed_and_stays_as_it_went_out(clerk: User) -> None:
    one = firm("示例甲公司")
    made = plan_push(title="x", text="", topics=[SLUG, RATE, RATE], **who(clerk))
    assert list(made.topics.values_list("measure", "clause")) == [("", ""), ("equipment", CLAUSE)]
    with pytest.raises(JigaiError, match="还没有选企业"):
        publish_briefing(briefing=made.pk, **who(clerk))
    assert invite(briefing=made.pk, enterprises=[one], access=access_of(clerk)) == (1, 0)
    assert invite(briefing=made.pk, enterprises=[one], access=access_of(clerk)) == (0, 1)
    publish_briefing(briefing=made.pk, **who(clerk))
    work_off()
    with pytest.raises(JigaiError, match="已通知"):
        invite(briefing=made.pk, enterprises=[firm("示例乙公司")], access=access_of(clerk))


def chosen(access: Access, **given: str) -> list[str]:
    rows = chosen_enterprises(access=access, capability="briefing.manage", given=given)
    return list(rows.values_list("name", flat=True))


def test_choosing_enterprises(clerk: User) -> None:
    firm("示例甲公司", industry_code="3421", figures={2021: {"size_declared": "small"}})
    firm("示例乙公司", industry_code="C34", figures={2021: {"size_declared": "large"}})
    firm("示例丙公司", industry_code="1340")
    firm("任城示例公司", region=SIBLING, industry_code="3421")
    access = access_of(clerk)
    assert chosen(access) == ["示例甲公司", "示例乙公司", "示例丙公司"]
    assert chosen(access, industry="34") == ["示例甲公司", "示例乙公司"]
    assert chosen(access, industry="34", size="large") == ["示例乙公司"]
    assert chosen(access, region=SIBLING) == []
    both = Enterprise.objects.get(name="示例丙公司")
    both.former_names.create(name="旧名公司")
    assert chosen(access, pasted=f"旧名公司\n示例甲公司，{both.uscc}\n") == [
        "示例甲公司",
        "示例丙公司",
    ]
    with pytest.raises(JigaiError, match="任城示例公司、没有的公司"):
        chosen(access, pasted="示例甲公司 任城示例公司 没有的公司")


def test_materials_are_a_file_or_a_clause(clerk: User) -> None:
    made = push(clerk, [firm("示例甲公司")])
    nothing: dict[str, Any] = {"upload": None, "slug": "", "clause": ""}

    def add(**changes: Any) -> Any:
        return add_material(
            briefing=made.pk, title="课件", **{**nothing, **changes}, **who(clerk)
        )  # fmt: skip

    file = SimpleUploadedFile("课件.pdf", PDF)
    for wrong, code in (({}, "one-material"), ({"slug": SLUG, "clause": "九"}, "unknown-clause"),
                        ({"upload": file, "clause": CLAUSE}, "one-material")):  # fmt: skip
        with pytest.raises(JigaiError) as error:
            add(**wrong)
        assert error.value.code == code
    assert add(upload=SimpleUploadedFile("课件.pdf", PDF)).file.uses.get().kind == "briefing"
    assert add(slug=SLUG, clause=CLAUSE).clause == CLAUSE


def feedback(made: Briefing, row: Enterprise, **changes: Any) -> BriefingFeedback:
    given = {"score": 4, "text": "", "question": "二手设备算不算？", "slug": SLUG,
             "clause": CLAUSE, **changes}  # fmt: skip
    return give_feedback(**given, **mine(made, row))


def test_a_question_reaches_the_organiser_and_the_desk_once(
    clerk: User, django_capture_on_commit_callbacks: Any
) -> None:
    one = firm("示例甲公司")
    made = push(clerk, [one])
    with pytest.raises(JigaiError, match="还没有阅读"):
        feedback(made, one)
    read_invitation(**mine(made, one))
    for wrong in ({"score": 6}, {"clause": ""}, {"clause": "九"}):
        with pytest.raises(JigaiError):
            feedback(made, one, **wrong)
    with django_capture_on_commit_callbacks(execute=True):
        said = feedback(made, one)
    assert Notice.objects.get(event="briefing-question").user == clerk
    asked = ask_from_feedback(feedback=said.pk, **who(clerk))
    assert (asked.question, asked.clause, asked.asked_by) == ("二手设备算不算？", CLAUSE, clerk)
    assert ask_from_feedback(feedback=said.pk, **who(clerk)) == asked
    assert Interpretation.objects.count() == 1
    silent = feedback(made, one, question="", clause="")
    with pytest.raises(JigaiError, match="没有提问题"):
        ask_from_feedback(feedback=silent.pk, **who(clerk))
    with pytest.raises(Denied):
        ask_from_feedback(feedback=said.pk, **who(make_user("section-clerk", SIBLING)))


def test_reading_is_recorded_once(clerk: User) -> None:
    one = firm("示例甲公司")
    made = push(clerk, [one])
    first = read_invitation(**mine(made, one))
    second = make_user("enterprise-handler", enterprise=one)
    again = read_invitation(invitation=first.pk, **who(second))
    assert (again.read_at, again.read_by) == (first.read_at, first.read_by)
    assert Invitation.objects.count() == 1
