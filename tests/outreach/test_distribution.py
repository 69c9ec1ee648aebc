"""Documents sent: receipts, and nobody goes on using what has been revised or repealed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jigai.core.access import Denied, access_of
from jigai.core.models import Department, Job, Notice, User
from jigai.errors import JigaiError
from jigai.outreach import distribution_jobs
from jigai.outreach.distribution_people import distributions_for, inbox_of
from jigai.outreach.distribution_standing import (
    instead_of,
    overdue,
    standing_on,
    unconfirmed,
)
from jigai.outreach.models import Delivery, Distribution
from jigai.outreach.services import send_distribution as sending
from jigai.outreach.services.draft_distribution import (
    add_addressees,
    discard_distribution,
    remove_addressee,
)
from jigai.outreach.services.end_distribution import end_overtaken, repeal_distribution
from jigai.outreach.services.remind_distribution import (
    remind_distribution,
    remind_overdue,
    tell_addressees,
)
from jigai.outreach.services.sign_delivery import (
    enter_paper_receipt,
    read_delivery,
    sign_delivery,
    stop_delivery,
)
from tests.factories import CITY, SIBLING, make_department, make_enterprise, make_regions, make_user
from tests.outreach.distribution_cases import (
    SLUG,
    add,
    draft,
    file_draft,
    in_force,
    of,
    outside,
    send,
    work_off,
)

pytestmark = [pytest.mark.django_db, pytest.mark.system("document-distribution")]
FINANCE = "370812finance局"
FIVE = ["区委办公室", "区人大常委会办公室", "区政协办公室", "区法院", "区检察院"]


@pytest.fixture
def clerk(db: None) -> User:
    make_regions()
    return make_user("section-clerk", username="clerk")


@pytest.fixture
def finance(db: None) -> User:
    """Somebody of the finance office, which has an account."""
    return make_user("finance", department=make_department(line="finance"))


@pytest.fixture
def sent(clerk: User, finance: User, tmp_path: Path) -> Distribution:
    """The first version, sent to those it names."""
    in_force(tmp_path)
    return send(draft(clerk), clerk)


def signed(sent: Distribution, by: User) -> Delivery:
    return sign_delivery(delivery=of(sent, FINANCE).pk, by=by, access=access_of(by))


def notices(event: str) -> list[Notice]:
    return list(Notice.objects.filter(event=event).order_by("id"))


def test_it_goes_to_those_the_document_names(sent: Distribution, finance: User) -> None:
    copies = sent.deliveries.filter(kind="copy").values_list("name", flat=True)
    assert list(copies) == [
        "区委办公室",
        "区人大常委会办公室",
        "区政协办公室",
        "区法院",
        "区检察院",
    ]
    told = {notice.user for notice in notices("document-received")}
    assert finance in told and of(sent, FINANCE).told_at is not None
    # The court has no account: nobody was told, and the list says so.
    assert of(sent, "区法院").told_at is None
    tell_addressees(sent)
    assert len(notices("document-received")) == len(told)


def test_a_new_version_reaches_everybody_who_holds_the_old_one(
    sent: Distribution, clerk: User, finance: User, tmp_path: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    """The toy leaves the old document in use after the revision."""
    signed(sent, finance)
    assert standing_on(sent).valid and not end_overtaken()
    with django_capture_on_commit_callbacks(execute=True):
        newer = in_force(tmp_path, interpreter="区政府办公室")
    # Even before anything has run in the background, the old one says that it is out of use.
    verdict = standing_on(Distribution.objects.get(pk=sent.pk))
    assert (verdict.standing, verdict.pack) == ("revised", newer)
    work_off()
    sent.refresh_from_db()
    assert (sent.standing, sent.successor_pack, sent.ended_by) == ("revised", newer, None)
    stop = notices("document-stopped")
    assert [n.user for n in stop if n.user == finance] == [finance]
    assert stop[0].url.startswith("/deliveries/") and "停止使用" in stop[0].body
    assert unconfirmed(Delivery.objects.all()).count() == sent.deliveries.count() > 5
    work_off()
    assert len(notices("document-stopped")) == len(stop)


def test_the_new_one_goes_to_the_same_units_and_the_old_leads_to_it(
    sent: Distribution, clerk: User, finance: User, tmp_path: Path
) -> None:
    late = make_department(line="late", name="后加的局")
    assert late.name not in sent.deliveries.values_list("name", flat=True)
    Delivery.objects.create(distribution=sent, kind="copy", name="示例协会")
    in_force(tmp_path, interpreter="区政府办公室")
    end_overtaken()
    newer = send(draft(clerk), clerk)
    names = set(newer.deliveries.values_list("name", flat=True))
    assert set(sent.deliveries.values_list("name", flat=True)) < names and late.name in names
    sent.refresh_from_db()
    assert sent.successor == newer
    row = of(sent, FINANCE)
    assert instead_of(row, standing_on(row.distribution)) == of(newer, FINANCE)


def test_sending_the_new_one_ends_the_old_even_if_nothing_ran(
    sent: Distribution, clerk: User, tmp_path: Path
) -> None:
    in_force(tmp_path, interpreter="区政府办公室")
    newer = send(draft(clerk), clerk)
    sent.refresh_from_db()
    assert (sent.standing, sent.successor) == ("revised", newer)
    assert notices("document-stopped")


@pytest.mark.parametrize(
    ("changes", "standing"),
    [({"status": "repealed"}, "repealed"), ({"status": "superseded"}, "superseded"),
     ({"effective_to": "2021-01-01"}, "revised")],
)  # fmt: skip
def test_how_it_ends(
    sent: Distribution, tmp_path: Path, changes: dict[str, str], standing: str
) -> None:
    in_force(tmp_path, **changes)
    assert end_overtaken() == 1
    sent.refresh_from_db()
    assert sent.standing == standing


def test_another_document_replaces_it_by_its_number(
    sent: Distribution, clerk: User, tmp_path: Path
) -> None:
    from jigai.policies.models import PackVersion

    row = PackVersion.objects.get(slug=SLUG, is_current=True)
    other = {"slug": "yanzhou-2024", "sha256": "1" * 64, "title": "新一轮技改办法（示例）",
             "files": {}, "status": "draft", "supersedes": [sent.number]}  # fmt: skip
    plan = PackVersion.objects.create(**other)
    # A draft replaces nothing.
    assert standing_on(sent).valid
    PackVersion.objects.filter(pk=plan.pk).update(status="issued", number="示例〔2024〕1号")
    verdict = standing_on(sent)
    assert (verdict.standing, verdict.pack) == ("superseded", plan)
    assert "示例〔2024〕1号" in verdict.reason and row.slug == SLUG


def test_validity_ends_by_itself(clerk: User, finance: User, tmp_path: Path) -> None:
    today = timezone.localdate()
    in_force(tmp_path, effective_to=str(today + dt.timedelta(days=3)))
    sent = send(draft(clerk), clerk)
    assert standing_on(sent, today + dt.timedelta(days=3)).valid
    assert end_overtaken(today + dt.timedelta(days=3)) == 0
    assert end_overtaken(today + dt.timedelta(days=4)) == 1
    work_off()
    sent.refresh_from_db()
    assert sent.standing == "expired" and notices("document-stopped")


def test_what_is_over_already_is_sent_as_that(clerk: User, finance: User, tmp_path: Path) -> None:
    in_force(tmp_path, effective_to="2023-08-14")
    sent = send(draft(clerk), clerk)
    assert sent.standing == "expired" and "2023-08-14" in sent.ended_reason
    # It comes as a document for the record, and nobody has to confirm anything.
    assert notices("document-received") and not notices("document-stopped")
    assert not unconfirmed(Delivery.objects.all()).exists()


def test_a_version_replaced_since_the_draft_is_not_sent(
    clerk: User, finance: User, tmp_path: Path
) -> None:
    in_force(tmp_path)
    begun = draft(clerk)
    in_force(tmp_path, interpreter="区政府办公室")
    with pytest.raises(JigaiError) as error:
        send(begun, clerk)
    assert error.value.code == "not-valid"
    in_force(tmp_path, status="repealed")
    with pytest.raises(JigaiError) as error:
        draft(clerk)
    assert error.value.code == "not-valid"


def test_a_file_revised_by_another(clerk: User, finance: User) -> None:
    first = file_draft(clerk)
    add(first, clerk, FINANCE, "区法院")
    first = send(first, clerk)
    second = file_draft(clerk, "申报通知（修订）", replaces=first.pk)
    assert set(second.deliveries.values_list("name", flat=True)) == {FINANCE, "区法院"}
    assert standing_on(first).valid
    second = send(second, clerk)
    first.refresh_from_db()
    assert (first.standing, first.successor, first.ended_by) == ("revised", second, clerk)
    assert "申报通知（修订）" in first.ended_reason
    stop = notices("document-stopped")
    assert [(n.user, n.url) for n in stop] == [(finance, f"/deliveries/{of(first, FINANCE).pk}/")]


def test_a_person_repeals_with_a_reason_and_once(sent: Distribution, clerk: User) -> None:
    def repeal(reason: str, by: User = clerk) -> None:
        repeal_distribution(distribution=sent.pk, reason=reason, by=by, access=access_of(by))

    with pytest.raises(JigaiError, match="废止依据"):
        repeal(" ")
    with pytest.raises(Denied):
        repeal("示例〔2024〕2号", make_user("section-clerk", SIBLING))
    repeal("示例〔2024〕2号")
    sent.refresh_from_db()
    assert (sent.standing, sent.ended_reason) == ("repealed", "示例〔2024〕2号")
    with pytest.raises(JigaiError) as error:
        repeal("别的")
    assert error.value.code == "not-in-use"
    sent.refresh_from_db()
    assert sent.ended_reason == "示例〔2024〕2号"


def test_receipts_go_step_by_step_and_keep_the_first_person(
    sent: Distribution, finance: User
) -> None:
    row, other = of(sent, FINANCE), make_user("finance", department=of(sent, FINANCE).department)
    with pytest.raises(JigaiError, match="还没有签收"):
        read_delivery(delivery=row.pk, by=finance, access=access_of(finance))
    signed(sent, finance)
    signed(sent, other)
    found = of(sent, FINANCE)
    assert (found.state, found.signed_by) == ("signed", finance)
    assert read_delivery(delivery=row.pk, by=other, access=access_of(other)).read_by == other
    with pytest.raises(JigaiError, match="不用停用"):
        stop_delivery(delivery=row.pk, by=finance, access=access_of(finance))


def test_only_the_unit_signs(sent: Distribution, clerk: User) -> None:
    row = of(sent, FINANCE)
    for person in (clerk, make_user("finance", SIBLING), make_user("expert")):
        with pytest.raises(Denied):
            sign_delivery(delivery=row.pk, by=person, access=access_of(person))
        assert row not in inbox_of(access_of(person))
    assert of(sent, FINANCE).state == "unsigned"


def test_confirming_the_end(sent: Distribution, clerk: User, finance: User, tmp_path: Path) -> None:
    in_force(tmp_path, status="repealed")
    end_overtaken()
    row = of(sent, FINANCE)
    found = stop_delivery(delivery=row.pk, by=finance, access=access_of(finance))
    first = found.stopped_at
    assert first and found.stopped_by == finance
    stop_delivery(delivery=row.pk, by=finance, access=access_of(finance))
    assert of(sent, FINANCE).stopped_at == first
    left = set(unconfirmed(Delivery.objects.all()).values_list("name", flat=True))
    assert FINANCE not in left and "区法院" in left
    enter_paper_receipt(delivery=of(sent, "区法院").pk, signer="示例收件人", stopped=True,
                        by=clerk, access=access_of(clerk))  # fmt: skip
    assert not unconfirmed(Delivery.objects.filter(name="区法院")).exists()


def test_a_receipt_on_paper(sent: Distribution, clerk: User, finance: User) -> None:
    row = of(sent, "区检察院")

    def enter(signer: str, by: User = clerk) -> Delivery:
        return enter_paper_receipt(
            delivery=row.pk, signer=signer, stopped=False, by=by, access=access_of(by)
        )

    with pytest.raises(JigaiError, match="签收人"):
        enter(" ")
    with pytest.raises(Denied):
        enter("示例收件人", finance)
    found = enter("示例收件人")
    assert (found.state, found.on_paper, found.signed_by) == ("signed", True, clerk)
    with pytest.raises(JigaiError, match="已经登记过"):
        enter("另一人")
    assert of(sent, "区检察院").signer == "示例收件人"


def test_the_last_day_counts_working_days(clerk: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sent on the Thursday before a holiday: three working days later is after it."""
    from jigai.core.models import Workday

    for day in range(1, 8):
        Workday.objects.create(day=dt.date(2021, 10, day), kind="holiday", name="国庆节")
    Workday.objects.create(day=dt.date(2021, 10, 9), kind="workday", name="国庆节调休")
    at = dt.datetime(2021, 9, 30, 2, tzinfo=dt.UTC)
    monkeypatch.setattr(sending.timezone, "now", lambda: at)
    begun = file_draft(clerk)
    add(begun, clerk, "区法院")
    found = sending.send_distribution(
        distribution=begun.pk, by=clerk, access=access_of(clerk)
    )  # fmt: skip
    assert found.due == dt.date(2021, 10, 11)
    rows = Delivery.objects.all()
    assert not overdue(rows, found.due).exists()
    assert overdue(rows, found.due + dt.timedelta(days=1)).exists()


