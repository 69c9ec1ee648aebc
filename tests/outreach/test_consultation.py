"""Rounds of comments: who opens them, when they take comments, how answers add up."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from jigai.core.access import Denied, access_of
from jigai.core.models import Notice, User
from jigai.core.models.access import Delegation
from jigai.core.platform_calendar import platform_calendar
from jigai.errors import JigaiError
from jigai.outreach.consultation_drafts import drafts, headings, pack_of
from jigai.outreach.consultation_period import (
    adoption_public,
    can_be_looked_up,
    in_stage,
    on_display,
    period_words,
    remaining_words,
    stage_of,
)
from jigai.outreach.consultation_selectors import inbox, managed, sums_of, total_of, visible
from jigai.outreach.models import CommentThrottle, Consultation, ConsultationComment
from jigai.outreach.services import submit_comment as submitting
from jigai.outreach.services.open_consultation import extend_consultation, open_consultation
from jigai.policies.models import PackVersion
from tests.factories import SIBLING, make_enterprise, make_regions, make_user
from tests.kept_rows import Unblock
from tests.outreach import consultations as c

pytestmark = [pytest.mark.django_db, pytest.mark.system("public-consultation")]
ONE = dt.timedelta(days=1)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> c.Clock:
    return c.Clock(monkeypatch, c.FIRST)


@pytest.fixture(scope="module")
def installed(kept_rows: Unblock) -> int:
    """The draft of the city, installed once for all tests here."""
    with kept_rows():
        make_regions()
        return c.install().pk


@pytest.fixture
def draft(installed: int, db: None) -> PackVersion:
    return PackVersion.objects.get(pk=installed)


@pytest.fixture
def clerk(db: None) -> User:
    return make_user("section-clerk", c.LUAN, name="经办")


@pytest.fixture
def chief(clerk: User) -> User:
    return make_user("section-chief", c.LUAN, name="负责")


@pytest.fixture
def item(clock: c.Clock, draft: PackVersion, clerk: User, chief: User) -> Consultation:
    return c.opened(clerk, chief, draft)


def refused(act: Any, *args: Any, **kwargs: Any) -> JigaiError:
    with pytest.raises(JigaiError) as error:
        act(*args, **kwargs)
    return error.value


# Preparing and opening


def test_only_drafts_can_be_opened(draft: PackVersion, clerk: User) -> None:
    issued = c.install("yanzhou-2020")
    assert [found.version for found in drafts(access_of(clerk))] == [draft]
    assert refused(c.drafted, clerk, issued).code == "no-draft"


def test_whoever_prepares_does_not_open(
    clock: c.Clock, draft: Any, clerk: User, chief: User
) -> None:
    row = c.drafted(clerk, draft)
    with pytest.raises(Denied, match="拟稿人"):
        open_consultation(consultation=row.pk, by=clerk, access=access_of(clerk))
    far = make_user("section-chief", SIBLING)
    with pytest.raises(Denied):
        open_consultation(consultation=row.pk, by=far, access=access_of(far))
    open_consultation(consultation=row.pk, by=chief, access=access_of(chief))
    row.refresh_from_db()
    assert (row.status, row.opened_by) == ("open", chief)
    again = refused(open_consultation, consultation=row.pk, by=chief, access=access_of(chief))
    assert again.code == "not-a-draft"


def test_whoever_acts_for_the_author_does_not_open_either(
    clock: Any, draft: Any, clerk: User
) -> None:
    deputy, now = make_user(name="代行人"), timezone.now()
    Delegation.objects.create(
        giver=clerk, taker=deputy, starts=now - dt.timedelta(hours=1),
        ends=now + dt.timedelta(days=1), reason="出差",
    )  # fmt: skip
    row = c.drafted(clerk, draft)
    assert list(managed(access_of(deputy))) == [row]
    with pytest.raises(Denied, match="委托代行"):
        open_consultation(consultation=row.pk, by=deputy, access=access_of(deputy))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"clauses": []}, "no-clauses"),
        ({"clauses": ["九"]}, "no-clauses"),
        ({"period_to": c.FIRST - ONE}, "bad-period"),
        ({"contact": " "}, "no-contact"),
        ({"subject": "v999999"}, "no-draft"),
    ],
)
def test_what_cannot_be_prepared(draft: Any, clerk: User, changes: Any, code: str) -> None:
    assert refused(c.drafted, clerk, draft, **changes).code == code
    assert not Consultation.objects.exists()


def test_a_period_that_is_over_is_not_opened(
    clock: Any, draft: Any, clerk: User, chief: User
) -> None:
    row = c.drafted(clerk, draft)
    clock.day = c.AFTER
    error = refused(open_consultation, consultation=row.pk, by=chief, access=access_of(chief))
    assert error.code == "period-over"


def test_a_bureau_elsewhere_asks_for_its_own_place(clock: Any, draft: Any) -> None:
    other = make_user("section-clerk")
    row = c.drafted(other, draft)
    assert row.region_code == "370812"
    assert list(managed(access_of(other))) == [row]
    assert not managed(access_of(make_user("section-clerk", SIBLING))).exists()
    # Being prepared, it is nobody's business elsewhere.
    assert not visible(access_of(make_user("leader", SIBLING))).exists()


def test_departments_of_the_place_are_told(
    clock: Any, draft: Any, clerk: User, chief: User, django_capture_on_commit_callbacks: Any
) -> None:
    here, there = make_user("finance", c.LUAN), make_user("finance", SIBLING)
    with django_capture_on_commit_callbacks(execute=True):
        c.opened(clerk, chief, draft)
    told = set(Notice.objects.filter(event="consultation-opened").values_list("user", flat=True))
    assert told == {here.pk} and there.pk not in told


# The period


@pytest.mark.parametrize(
    ("day", "stage", "takes"),
    [
        (c.FIRST - ONE, "upcoming", False),
        (c.FIRST, "open", True),
        (c.LAST, "open", True),
        (c.LAST + ONE, "closed", False),
    ],
)
def test_both_ends_of_the_period_count(
    clock: c.Clock, item: Consultation, day: dt.date, stage: str, takes: bool
) -> None:
    clock.day = day
    assert stage_of(item, day) == stage
    found = [code for code in ("draft", "upcoming", "open", "closed", "published")
             if Consultation.objects.filter(in_stage(code, day)).exists()]  # fmt: skip
    assert found == [stage]
    if takes:
        assert c.said(item).receipt.startswith("YJ-")
    else:
        error = refused(c.said, item)
        assert error.code == "out-of-period"
        assert "2026-03-02 至 2026-03-13" in error.message
        assert not ConsultationComment.objects.exists()


def test_the_words_count_working_days(item: Consultation) -> None:
    words = period_words(item, platform_calendar())
    assert "共 12 日" in words and "10 个工作日" in words and "不是工作日" not in words
    item.period_to = dt.date(2026, 3, 15)
    words = period_words(item, platform_calendar())
    assert "共 14 日" in words and "10 个工作日" in words and "截止日不是工作日" in words
    item.period_to = dt.date(2050, 3, 15)
    assert "暂计" in period_words(item, platform_calendar())
    item.period_to = c.LAST
    assert remaining_words(item, c.LAST) == "今天是最后一日"
    assert remaining_words(item, c.FIRST) == "还有 11 日"


def test_a_period_is_only_made_longer(item: Consultation, chief: User) -> None:
    def extend(day: dt.date, reason: str = "企业要求延长") -> Any:
        return extend_consultation(consultation=item.pk, period_to=day, reason=reason, by=chief,
                                   access=access_of(chief))  # fmt: skip

    assert refused(extend, c.LAST).code == "not-later"
    assert refused(extend, c.AFTER, " ").code == "no-reason"
    assert extend(c.AFTER).period_to == c.AFTER


# Comments


def test_the_same_form_is_one_comment(item: Consultation) -> None:
    nonce = str(uuid.uuid4())
    first = c.said(item, nonce=nonce)
    assert c.said(item, "另一段话", nonce=nonce).pk == first.pk
    assert ConsultationComment.objects.count() == 1
    # Somebody signed in cannot take over what the portal sent.
    firm = make_user("enterprise-handler", enterprise=make_enterprise())
    error = refused(c.said, item, nonce=nonce, author=firm, access=access_of(firm))
    assert error.code == "bad-nonce"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"text": "  "}, "no-text"),
        ({"text": "长" * 2001}, "too-long"),
        ({"clause": "二.一"}, "unknown-clause"),
        ({"trap": "http://example.invalid"}, "trapped"),
        ({"nonce": "1"}, "bad-nonce"),
    ],
)
def test_what_is_no_comment(item: Consultation, more: dict[str, Any], code: str) -> None:
    assert refused(c.said, item, **more).code == code
    assert not ConsultationComment.objects.exists()


def test_one_address_is_slowed_and_another_is_not(
    item: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submitting, "PER_HOUR", 3)
    for _ in range(3):
        c.said(item)
    assert refused(c.said, item).code == "too-many"
    c.said(item, address="192.0.2.2")
    assert ConsultationComment.objects.count() == 4
    # What is kept tells nobody the address, and goes with its hour.
    rows = CommentThrottle.objects.all()
    assert not rows.filter(digest__contains="192.0.2").exists() and rows.count() == 2
    rows.update(hour=rows[0].hour - dt.timedelta(hours=1))
    c.said(item)
    assert [row.count for row in CommentThrottle.objects.all()] == [1]


def test_people_signed_in_are_not_slowed_and_are_told(
    item: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submitting, "PER_HOUR", 0)
    firm = make_user("enterprise-handler", enterprise=make_enterprise())
    row = c.said(item, author=firm, access=access_of(firm))
    office = make_user("finance", c.LUAN)
    assert row.source == "enterprise"
    assert c.said(item, author=office, access=access_of(office)).source == "department"
    clerk = make_user("section-clerk", c.LUAN)
    with pytest.raises(Denied):
        c.said(item, author=clerk, access=access_of(clerk))


def test_a_comment_is_never_deleted(item: Consultation) -> None:
    row = c.said(item)
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        row.delete()
    assert ConsultationComment.objects.filter(pk=row.pk).exists()


def test_only_the_organiser_reads_the_inbox(item: Consultation, clerk: User) -> None:
    c.said(item, name="示例某", contact="示例电话")
    assert inbox(access_of(clerk)).count() == 1
    for person in (make_user("section-clerk"), make_user("leader", c.LUAN),
                   make_user("finance", c.LUAN)):  # fmt: skip
        assert not inbox(access_of(person)).exists()


# Answers


def test_spam_is_hidden_with_a_reason_and_still_counted(item: Consultation, clerk: User) -> None:
    spam, real = c.said(item, "买一送一"), c.said(item)
    c.sorted_as(spam, clerk, "unrelated", "广告")
    c.sorted_as(real, clerk)
    assert refused(c.answered, item, [spam], clerk, verdict="noted").code == "no-comments"
    c.answered(item, [real], clerk)
    total = total_of(sums_of(item, headings(pack_of(item))))
    assert (total.received, total.hidden, total.public, total.waiting) == (2, 1, 1, 0)
    assert total.reconciled
    real.refresh_from_db()
    assert refused(c.sorted_as, real, clerk, "suggest", "广告").code == "answered"
    with pytest.raises(IntegrityError), transaction.atomic():
        ConsultationComment.objects.filter(pk=real.pk).update(hidden_reason="广告")


@pytest.mark.parametrize(
    ("kind", "changes", "code"),
    [
        ("suggest", {"reason": " "}, "no-reason"),
        ("suggest", {"summary": " "}, "no-summary"),
        ("suggest", {"verdict": "perhaps"}, "no-verdict"),
        ("suggest", {"verdict": "noted"}, "verdict-needed"),
        ("oppose", {"verdict": "noted"}, "verdict-needed"),
        ("support", {"verdict": "adopted"}, "nothing-to-adopt"),
        ("ask", {"verdict": "declined"}, "nothing-to-adopt"),
        ("suggest", {"summary": "示例机械公司希望提高奖金"}, "names-somebody"),
        ("suggest", {"reason": "已与示例某电话说明"}, "names-somebody"),
    ],
)
def test_what_is_no_answer(
    item: Consultation, clerk: User, kind: str, changes: dict[str, str], code: str
) -> None:
    row = c.said(item, name="示例某", organisation="示例机械公司")
    c.sorted_as(row, clerk, kind)
    assert refused(c.answered, item, [row], clerk, **changes).code == code
    row.refresh_from_db()
    assert row.answer is None


def test_duplicates_stand_under_one_answer(item: Consultation, clerk: User) -> None:
    rows = [c.said(item), c.said(item, "奖金太少"), c.said(item, "别的", clause="一")]
    assert refused(c.answered, item, rows[:2], clerk).code == "unclassified"
    for row in rows:
        c.sorted_as(row, clerk)
    assert refused(c.answered, item, rows, clerk).code == "several-clauses"
    answer = c.answered(item, rows[:2], clerk)
    assert answer.comments.count() == 2
    assert refused(c.answered, item, rows[:1], clerk).code == "answered-elsewhere"
    # A comment left out waits again; an old screen changes nothing.
    c.answered(item, rows[:1], clerk, answer=answer.pk, seen=1, verdict="partly")
    rows[1].refresh_from_db()
    assert rows[1].answer is None
    stale = refused(c.answered, item, rows[:2], clerk, answer=answer.pk, seen=1)
    assert stale.code == "changed-meanwhile"


def test_two_clerks_do_not_overwrite_each_other(item: Consultation, clerk: User) -> None:
    row = c.said(item)
    c.sorted_as(row, clerk, "ask")
    from jigai.outreach.services.classify_comment import classify_comment

    error = refused(classify_comment, comment=row.pk, by=clerk, access=access_of(clerk), seen=1,
                    kind="oppose")  # fmt: skip
    assert error.code == "changed-meanwhile"
    row.refresh_from_db()
    assert row.kind == "ask"


# Publishing


@pytest.fixture
def ready(clock: c.Clock, item: Consultation, clerk: User) -> Consultation:
    """Four comments on two clauses, all answered, after the period."""
    rows = [c.said(item, f"第{n}条") for n in range(2)]
    praise, spam = c.said(item, "很好", clause="一"), c.said(item, "广告", clause="")
    for row in rows:
        c.sorted_as(row, clerk)
    c.sorted_as(praise, clerk, "support")
    c.sorted_as(spam, clerk, "unrelated", "广告")
    c.answered(item, rows, clerk)
    c.answered(item, [praise], clerk, summary="赞成增速目标", verdict="noted", reason="谢谢")
    clock.day = c.AFTER
    return item


def test_sums_reconcile_by_clause(ready: Consultation) -> None:
    rows = sums_of(ready, headings(pack_of(ready)))
    assert [(r.clause, r.received, r.hidden, r.counts) for r in rows] == [
        ("", 1, 1, [0, 0, 0, 0]), ("一", 1, 0, [0, 0, 0, 1]), ("三.二", 2, 0, [2, 0, 0, 0]),
    ]  # fmt: skip
    total = total_of(rows)
    assert total.received == ConsultationComment.objects.count() == 4
    assert all(row.reconciled for row in (*rows, total))


def test_whoever_answered_or_hid_does_not_publish(
    ready: Consultation, clerk: User, chief: User
) -> None:
    with pytest.raises(Denied, match="答复或隐藏过"):
        c.published(ready, clerk)
    done = c.published(ready, chief)
    assert (done.status, done.published_by) == ("published", chief)


def test_nothing_changes_after_publication(ready: Consultation, clerk: User, chief: User) -> None:
    c.published(ready, chief)
    row = ready.comments.filter(clause="一").get()
    assert refused(c.sorted_as, row, clerk, "ask").code == "published"
    assert refused(c.answered, ready, [row], clerk, verdict="noted").code == "published"
    assert refused(c.said, ready).code == "out-of-period"


@pytest.mark.parametrize(
    ("day", "changes", "code"),
    [
        (c.LAST, {}, "still-open"),
        (c.AFTER, {"publicity_from": c.LAST}, "in-the-past"),
        (c.AFTER, {"publicity_to": c.LAST}, "bad-publicity"),
        (c.AFTER, {"archive_to": c.PUBLICITY - ONE}, "archive-before-publicity"),
    ],
)
def test_dates_that_do_not_fit(
    clock: c.Clock, ready: Consultation, chief: User, day: dt.date, changes: Any, code: str
) -> None:
    clock.day = day
    assert refused(c.published, ready, chief, **changes).code == code


def test_every_comment_is_answered_first(clock: c.Clock, item: Consultation, chief: User) -> None:
    c.said(item)
    clock.day = c.AFTER
    error = refused(c.published, item, chief)
    assert error.code == "unanswered" and "1 条" in error.message


def test_publicity_and_archive_are_two_periods(ready: Consultation, chief: User) -> None:
    item = c.published(ready, chief)
    seen = []
    for day in (c.AFTER - ONE, c.AFTER, c.PUBLICITY, c.PUBLICITY + ONE, c.ARCHIVE, c.ARCHIVE + ONE):
        looked = can_be_looked_up(item, day)
        assert looked == Consultation.objects.filter(adoption_public(day)).exists()
        seen.append((on_display(item, day), looked))
    assert seen == [(False, False), (True, True), (True, True), (False, True), (False, True),
                    (False, False)]  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Consultation.objects.filter(pk=item.pk).update(archive_to=c.AFTER)


def test_whoever_commented_is_told(
    clock: c.Clock, item: Consultation, clerk: User, chief: User,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    firm = make_user("enterprise-handler", enterprise=make_enterprise())
    row = c.said(item, author=firm, access=access_of(firm))
    c.sorted_as(row, clerk)
    c.answered(item, [row], clerk)
    clock.day = c.AFTER
    with django_capture_on_commit_callbacks(execute=True):
        c.published(item, chief)
    assert Notice.objects.get(event="consultation-answered").user == firm
