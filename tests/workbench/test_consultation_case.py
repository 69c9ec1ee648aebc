"""A round of comments as a case: whatever is done on either page is done, once, on both."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jigai.cases.models import Case, CaseStep, Task
from jigai.cases.services.act import act
from jigai.cases.services.daily.waits import pass_waits
from jigai.core.access import Denied, access_of
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.outreach.consultation_period import remaining_words, stage_of
from jigai.outreach.consultation_selectors import opened, visible
from jigai.outreach.models import Consultation
from jigai.outreach.services.open_consultation import extend_consultation, open_consultation
from jigai.policies.models import PackVersion
from jigai.workbench.case_links import open_missing
from tests.cases.conftest import open_tasks
from tests.factories import make_regions, make_user
from tests.outreach import consultations as c

pytestmark = [pytest.mark.django_db, pytest.mark.system("public-consultation")]
SHOWN = {"publicity_from": "2026-03-16", "publicity_to": "2026-03-20", "archive_to": "2026-06-30"}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> c.Clock:
    return c.Clock(monkeypatch, c.FIRST)


@pytest.fixture
def draft(db: None) -> PackVersion:
    make_regions()
    return c.install()


@pytest.fixture
def clerk(db: None) -> User:
    return make_user("section-clerk", c.LUAN, name="经办")


@pytest.fixture
def chief(clerk: User) -> User:
    return make_user("section-chief", c.LUAN, name="负责")


@pytest.fixture
def item(clock: c.Clock, draft: PackVersion, clerk: User, chief: User) -> Consultation:
    return c.drafted(clerk, draft)


def case_of(item: Consultation) -> Case:
    return Case.objects.get(about=f"consultation:{item.pk}")


def use(verb: str, item: Consultation, user: User, **data: Any) -> Case:
    return act(case=case_of(item).pk, verb=verb, by=user, access=access_of(user), **data)


def status(item: Consultation) -> str:
    return str(Consultation.objects.get(pk=item.pk).status)


def by_page(item: Consultation, chief: User) -> None:
    open_consultation(consultation=item.pk, by=chief, access=access_of(chief))


def pass_period(clock: c.Clock, day: dt.date = c.AFTER) -> None:
    clock.day = day
    pass_waits(day)


def comment(item: Consultation, clerk: User) -> Any:
    item.refresh_from_db()
    row = c.said(item)
    c.sorted_as(row, clerk)
    return row


# Opening


def test_preparing_a_round_opens_its_case(item: Consultation, clerk: User) -> None:
    case = case_of(item)
    assert (case.state, case.title, case.started_by) == ("open", item.title, clerk)
    assert open_tasks(case) == ["open"]
    assert case.values["period_to"] == "2026-03-13"
    assert "共 12 日，其中 10 个工作日" in case.values["period"]


def test_agreeing_in_the_inbox_opens_the_round(item: Consultation, chief: User) -> None:
    use("agree", item, chief)
    found = Consultation.objects.get(pk=item.pk)
    assert (found.status, found.opened_by) == ("open", chief)
    assert [s.code for s in case_of(item).steps.filter(state="active")] == ["collect"]


def test_opening_on_the_page_moves_the_case(item: Consultation, chief: User) -> None:
    by_page(item, chief)
    case = case_of(item)
    assert Task.objects.get(case=case).acted_by == chief
    assert case.records.filter(verb="agree", by=chief).count() == 1
    assert open_tasks(case) == []


def test_whoever_prepared_approves_nowhere(item: Consultation, clerk: User) -> None:
    with pytest.raises(JigaiError):
        use("agree", item, clerk)
    with pytest.raises(Denied, match="拟稿人"):
        by_page(item, clerk)
    assert status(item) == "draft" and case_of(item).state == "open"


def test_what_the_round_forbids_the_case_does_not_do(
    clock: c.Clock, item: Consultation, chief: User
) -> None:
    clock.day = c.AFTER
    with pytest.raises(JigaiError) as error:
        use("agree", item, chief)
    assert error.value.code == "period-over"
    assert status(item) == "draft" and open_tasks(case_of(item)) == ["open"]


@pytest.mark.parametrize("how", ["refused", "withdrawn", "void"])
def test_a_round_that_is_not_opened_after_all(
    item: Consultation, clerk: User, chief: User, how: str, client: Client
) -> None:
    verb = {"refused": "disagree", "withdrawn": "withdraw", "void": "void"}[how]
    use(verb, item, clerk if how == "withdrawn" else chief, reason="示例：条款要重写")
    assert status(item) == "dropped"
    item.refresh_from_db()
    assert (stage_of(item, c.FIRST), remaining_words(item, c.AFTER)) == ("dropped", "没有公开")
    client.force_login(chief)
    shown = client.get(reverse("consultation-detail", args=[item.pk])).content.decode()
    assert "另拟一次" in shown and "还没有批准公开" not in shown
    assert not opened().filter(pk=item.pk).exists()
    assert not visible(access_of(make_user("leader"))).filter(pk=item.pk).exists()
    with pytest.raises(JigaiError) as error:
        by_page(item, chief)
    assert error.value.code == "not-a-draft"


@pytest.mark.parametrize("verb", ["withdraw", "void"])
def test_what_is_public_is_not_taken_back(
    item: Consultation, clerk: User, chief: User, verb: str
) -> None:
    by_page(item, chief)
    with pytest.raises(JigaiError) as error:
        use(verb, item, clerk if verb == "withdraw" else chief, reason="示例")
    assert error.value.code == "public-already"
    assert status(item) == "open" and case_of(item).state == "open"


@pytest.mark.parametrize(("verb", "more"), [("recall", {}), ("send_back", {"to": "open"})])
def test_what_was_opened_is_not_undone_in_the_case(
    clock: c.Clock, item: Consultation, chief: User, verb: str, more: Any
) -> None:
    use("agree", item, chief)
    if verb == "send_back":
        pass_period(clock)
    with pytest.raises(JigaiError) as error:
        use(verb, item, chief, reason="示例", **more)
    assert error.value.code == "public-already"
    assert case_of(item).steps.get(code="open").state == "done"


# The period


@pytest.mark.parametrize(
    ("last", "words"),
    [(c.LAST, "10 个工作日"), (dt.date(2026, 3, 15), "截止日不是工作日")],
)
def test_the_clock_of_the_period_is_the_announced_day(
    clock: c.Clock, draft: Any, clerk: User, chief: User, last: dt.date, words: str
) -> None:
    """Natural days as announced, a Sunday too; a limit in working days would end on another."""
    item = c.opened(clerk, chief, draft, period_to=last)
    step = CaseStep.objects.get(case=case_of(item), code="collect")
    assert (step.due, step.days) == (last, 0)
    assert words in case_of(item).values["period"]
    pass_period(clock, last)
    assert open_tasks(case_of(item)) == []
    pass_period(clock, last + dt.timedelta(days=1))
    assert open_tasks(case_of(item)) == ["answer"]


def test_more_time_for_the_public_is_more_time_in_the_case(
    clock: c.Clock, item: Consultation, chief: User
) -> None:
    by_page(item, chief)
    later = dt.date(2026, 3, 27)

    def extend(day: dt.date) -> None:
        extend_consultation(consultation=item.pk, period_to=day, reason="企业要求", by=chief,
                            access=access_of(chief))  # fmt: skip

    extend(later)
    step = CaseStep.objects.get(case=case_of(item), code="collect")
    assert step.due == later and case_of(item).values["period_to"] == "2026-03-27"
    pass_period(clock, dt.date(2026, 3, 28))
    assert open_tasks(case_of(item)) == ["answer"]
    # Late, but legal: comments are taken again, so nothing is answered for good.
    extend(dt.date(2026, 4, 3))
    assert open_tasks(case_of(item)) == []
    again = CaseStep.objects.get(case=case_of(item), code="collect", round=2)
    assert (again.state, again.due) == ("active", dt.date(2026, 4, 3))


# Answering and publishing


def test_answers_are_finished_only_when_nothing_waits(
    clock: c.Clock, item: Consultation, clerk: User, chief: User
) -> None:
    by_page(item, chief)
    row = comment(item, clerk)
    pass_period(clock)
    with pytest.raises(JigaiError, match="还有 1 条意见没有答复"):
        use("agree", item, clerk)
    c.answered(item, [row], clerk)
    # The last answer on the page finished the task; nobody has to say so a second time.
    case = case_of(item)
    assert open_tasks(case) == ["publish"]
    assert case.tasks.get(step__code="answer").acted_by == clerk


def test_hiding_the_last_one_finishes_the_answers_too(
    clock: c.Clock, item: Consultation, clerk: User, chief: User
) -> None:
    by_page(item, chief)
    item.refresh_from_db()
    one, spam = c.said(item), c.said(item, "示例广告")
    c.sorted_as(one, clerk)
    pass_period(clock)
    c.answered(item, [one], clerk)
    assert open_tasks(case_of(item)) == ["answer"]
    c.sorted_as(spam, clerk, "unrelated", hidden="广告")
    assert open_tasks(case_of(item)) == ["publish"]


@pytest.fixture
def answered(clock: c.Clock, item: Consultation, clerk: User, chief: User) -> Consultation:
    by_page(item, chief)
    row = comment(item, clerk)
    pass_period(clock)
    c.answered(item, [row], clerk)
    return Consultation.objects.get(pk=item.pk)


def test_agreeing_in_the_inbox_publishes_for_the_days_written(
    clock: c.Clock, answered: Consultation, chief: User
) -> None:
    with pytest.raises(JigaiError, match="没有填写公示期"):
        use("agree", answered, chief)
    use("agree", answered, chief, values=SHOWN)
    found = Consultation.objects.get(pk=answered.pk)
    assert (found.status, found.published_by) == ("published", chief)
    assert (found.publicity_to, found.archive_to) == (c.PUBLICITY, c.ARCHIVE)
    case = case_of(answered)
    assert case.steps.get(code="show").due == c.PUBLICITY and case.state == "open"
    pass_period(clock, dt.date(2026, 3, 21))
    assert (case_of(answered).state, case_of(answered).result) == ("done", "agreed")


def test_publishing_on_the_page_moves_the_case(answered: Consultation, chief: User) -> None:
    c.published(answered, chief)
    case = case_of(answered)
    assert case.tasks.get(step__code="publish").acted_by == chief
    assert case.values["publicity_to"] == "2026-03-20"
    assert [s.code for s in case.steps.filter(state="active")] == ["show"]


def test_whoever_answered_publishes_nowhere(answered: Consultation, clerk: User) -> None:
    with pytest.raises(JigaiError):
        use("agree", answered, clerk, values=SHOWN)
    with pytest.raises(Denied, match="答复或隐藏过意见"):
        c.published(answered, clerk)
    assert status(answered) == "open" and open_tasks(case_of(answered)) == ["publish"]


def test_not_agreeing_sends_it_back_to_the_answers(answered: Consultation, chief: User) -> None:
    use("disagree", answered, chief, reason="示例：理由写得太短")
    assert open_tasks(case_of(answered)) == ["answer"] and status(answered) == "open"


def test_publishing_without_a_single_comment(
    clock: c.Clock, item: Consultation, chief: User, clerk: User
) -> None:
    """The daily work need not have been done: publishing brings the case along."""
    by_page(item, chief)
    clock.day = c.AFTER
    c.published(item, chief)
    done = case_of(item).steps.filter(state="done").values_list("code", flat=True)
    assert list(done) == ["open", "collect", "answer", "publish"]
    assert case_of(item).tasks.get(step__code="answer").acted_by == clerk


# Before, and beside


def test_rounds_from_before_get_a_case_that_stands_where_they_do(
    clock: c.Clock, item: Consultation, clerk: User, chief: User
) -> None:
    by_page(item, chief)
    row = comment(item, clerk)
    Case.objects.update(key=None, about="")
    clock.day = c.AFTER
    assert (open_missing(), open_missing()) == (1, 0)
    case = case_of(item)
    assert (case.started_by, open_tasks(case)) == (clerk, ["answer"])
    assert case.tasks.get(step__code="open").acted_by == chief
    c.answered(item, [row], clerk)
    assert open_tasks(case) == ["publish"]


def test_the_pages_lead_to_each_other(item: Consultation, chief: User, client: Client) -> None:
    client.force_login(chief)
    url = reverse("case-detail", args=[case_of(item).number])
    back = reverse("consultation-detail", args=[item.pk])
    assert url in client.get(back).content.decode()
    assert back in client.get(url).content.decode()
    assert url in client.get(reverse("case-inbox")).content.decode()
    # Who only comments is not told who handles it.
    client.force_login(make_user("finance", c.LUAN))
    by_page(item, chief)
    assert url not in client.get(back).content.decode()