def test_reminding_once_a_day_and_only_who_owes(
    sent: Distribution, clerk: User, finance: User
) -> None:
    with pytest.raises(Denied):
        remind_distribution(distribution=sent.pk, access=access_of(finance))
    told = remind_distribution(distribution=sent.pk, access=access_of(clerk))
    assert told == len({n.url for n in notices("document-overdue")}) >= 1
    with pytest.raises(JigaiError, match="今天已经催过"):
        remind_distribution(distribution=sent.pk, access=access_of(clerk))
    Distribution.objects.update(reminded_at=timezone.now() - dt.timedelta(days=1))
    for person, name in ((finance, FINANCE), (clerk, "370812工业和信息化局")):
        sign_delivery(delivery=of(sent, name).pk, by=person, access=access_of(person))
    with pytest.raises(JigaiError, match="没有能在平台上催"):
        remind_distribution(distribution=sent.pk, access=access_of(clerk))


def test_the_clock_reminds_of_what_is_late(
    sent: Distribution, finance: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert remind_overdue() == 0
    Distribution.objects.update(due=timezone.localdate() - dt.timedelta(days=1))
    assert remind_overdue() >= 1 and remind_overdue() == 0
    assert finance in {n.user for n in notices("document-overdue")}
    Distribution.objects.update(reminded_at=None)
    count = len(notices("document-overdue"))
    for works, more in ((False, 0), (True, 1)):
        calendar = type("Calendar", (), {"is_workday": lambda self, day, works=works: works})
        monkeypatch.setattr(distribution_jobs, "platform_calendar", calendar)
        distribution_jobs.by_the_clock(0)
        assert (len(notices("document-overdue")) > count) == bool(more)


def test_a_draft_may_change_and_a_sending_not(clerk: User, tmp_path: Path) -> None:
    in_force(tmp_path)
    begun = draft(clerk)
    before = begun.deliveries.count()
    units = [outside("示例协会"), outside("区法院")]
    assert add_addressees(
        distribution=begun.pk, addressees=units, access=access_of(clerk)
    ) == (1, 1)  # fmt: skip
    remove_addressee(delivery=of(begun, "示例协会").pk, access=access_of(clerk))
    assert begun.deliveries.count() == before
    far = make_user("section-clerk", SIBLING)
    with pytest.raises(Denied):
        remove_addressee(delivery=of(begun, "区法院").pk, access=access_of(far))
    send(begun, clerk)
    for act in (
        lambda: remove_addressee(delivery=of(begun, "区法院").pk, access=access_of(clerk)),
        lambda: discard_distribution(distribution=begun.pk, access=access_of(clerk)),
        lambda: send(begun, clerk),
    ):
        with pytest.raises(JigaiError) as error:
            act()
        assert error.value.code == "already-sent"


def test_nobody_to_send_to_and_bad_days(clerk: User) -> None:
    with pytest.raises(JigaiError) as error:
        send(file_draft(clerk), clerk)
    assert error.value.code == "no-addressees"
    for days in (0, 61):
        with pytest.raises(JigaiError) as error:
            file_draft(clerk, sign_days=days)
        assert error.value.code == "bad-days"
    with pytest.raises(JigaiError) as error:
        file_draft(clerk, replaces=file_draft(clerk).pk)
    assert error.value.code == "no-earlier"


def test_who_sees_drafts_and_sendings(sent: Distribution, clerk: User, finance: User) -> None:
    begun = draft(clerk)
    leader, far = make_user("leader"), make_user("section-clerk", SIBLING)
    above = make_user("section-clerk", CITY)
    seen = {
        person: set(distributions_for(access_of(person)))
        for person in (clerk, finance, leader, far, above)
    }
    assert seen[clerk] == seen[above] == {sent, begun}
    assert seen[finance] == seen[leader] == {sent} and seen[far] == set()


def test_an_enterprise_and_a_department_without_anybody(clerk: User) -> None:
    firm = make_enterprise()
    handler = make_user("enterprise-handler", enterprise=firm)
    empty = make_department(line="empty", name="没有账号的局")
    begun = file_draft(clerk)
    from jigai.outreach.distribution_lists import Addressee

    units = [Addressee("main", firm.name, enterprise=firm.pk),
             Addressee("main", empty.name, department=empty.pk)]  # fmt: skip
    add_addressees(distribution=begun.pk, addressees=units, access=access_of(clerk))
    sent = send(begun, clerk)
    assert [n.user for n in notices("document-received")] == [handler]
    row = sign_delivery(delivery=of(sent, firm.name).pk, by=handler, access=access_of(handler))
    assert row.signed_by == handler and of(sent, empty.name).told_at is None
    job = Job.objects.get(kind="distribution-notify")
    assert job.result == {"told": 1, "without": 1}


def test_two_signatures_at_the_same_moment_are_one(sent: Distribution, finance: User) -> None:
    """The row is locked before its state is read."""
    row, access = of(sent, FINANCE), access_of(finance)
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        sign_delivery(delivery=row.pk, by=finance, access=access)
    first = next(q["sql"] for q in queries if "outreach_delivery" in q["sql"])
    assert "FOR UPDATE" in first


def test_nothing_is_queued_while_nothing_is_in_use(
    clerk: User, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        in_force(tmp_path)
    assert not Job.objects.filter(kind=distribution_jobs.CHECK).exists()
    assert Department.objects.exists()
