"""The life of a draft as a case: what is done on either page is done, once, on both."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jigai.cases.models import Case, CaseStep
from jigai.cases.services.act import act
from jigai.cases.services.daily.waits import pass_waits
from jigai.core.access import Denied, access_of
from jigai.core.jobs import run_job
from jigai.core.models import Notice, User
from jigai.errors import JigaiError
from jigai.outreach.consultation_drafts import drafts, text_of
from jigai.outreach.models import Consultation
from jigai.outreach.services.draft_consultation import draft_consultation
from jigai.outreach.services.link_final import final_versions, link_final
from jigai.outreach.services.open_consultation import open_consultation
from jigai.outreach.services.publish_adoption import publish_adoption
from jigai.policies.editor.blank import Start, blank_files
from jigai.policies.editor.services.issue_draft import issue_draft
from jigai.policies.editor.services.move_draft import (
    finish_draft,
    return_draft,
    review_draft,
    submit_draft,
    withdraw_draft,
)
from jigai.policies.editor.services.save_draft import save_draft
from jigai.policies.editor.services.start_draft import start_draft
from jigai.policies.models import PackDraft, PackProposal, PackVersion, Succession
from jigai.policies.services.confirm_proposal import confirm_proposal
from jigai.policies.services.discard_proposal import discard_proposal
from tests.factories import COUNTY, SIBLING, make_regions, make_user
from tests.outreach import consultations as c
from tests.policies.editor.small_pack import SLUG, START, with_grant

pytestmark = [pytest.mark.django_db, pytest.mark.system("local-rule-pack")]
DATES: dict[str, Any] = {
    "number": "示例政发〔2026〕5号", "issued": dt.date(2026, 4, 1),
    "effective_from": dt.date(2026, 5, 1), "effective_to": dt.date(2028, 12, 31),
}  # fmt: skip


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> c.Clock:
    return c.Clock(monkeypatch, c.FIRST)


@pytest.fixture
def clerk(db: None) -> User:
    make_regions()
    return make_user("section-clerk", COUNTY, username="clerk", name="经办")


@pytest.fixture
def chief(clerk: User) -> User:
    return make_user("section-chief", COUNTY, username="chief", name="负责")


@pytest.fixture
def draft(clock: c.Clock, clerk: User, chief: User) -> PackDraft:
    files = with_grant(blank_files(Start(**START)))
    return start_draft(base=None, files=files, title="", by=clerk, access=access_of(clerk))


def by(user: User) -> dict[str, Any]:
    return {"by": user, "access": access_of(user)}


def checked(draft: PackDraft) -> PackDraft:
    draft.refresh_from_db()
    assert draft.proposal is not None
    run_job(draft.proposal.job_id)
    draft.proposal.refresh_from_db()
    return draft


def submitted(draft: PackDraft, clerk: User, **more: Any) -> PackDraft:
    submit_draft(draft=draft.pk, **by(clerk), **{"consults": True, **more})
    return checked(draft)


def quiet(draft: PackDraft, clerk: User) -> PackDraft:
    return submitted(draft, clerk, consults=False, no_consultation="只改正文字")


def state(draft: PackDraft) -> str:
    return PackDraft.objects.get(pk=draft.pk).state


def case_of(draft: PackDraft) -> Case:
    return Case.objects.get(about=f"pack-draft:{draft.pk}")


def now(draft: PackDraft) -> list[str]:
    rows = case_of(draft).steps.filter(state=CaseStep.State.ACTIVE)
    return list(rows.values_list("code", flat=True))


def use(verb: str, draft: PackDraft, user: User, **data: Any) -> Case:
    return act(case=case_of(draft).pk, verb=verb, by=user, access=access_of(user), **data)


def write(draft: PackDraft, user: User, old: str, new: str, name: str = "clauses.yaml") -> None:
    full = f"{SLUG}/{name}"
    save_draft(draft=draft.pk, **by(user),
               write=lambda files: {full: files[full].replace(old, new)})  # fmt: skip


def consulted(draft: PackDraft, clerk: User, chief: User, clock: c.Clock) -> Consultation:
    """The whole round: opened, one comment, adopted, published."""
    review_draft(draft=draft.pk, **by(chief))
    draft.refresh_from_db()
    item = draft_consultation(
        subject=f"p{draft.consulted_id}", title="", clauses=["一"], period_from=c.FIRST,
        period_to=c.LAST, contact="0537-0000000", **by(clerk),
    )  # fmt: skip
    open_consultation(consultation=item.pk, **by(chief))
    comment = c.said(item, "起点偏高", "一")
    clock.day = c.AFTER
    pass_waits(c.AFTER)
    c.sorted_as(comment, clerk, "suggest")
    c.answered(item, [comment], clerk, verdict="adopted", reason="起点改为200万元")
    publish_adoption(consultation=item.pk, publicity_from=c.AFTER, publicity_to=c.PUBLICITY,
                     archive_to=None, **by(chief))  # fmt: skip
    item.refresh_from_db()
    return item


@pytest.mark.system("public-consultation")
def test_from_review_to_issue_with_the_public_asked(
    clock: c.Clock, draft: PackDraft, clerk: User, chief: User
) -> None:
    submitted(draft, clerk)
    assert (state(draft), now(draft)) == ("review", ["review"])
    first = draft.frozen
    item = consulted(draft, clerk, chief, clock)
    assert (state(draft), now(draft)) == ("revising", ["finish"])
    assert item.sha256 and item.proposal_id == PackDraft.objects.get(pk=draft.pk).consulted_id
    write(draft, clerk, "写明支持什么", "起点降为200万元，写明支持什么")
    finish_draft(draft=draft.pk, **by(clerk))
    checked(draft)
    assert draft.frozen != first and now(draft) == ["issue"]
    version = issue_draft(draft=draft.pk, **DATES, **by(chief))
    draft.refresh_from_db()
    assert (draft.state, draft.issued) == ("issued", version)
    assert (version.number, version.status, version.valid_from) == (
        DATES["number"], "issued", DATES["effective_from"],
    )  # fmt: skip
    assert version.is_current and version.slug == SLUG
    assert case_of(draft).state == Case.State.DONE
    item.refresh_from_db()
    # Draft and final are two texts, connected: the one that was opened stays as it was.
    assert item.final == version and item.sha256 != version.sha256
    assert "起点降为200万元" not in text_of(item).files[f"{SLUG}/clauses.yaml"]
    assert "起点降为200万元" in version.files[f"{SLUG}/clauses.yaml"]


@pytest.mark.system("public-consultation")
def test_the_text_that_was_opened_is_never_installed(
    clock: c.Clock, draft: PackDraft, clerk: User, chief: User
) -> None:
    submitted(draft, clerk)
    item = consulted(draft, clerk, chief, clock)
    assert item.proposal is not None and item.proposal.status == "ready"
    with pytest.raises(JigaiError, match="不能单独安装"):
        confirm_proposal(proposal_id=item.proposal.pk, **by(chief))
    with pytest.raises(JigaiError, match="不能单独放弃"):
        discard_proposal(proposal_id=item.proposal.pk, **by(chief))
    assert not PackVersion.objects.filter(slug=SLUG).exists()


@pytest.mark.system("public-consultation")
def test_only_the_version_the_draft_became_can_be_its_final(
    clock: c.Clock, draft: PackDraft, clerk: User, chief: User
) -> None:
    submitted(draft, clerk)
    item = consulted(draft, clerk, chief, clock)
    other = c.install("yanzhou-2020")
    assert other.region_code == item.region_code and not final_versions(item).exists()
    with pytest.raises(JigaiError, match="不能作为定稿"):
        link_final(consultation=item.pk, final=other.pk, **by(chief))


@pytest.mark.system("public-consultation")
def test_only_what_passed_its_review_can_be_opened(
    draft: PackDraft, clerk: User, chief: User
) -> None:
    submitted(draft, clerk)
    assert drafts(access_of(clerk)) == []
    review_draft(draft=draft.pk, **by(chief))
    (found,) = drafts(access_of(clerk))
    assert found.key == f"p{draft.proposal_id}" and found.word == "起草稿"


@pytest.mark.system("public-consultation")
def test_while_the_public_is_asked_it_can_be_neither_written_nor_withdrawn(
    clock: c.Clock, draft: PackDraft, clerk: User, chief: User
) -> None:
    submitted(draft, clerk)
    review_draft(draft=draft.pk, **by(chief))
    with pytest.raises(JigaiError, match="内容不能改"):
        write(draft, clerk, "支持", "大力支持")
    with pytest.raises(JigaiError, match="不能撤回"):
        withdraw_draft(draft=draft.pk, reason="不做了", **by(clerk))
    with pytest.raises(JigaiError, match="还没有公示"):
        use("agree", draft, clerk)
    assert state(draft) == "consultation"


# Four eyes


@pytest.mark.parametrize("how", ["page", "case"])
def test_who_wrote_cannot_review_or_issue(draft: PackDraft, chief: User, how: str) -> None:
    # The chief wrote a word in it, and hands it in: another one must review.
    write(draft, chief, "支持措施", "支持办法")
    submitted(draft, chief, consults=False, no_consultation="只改正文字")
    with pytest.raises((Denied, JigaiError)):
        if how == "page":
            review_draft(draft=draft.pk, **by(chief))
        else:
            use("agree", draft, chief)
    assert state(draft) == "review"
    other = make_user("section-chief", COUNTY, username="other")
    review_draft(draft=draft.pk, **by(other))
    assert state(draft) == "revising"


def test_who_wrote_once_cannot_issue_even_when_somebody_else_hands_in(
    draft: PackDraft, clerk: User, chief: User
) -> None:
    write(draft, chief, "支持措施", "支持办法")
    quiet(draft, clerk)
    with pytest.raises(Denied, match="不能自己审核"):
        review_draft(draft=draft.pk, **by(chief))
    with pytest.raises((Denied, JigaiError), match="不能自己审核"):
        use("agree", draft, chief)
    assert state(draft) == "review"


def test_a_clerk_cannot_issue_and_another_region_not_at_all(
    draft: PackDraft, clerk: User, chief: User
) -> None:
    quiet(draft, clerk)
    there = make_user("section-chief", SIBLING, username="there")
    for person in (clerk, there):
        with pytest.raises(Denied):
            review_draft(draft=draft.pk, **by(person))
    assert state(draft) == "review" and chief


# Sent back, withdrawn


@pytest.mark.parametrize("how", ["page", "case"])
def test_sent_back_with_a_reason_and_handed_in_again_in_the_same_case(
    draft: PackDraft, clerk: User, chief: User, how: str
) -> None:
    quiet(draft, clerk)
    first = draft.frozen
    if how == "page":
        with pytest.raises(JigaiError, match="理由"):
            return_draft(draft=draft.pk, reason=" ", **by(chief))
        return_draft(draft=draft.pk, reason="起点没有依据", **by(chief))
    else:
        use("disagree", draft, chief, reason="起点没有依据")
    draft.refresh_from_db()
    assert (draft.state, draft.returned, now(draft)) == ("drafting", "起点没有依据", ["prepare"])
    write(draft, clerk, "支持措施", "支持办法")
    quiet(draft, clerk)
    assert now(draft) == ["review"] and draft.frozen != first
    assert Case.objects.filter(about__startswith="pack-draft:").count() == 1


def test_done_in_the_case_is_done_in_the_draft(draft: PackDraft, clerk: User, chief: User) -> None:
    quiet(draft, clerk)
    use("agree", draft, chief)
    assert state(draft) == "revising"
    use("agree", draft, clerk)
    assert state(draft) == "issuing"
    checked(draft)
    with pytest.raises(JigaiError, match="成文日期"):
        use("agree", draft, chief)
    days = {key: day.isoformat() for key, day in DATES.items() if key != "number"}
    use("agree", draft, chief, values={**days, "number": DATES["number"]})
    draft.refresh_from_db()
    assert draft.issued is not None and draft.issued.number == DATES["number"]


@pytest.mark.parametrize("how", ["page", "case"])
def test_withdrawn_on_either_page(draft: PackDraft, clerk: User, how: str) -> None:
    quiet(draft, clerk)
    if how == "page":
        withdraw_draft(draft=draft.pk, reason="并入另一份", **by(clerk))
    else:
        use("withdraw", draft, clerk, reason="并入另一份")
    draft.refresh_from_db()
    assert (draft.state, draft.returned) == ("withdrawn", "并入另一份")
    assert case_of(draft).state == Case.State.WITHDRAWN


def test_errors_cannot_be_handed_in_and_nothing_has_happened(draft: PackDraft, clerk: User) -> None:
    write(draft, clerk, "核定设备额 * 设备比例", "核定设备额 * 设备比列", "measures.yaml")
    with pytest.raises(JigaiError, match="设备比列"):
        quiet(draft, clerk)
    assert state(draft) == "drafting"
    assert not Case.objects.filter(about__startswith="pack-draft:").exists()
    assert not PackProposal.objects.exists()


def test_no_consultation_needs_a_reason(draft: PackDraft, clerk: User) -> None:
    with pytest.raises(JigaiError, match="要写理由"):
        submitted(draft, clerk, consults=False)


def test_what_is_not_checked_yet_cannot_pass(draft: PackDraft, clerk: User, chief: User) -> None:
    submit_draft(draft=draft.pk, consults=False, no_consultation="只改正文字", **by(clerk))
    with pytest.raises(JigaiError, match="等检查完成"):
        review_draft(draft=draft.pk, **by(chief))


def test_whoever_may_issue_is_told_and_nobody_else(
    draft: PackDraft, clerk: User, chief: User, django_capture_on_commit_callbacks: Any
) -> None:
    there = make_user("section-chief", SIBLING, username="there")
    with django_capture_on_commit_callbacks(execute=True):
        submit_draft(draft=draft.pk, consults=True, **by(clerk))
    told = set(Notice.objects.filter(event="pack-draft-submitted").values_list("user", flat=True))
    assert chief.pk in told and not {clerk.pk, there.pk} & told


# Issuing


@pytest.mark.parametrize(
    ("change", "told"),
    [({"effective_from": dt.date(2026, 3, 1)}, "早于成文"),
     ({"effective_to": dt.date(2026, 4, 1)}, "早于施行")],
)  # fmt: skip
def test_dates_the_wrong_way_round(
    draft: PackDraft, clerk: User, chief: User, change: dict[str, Any], told: str
) -> None:
    ready(draft, clerk, chief)
    with pytest.raises(JigaiError, match=told):
        issue_draft(draft=draft.pk, **{**DATES, **change}, **by(chief))
    assert state(draft) == "issuing"


def ready(draft: PackDraft, clerk: User, chief: User) -> PackDraft:
    quiet(draft, clerk)
    review_draft(draft=draft.pk, **by(chief))
    finish_draft(draft=draft.pk, **by(clerk))
    return checked(draft)


def test_only_number_dates_and_status_differ_from_what_was_reviewed(
    draft: PackDraft, clerk: User, chief: User
) -> None:
    ready(draft, clerk, chief)
    before = dict(draft.files)
    issue_draft(draft=draft.pk, **DATES, **by(chief))
    draft.refresh_from_db()
    assert [n for n in before if before[n] != draft.files[n]] == [f"{SLUG}/pack.yaml"]
    with pytest.raises(JigaiError, match="不能印发"):
        issue_draft(draft=draft.pk, **DATES, **by(chief))


def test_a_new_document_ends_the_one_it_replaces_from_its_first_day(
    clock: c.Clock, draft: PackDraft, clerk: User, chief: User
) -> None:
    from jigai.policies.force import force_on

    old = c.install("yanzhou-2020")
    write(draft, clerk, "supersedes: []", f"supersedes: [{old.number}]", "pack.yaml")
    ready(draft, clerk, chief)
    issue_draft(draft=draft.pk, **{**DATES, "effective_from": dt.date(2026, 6, 1)}, **by(chief))
    (step,) = Succession.objects.filter(new_slug=SLUG)
    assert step.since == dt.date(2026, 6, 1)
    assert force_on(old, dt.date(2026, 6, 1)).word == "已被替代"
    new = PackVersion.objects.get(slug=SLUG)
    days = [dt.date(*day) for day in ((2026, 5, 31), (2026, 6, 1), (2028, 12, 31), (2029, 1, 1))]
    words = [force_on(new, day).word for day in days]
    assert words == ["未施行", "有效", "有效", "已过期"]


def test_the_page_goes_all_the_way(draft: PackDraft, clerk: User, chief: User) -> None:
    import uuid

    clients = {}
    for person in (clerk, chief):
        clients[person] = Client()
        clients[person].force_login(person)

    def post(person: User, name: str, **data: Any) -> int:
        url = reverse(name, args=[draft.pk])
        return clients[person].post(url, {"nonce": str(uuid.uuid4()), **data}).status_code

    assert post(clerk, "draft-submit", consults="no") == 422
    assert post(clerk, "draft-submit", consults="no", no_consultation="只改正文字") == 302
    checked(draft)
    page = clients[chief].get(reverse("draft-detail", args=[draft.pk])).content.decode()
    assert "审核通过" in page and case_of(draft).number in page
    assert post(clerk, "draft-review") == 403
    assert post(chief, "draft-review") == 302
    assert post(clerk, "draft-finish") == 302
    checked(draft)
    assert post(chief, "draft-issue", issued="2026-04-01") == 422
    days = {key: str(value) for key, value in DATES.items()}
    assert post(chief, "draft-issue", **days) == 302
    page = clients[clerk].get(reverse("draft-detail", args=[draft.pk])).content.decode()
    assert "已印发" in page and reverse("pack-detail", args=[SLUG]) in page
