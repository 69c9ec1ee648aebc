"""一事一议: the meeting decides the amount; nothing computes it."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from jigai.core.access import Denied, access_of
from jigai.core.evidence import store_evidence
from jigai.core.models import EvidenceFile, User
from jigai.errors import JigaiError
from jigai.funding.models import CaseTopic, Round, RoundMeasure
from jigai.funding.rounds.offered import fits, offered_by
from jigai.funding.rounds.services.decide_topic import decide_topic
from jigai.funding.rounds.services.edit_round import edit_measures
from jigai.funding.rounds.services.fulfil_topic import fulfil_topic, settle_topics
from jigai.funding.rounds.services.raise_topic import raise_topic, table_topic
from jigai.funding.rounds.views.topics import DecisionForm, TopicForm
from tests.factories import COUNTY, make_enterprise, make_regions, make_user
from tests.funding.making import make_measure, make_pack, make_round
from tests.funding.rounds.prepared import prepared

pytestmark = [pytest.mark.django_db, pytest.mark.system("case-by-case-support")]
OWN = {"name": "示例重大项目专项支持", "clause": "四.一"}
WORDS = {"title": "示例重大项目支持", "clause": "四.一", "reason": "示例：总投资示例亿元"}


@pytest.fixture
def clerk() -> User:
    make_regions()
    return make_user("section-clerk")


@pytest.fixture
def chief() -> User:
    return make_user("section-chief")


@pytest.fixture
def round_() -> Round:
    opened = make_round(measures=(), mode="case")
    RoundMeasure.objects.create(
        round=opened, code="own-case", subject="enterprise", name=OWN["name"], clause=OWN["clause"]
    )
    return opened


def minutes() -> EvidenceFile:
    return store_evidence(
        stream=io.BytesIO(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"), name="会议纪要.pdf",
        owner=None, region_code=COUNTY,
    )  # fmt: skip


def tabled(round_: Round, clerk: User) -> CaseTopic:
    topic = raise_topic(round_=round_, enterprise=make_enterprise(), values=WORDS, by=clerk,
                        access=access_of(clerk))  # fmt: skip
    return table_topic(topic=topic.pk, meeting="示例专题会议", by=clerk, access=access_of(clerk))


def decide(topic: CaseTopic, by: User, **changes: Any) -> CaseTopic:
    given: dict[str, Any] = {
        "agreed": True, "decision": "同意支持", "amount_fen": 3_000_000_00, "attendees": "示例参会",
        "met_on": timezone.localdate(), "minutes": minutes(), **changes,
    }  # fmt: skip
    return decide_topic(topic=topic.pk, by=by, access=access_of(by), **given)


def test_a_measure_with_a_formula_is_refused_and_one_without_elsewhere(clerk: User) -> None:
    """The toy works 一事一议 out by a formula."""
    row = prepared(by=clerk, codes=(), mode="case")
    given: dict[str, Any] = {"round_": row.pk, "seen": row.version, "details": {}, "by": clerk,
                             "access": access_of(clerk)}  # fmt: skip
    with pytest.raises(JigaiError, match="有计算公式，不能一事一议"):
        edit_measures(codes=["equipment"], **given)
    with pytest.raises(JigaiError, match="没有把“评价与梯队上浮”定为一事一议"):
        edit_measures(codes=["rating-uplift"], **given)
    kept = edit_measures(codes=["own-case"], own=OWN, **given)
    assert kept.measures.get().name == OWN["name"]
    plain = prepared(by=clerk, codes=())
    given |= {"round_": plain.pk, "seen": plain.version}
    with pytest.raises(JigaiError, match="没有计算公式"):
        edit_measures(codes=["rating-uplift"], **given)


def test_no_form_and_no_column_takes_a_formula() -> None:
    asked = {
        *TopicForm(access=access_of(make_user("section-clerk"))).fields,
        *DecisionForm().fields,
    }
    held = {field.name for field in CaseTopic._meta.get_fields()}
    for name in asked | held:
        assert not any(word in name for word in ("formula", "rate", "base", "computed"))


def test_the_whole_way_is_on_record_and_pays_exactly_what_was_decided(
    round_: Round, clerk: User, chief: User
) -> None:
    topic = tabled(round_, clerk)
    decided = decide(topic, chief)
    assert (decided.state, decided.amount_fen, decided.decided_by) == ("decided", 300000000, chief)
    measure = round_.measures.get()
    application = fulfil_topic(topic=topic.pk, measure=measure.pk, by=clerk,
                               access=access_of(clerk))  # fmt: skip
    assert application.reviewed_fen == 3_000_000_00 and application.state == "reviewed"
    assert application.computed_fen is None and application.decision is None
    assert topic.number in application.steps.get().text
    topic.refresh_from_db()
    assert topic.application == application and settle_topics() == 0
    application.state = "paid"
    application.save()
    assert settle_topics() == 1
    topic.refresh_from_db()
    assert topic.state == "fulfilled"
    assert topic.meeting == "示例专题会议" and topic.minutes is not None and topic.decision
    with pytest.raises(JigaiError):
        fulfil_topic(topic=topic.pk, measure=measure.pk, by=clerk, access=access_of(clerk))


def test_who_wrote_it_up_does_not_enter_the_decision(round_: Round, chief: User) -> None:
    topic = tabled(round_, chief)
    with pytest.raises(Denied, match="不能登记决定"):
        decide(topic, chief)
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseTopic.objects.filter(pk=topic.pk).update(decided_by=chief)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"minutes": None}, "没有上传会议纪要"), ({"decision": " "}, "没有写议定事项"),
        ({"attendees": ""}, "参会"), ({"amount_fen": 0}, "大于零"),
        ({"agreed": False}, "不能有金额"),
        ({"met_on": dt.date(2099, 1, 1)}, "还没有到"),
    ],
)  # fmt: skip
def test_a_decision_that_does_not_stand_is_refused(
    round_: Round, clerk: User, chief: User, changes: dict[str, Any], word: str
) -> None:
    topic = tabled(round_, clerk)
    with pytest.raises(JigaiError, match=word):
        decide(topic, chief, **changes)
    assert CaseTopic.objects.get().state == "tabled"


def test_money_cannot_be_had_before_a_decision_or_after_a_refusal(
    round_: Round, clerk: User, chief: User
) -> None:
    topic, measure = tabled(round_, clerk), round_.measures.get()
    given: dict[str, Any] = {"topic": topic.pk, "measure": measure.pk, "by": clerk,
                             "access": access_of(clerk)}  # fmt: skip
    with pytest.raises(JigaiError, match="没有议定的金额"):
        fulfil_topic(**given)
    decide(topic, chief, agreed=False, amount_fen=None)
    with pytest.raises(JigaiError, match="没有议定的金额"):
        fulfil_topic(**given)
    with pytest.raises(JigaiError):
        decide(topic, chief)


def test_it_is_not_booked_on_a_measure_that_computes(
    round_: Round, clerk: User, chief: User
) -> None:
    topic = decide(tabled(round_, clerk), chief)
    slipped = make_measure(round_, "equipment")
    with pytest.raises(JigaiError, match="有计算公式"):
        fulfil_topic(topic=topic.pk, measure=slipped.pk, by=clerk, access=access_of(clerk))


def test_only_rounds_of_this_way_take_topics(clerk: User) -> None:
    with pytest.raises(JigaiError, match="不是一事一议批次"):
        raise_topic(round_=make_round(), enterprise=make_enterprise(), values=WORDS, by=clerk,
                    access=access_of(clerk))  # fmt: skip


@pytest.mark.parametrize("slug", ["guangdong-2019", "luan-2020"])
def test_what_a_document_itself_leaves_to_the_meeting_can_be_opened(slug: str) -> None:
    offered = [item for item in offered_by(make_pack(slug)) if fits(item, "case")]
    assert [item.code for item in offered] == ["case-by-case"]
    assert not any(item.computes for item in offered)
