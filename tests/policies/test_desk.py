"""Questions about clauses: who may ask and answer, and from when an answer counts."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jigai.core.access import Denied, access_of
from jigai.core.models import Job, Notice, User
from jigai.errors import JigaiError
from jigai.policies.chain import verify_chain
from jigai.policies.evaluate_stored import evaluate_again
from jigai.policies.explain_stored import explain_decision, prepared
from jigai.policies.models import Decision, EvaluationRun, Interpretation, PackVersion
from jigai.policies.selectors_open import answers_of, visible_questions
from jigai.policies.services.answer_question import answer_question
from jigai.policies.services.ask_question import ask_question, withdraw_question
from jigai.policies.snapshots import snapshot_path
from jigai.policies.standing import readings_on
from tests.factories import CITY, SIBLING, make_enterprise, make_user
from tests.policies.conftest import Evaluate
from tests.policies.test_evaluate_stored import of
from tests.query_counts import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.system("rule-interpretation-desk")]
SLUG, BASIS = "yanzhou-2020", "invoice_amount_basis"
JUNE, START = dt.date(2021, 6, 1), dt.date(2020, 8, 15)
# 1,000万元 without tax and 1,130万元 with it, at 3 %.
WITHOUT_TAX, WITH_TAX = 30_000_000, 33_900_000
Answer = Callable[..., Interpretation]


@pytest.fixture
def chief(clerk: User) -> User:
    """Who may interpret the document of the county."""
    return make_user("section-chief", name="解释人")


def ask(by: User, **changes: Any) -> Interpretation:
    given = {"slug": SLUG, "clause": "四.1", "question": "设备投资额含不含增值税？", **changes}
    return ask_question(by=by, access=access_of(by), **given)


@pytest.fixture
def answer(pack: PackVersion, clerk: User, chief: User) -> Answer:
    """Asks as the clerk and answers as the chief: the amount with tax, from June 2021."""

    def act(by: User | None = None, asked: Interpretation | None = None, **changes: Any) -> Any:
        given = {"answer": "含税。", "effective_from": JUNE, "number": "兖工信函〔2021〕1号",
                 "reading": BASIS, "option": "b", **changes}  # fmt: skip
        person = by or chief
        asked = asked or ask(clerk)
        return answer_question(question=asked.pk, by=person, access=access_of(person), **given)

    return act


def test_the_question_reaches_who_may_answer_and_the_answer_who_asked(
    pack: PackVersion, clerk: User, chief: User, django_capture_on_commit_callbacks: Any
) -> None:
    far = make_user("section-chief", SIBLING)
    with django_capture_on_commit_callbacks(execute=True):
        asked = ask(clerk)
    told = set(Notice.objects.filter(event="desk-asked").values_list("user", flat=True))
    assert told == {chief.pk} and far.pk not in told
    with django_capture_on_commit_callbacks(execute=True):
        answer_question(question=asked.pk, answer="不含税", effective_from=START, by=chief,
                        access=access_of(chief))  # fmt: skip
    notice = Notice.objects.get(event="desk-answered")
    assert notice.user == clerk and notice.url == f"/desk/{asked.pk}/"


def test_who_may_ask_and_who_may_answer(answer: Answer, clerk: User) -> None:
    expert = make_user("expert")
    with pytest.raises(Denied):
        ask(expert)
    asked = ask(make_user("enterprise-handler", enterprise=make_enterprise()))
    for person in (clerk, make_user("section-chief", SIBLING), make_user("leader"),
                   make_user("section-chief", CITY, scope="department")):  # fmt: skip
        with pytest.raises(Denied):
            answer(person, asked)
    assert answer(make_user("section-chief", CITY), asked).status == "answered"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"effective_from": dt.date(2020, 7, 12)}, "before-issue"),
        ({"answer": "  "}, "no-answer"),
        ({"option": ""}, "half-a-reading"),
        ({"option": "z"}, "unknown-reading"),
        ({"reading": "nothing"}, "unknown-reading"),
        ({"number": " "}, "no-number"),
    ],
)
def test_what_is_no_answer(answer: Answer, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(JigaiError) as error:
        answer(**changes)
    assert error.value.code == code
    assert Interpretation.objects.get().status == "open"


def test_the_day_of_issue_is_not_before_it(answer: Answer) -> None:
    assert answer(effective_from=dt.date(2020, 7, 13)).effective_from == dt.date(2020, 7, 13)


def test_an_answer_stays_and_a_question_can_be_taken_back_before_it(
    answer: Answer, clerk: User, chief: User
) -> None:
    done = answer()
    with pytest.raises(JigaiError, match="不能再答复"):
        answer(asked=done, option="c")
    with pytest.raises(JigaiError, match="不能撤回"):
        withdraw_question(question=done.pk, by=clerk)
    asked = ask(clerk)
    with pytest.raises(Denied):
        withdraw_question(question=asked.pk, by=chief)
    assert withdraw_question(question=asked.pk, by=clerk).status == "withdrawn"
    with pytest.raises(JigaiError, match="已撤回"):
        answer(asked=asked)


def test_a_reading_changes_from_its_date_on(
    county: dict[str, Any], evaluate: Evaluate, answer: Answer
) -> None:
    assert readings_on(SLUG, JUNE)[BASIS] == "a"
    answer()
    day_before = JUNE - dt.timedelta(days=1)
    assert (readings_on(SLUG, day_before)[BASIS], readings_on(SLUG, JUNE)[BASIS]) == ("a", "b")
    assert readings_on(SLUG, JUNE)["uplift_order"] == "a"
    before, after = evaluate(as_of=day_before.isoformat()), evaluate(as_of=JUNE.isoformat())
    assert of(before, county["paid"]).amount_fen == WITHOUT_TAX
    assert of(after, county["paid"]).amount_fen == WITH_TAX
    assert before.settled["readings"] == {} and after.settled["readings"][BASIS]["option"] == "b"
    assert after.payable and "金额口径＝含税（依答复）" in after.departures


def test_what_a_person_chooses_goes_before_an_answer(
    county: dict[str, Any], evaluate: Evaluate, answer: Answer
) -> None:
    answer()
    run = evaluate(readings={BASIS: "a"})
    assert of(run, county["paid"]).amount_fen == WITHOUT_TAX
    assert run.readings[BASIS] == "a"


def test_of_two_answers_the_later_date_counts_then_the_later_answer(answer: Answer) -> None:
    july = JUNE + dt.timedelta(days=30)
    answer(effective_from=july, option="c")
    answer(effective_from=JUNE, option="b")  # answered later, in force earlier
    assert readings_on(SLUG, july - dt.timedelta(days=1))[BASIS] == "b"
    assert readings_on(SLUG, july)[BASIS] == "c"
    answer(effective_from=july, option="a")
    assert readings_on(SLUG, july)[BASIS] == "a"


def test_an_answer_only_in_words_and_one_to_another_document_change_nothing(
    answer: Answer,
) -> None:
    answer(reading="", option="", number="")
    Interpretation.objects.filter(pk=answer().pk).update(slug="another")
    assert readings_on(SLUG, JUNE)[BASIS] == "a"


def test_an_answer_to_what_a_new_version_no_longer_asks_is_passed_over(answer: Answer) -> None:
    found = answer()
    Interpretation.objects.filter(pk=found.pk).update(option="gone")
    assert readings_on(SLUG, JUNE)[BASIS] == "a"
    Interpretation.objects.filter(pk=found.pk).update(reading="gone")
    assert "gone" not in readings_on(SLUG, JUNE)


def test_back_then_nobody_knew_the_answer(
    county: dict[str, Any], evaluate: Evaluate, answer: Answer
) -> None:
    moment = timezone.now()
    answer()
    back_then = evaluate(known_at=moment.isoformat())
    assert of(back_then, county["paid"]).amount_fen == WITHOUT_TAX
    assert of(evaluate(), county["paid"]).amount_fen == WITH_TAX


def archived(run: EvaluationRun) -> bytes:
    """Everything a run keeps and everything it shows, anew, as bytes."""
    prepared.cache_clear()
    stored = EvaluationRun.objects.filter(pk=run.pk).values().get()
    rows = list(Decision.objects.filter(run=run).order_by("id").values())
    traces = [
        dataclasses.asdict(explain_decision(decision))
        for decision in Decision.objects.filter(run=run).order_by("id")
    ]
    again = evaluate_again(EvaluationRun.objects.select_related("pack").get(pk=run.pk))
    facts = snapshot_path(run.snapshot_file).read_bytes().hex()
    kept = [stored, rows, traces, facts, again.snapshot, again.decision_hash, again.departures]
    return json.dumps(kept, default=str, ensure_ascii=False).encode()


def test_stored_runs_stay_byte_for_byte(
    county: dict[str, Any], evaluate: Evaluate, answer: Answer
) -> None:
    plain = evaluate()
    answer()
    answered = evaluate()
    kept = archived(plain), archived(answered)
    assert kept[0] != kept[1]
    answer(option="c", effective_from=START)
    answer(option="c", effective_from=dt.date(2021, 12, 1))
    assert (archived(plain), archived(answered)) == kept
    assert of(evaluate(), county["paid"]).amount_fen != WITH_TAX
    assert verify_chain() == (3, [])


def test_a_question_kept_private(answer: Answer, clerk: User, chief: User) -> None:
    asked = ask(clerk, public=False)
    other = make_user("section-clerk")
    seen = [p for p in (clerk, chief, other) if asked in visible_questions(access_of(p))]
    assert seen == [clerk, chief]
    done = answer(asked=asked)
    public = answer()
    assert list(answers_of(SLUG, "四.1")) == [public] and done.clause == "四.1"
    assert not answers_of(SLUG, "四.2") and not answers_of("another", "四.1")


def test_asking_and_answering_on_screen(
    client: Client, pack: PackVersion, clerk: User, chief: User
) -> None:
    client.force_login(clerk)
    url = f"/desk/new/?pack={SLUG}&clause=四.1"
    page = client.get(url).content.decode()
    assert "区工业和信息化局" in page and 'value="四.1" selected' in page
    sent = {"place": "四.1", "question": "含税吗？", "public": "on", "nonce": str(uuid.uuid4())}
    place = client.post(url, sent)["Location"]
    assert client.post(url, sent)["Location"] == place and Interpretation.objects.count() == 1
    assert client.post(url, {**sent, "question": "", "nonce": str(uuid.uuid4())}).status_code == 422
    assert "登记答复" not in client.get(place).content.decode()
    given = {"answer": "含税", "choice": f"{BASIS}=b", "effective_from": "2021-06-01",
             "number": "兖工信函〔2021〕1号", "nonce": str(uuid.uuid4())}  # fmt: skip
    assert client.post(place, given).status_code == 403
    client.force_login(chief)
    early = client.post(place, {**given, "effective_from": "2020-07-01"})
    assert early.status_code == 422 and "早于文件成文日期" in early.content.decode()
    assert client.post(place, {**given, "nonce": str(uuid.uuid4())}).status_code == 302
    page = client.get(place).content.decode()
    assert "金额口径＝含税" in page and "兖工信函〔2021〕1号" in page


def test_the_asker_is_shown_only_to_those_concerned(
    client: Client, answer: Answer, chief: User
) -> None:
    handler = make_user("enterprise-handler", enterprise=make_enterprise(), name="企业某人")
    done = answer(asked=ask(handler))
    for person, shown in ((handler, True), (chief, True), (make_user("section-clerk"), False)):
        client.force_login(person)
        page = client.get(f"/desk/{done.pk}/").content.decode()
        # One's own name also stands in the head of every page.
        assert (">提问人<" in page) is shown
        assert ("企业某人" in page) is shown


def test_the_list_is_found_by_words_state_and_reading(web: Client, answer: Answer) -> None:
    answer()
    ask(make_user("section-clerk"), question="机器人按台数还是金额？", clause="四.2")
    for query, found, missing in (
        ("q=增值税", "增值税", "机器人"), ("q=四.2", "机器人", "增值税"),
        ("status=open", "机器人", "增值税"), ("settles=yes", "增值税", "机器人"),
        ("settles=no", "机器人", "增值税"), (f"pack={SLUG}&q=兖工信函", "增值税", "机器人"),
        ("mine=yes", "增值税", "机器人"),
    ):  # fmt: skip
        page = web.get(f"/desk/?{query}").content.decode()
        assert found in page and missing not in page, query


def test_a_run_says_by_which_answer(
    web: Client, county: dict[str, Any], evaluate: Evaluate, answer: Answer
) -> None:
    done, run = answer(), evaluate()
    page = web.get(f"/evaluations/{run.pk}/").content.decode()
    assert f'href="/desk/{done.pk}/">依答复 兖工信函〔2021〕1号</a>' in page
    chosen = evaluate(readings={BASIS: "a"})
    assert "依答复" not in web.get(f"/evaluations/{chosen.pk}/").content.decode()


def test_setting_up_shows_what_holds(web: Client, pack: PackVersion, answer: Answer) -> None:
    answer()
    shown = web.post("/evaluations/new/", {"pack": pack.pk, "year": 2021, "region": "x"})
    assert "依答复：含税" in shown.content.decode()
    earlier = {"pack": pack.pk, "year": 2021, "region": "370812", "as_of": "2021-05-31"}
    page = web.post("/evaluations/new/", {**earlier, "overrides": "错"}).content.decode()
    assert "依答复" not in page and "默认：不含税" in page
    sent = {**earlier, "as_of": "2021-06-01", f"reading-{BASIS}": "a", "nonce": str(uuid.uuid4())}
    assert web.post("/evaluations/new/", sent).status_code == 302
    assert Job.objects.get(kind="evaluate").params["readings"] == {BASIS: "a"}


def test_query_counts(web: Client, answer: Answer, clerk: User) -> None:
    answer()
    web.get("/desk/")
    small = len(queries_of(web, "/desk/"))
    for _ in range(3):
        ask(clerk)
    assert len(queries_of(web, "/desk/")) == small <= 14


def test_two_answers_at_the_same_moment_are_one(
    pack: PackVersion, clerk: User, chief: User
) -> None:
    """The row is locked before its state is read."""
    asked = ask(clerk)
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        answer_question(question=asked.pk, answer="是", effective_from=START, by=chief,
                        access=access_of(chief))  # fmt: skip
    first = next(q["sql"] for q in queries if "policies_interpretation" in q["sql"])
    assert "FOR UPDATE" in first
