"""Handing in: what is filled in beforehand, once and only once, by the clock, with a receipt."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from jigai.cases.models import Case
from jigai.core.access import Access, Denied, access_of
from jigai.core.models import Enterprise, EvidenceFile, User
from jigai.errors import JigaiError
from jigai.funding.applications.receipt import receipt_of
from jigai.funding.applications.services.give_evidence import give_evidence
from jigai.funding.applications.services.pick_lines import Pick, pick_lines
from jigai.funding.applications.services.start_application import start_application
from jigai.funding.applications.services.submit_application import submit_application
from jigai.funding.applications.services.withdraw_application import withdraw_application
from jigai.funding.compute.estimate import estimate
from jigai.funding.models import Application, InvoiceUse, Round
from jigai.projects.models import Project
from tests.funding.applications.conftest import (
    BASE,
    PAID,
    PDF,
    begin,
    fill,
    firm,
    paper,
    person_of,
    project_of,
    submit,
)

pytestmark = pytest.mark.django_db


def close(round_: Round) -> None:
    """The deadline passes."""
    Round.objects.filter(pk=round_.pk).update(closes_at=timezone.now() - dt.timedelta(seconds=1))


class TestStart:
    def test_a_draft_holds_what_is_known_and_its_estimate(self, draft: Application) -> None:
        assert draft.claimed_fen == BASE
        assert [line.share_fen for line in draft.lines.all()] == [BASE]
        found = estimate(draft)
        assert found is not None and found.amount == PAID

    def test_held_values_fill_the_form(
        self, round_: Round, person: User, owner: Enterprise
    ) -> None:
        measure = round_.measures.get()
        measure.fields = [
            {"id": "filing_no", "label": "备案号", "type": "text", "required": True},
            {"id": "grade", "label": "评价等级", "type": "text"},
            {"id": "jobs", "label": "新增就业", "type": "number"},
        ]
        measure.save()
        row = begin(round_, project_of(owner), person)
        assert row.values == {"filing_no": f"370812-{owner.pk}", "grade": "B"}

    def test_only_for_ones_own(self, round_: Round, person: User) -> None:
        with pytest.raises(Denied):
            begin(round_, project_of(firm()), person)

    def test_twice_for_the_same_names_the_first(
        self, draft: Application, person: User, project: Project
    ) -> None:
        with pytest.raises(JigaiError, match=draft.number) as caught:
            begin(draft.round, project, person)
        assert caught.value.code == "applied-already"

    def test_a_closed_round_takes_none(self, round_: Round, project: Project, person: User) -> None:
        close(round_)
        with pytest.raises(JigaiError) as caught:
            begin(round_, project, person)
        assert caught.value.code == "round-closed"

    def test_a_measure_for_consortia_takes_no_project(
        self, round_: Round, project: Project, person: User
    ) -> None:
        measure = round_.measures.get()
        measure.subject = "consortium"
        measure.save()
        with pytest.raises(JigaiError) as caught:
            start_application(measure=measure, project=project, by=person,
                              access=access_of(person))  # fmt: skip
        assert caught.value.code == "wrong-subject"


class TestHandIn:
    def test_everything_follows_in_one_go(self, draft: Application, person: User) -> None:
        row = submit(draft, person)
        row.refresh_from_db()
        assert (row.state, row.estimate_fen, row.claimed_fen) == ("submitted", PAID, BASE)
        assert row.promised_on is not None and row.promised_on > timezone.localdate()
        assert InvoiceUse.objects.get(application=row).fen == BASE
        assert row.case is not None and row.case.about == f"application:{row.pk}"

    def test_the_receipt_can_be_computed_again(self, draft: Application, person: User) -> None:
        row = submit(draft, person)
        step = row.steps.get(data__has_key="receipt")
        data = step.data
        assert row.submitted_at is not None
        assert row.receipt == receipt_of(data["content"], row.submitted_at, person.username)
        changed = {**data["content"], "title": "别的"}
        assert row.receipt != receipt_of(changed, row.submitted_at, person.username)
        assert [name for _sha, name in data["content"]["evidence"]["licence"]] == ["执照.pdf"]

    def test_a_second_click_gives_the_same_back(
        self, draft: Application, person: User, access: Access
    ) -> None:
        first = submit(draft, person)
        again = submit_application(application=draft.pk, by=person, access=access)
        assert again.receipt == first.receipt
        assert InvoiceUse.objects.count() == 1 and Case.objects.count() == 1
        assert draft.steps.filter(state="submitted").count() == 1

    def test_what_is_missing_is_named_all_at_once(
        self, draft: Application, person: User, access: Access
    ) -> None:
        measure = draft.measure
        measure.fields = [{"id": "jobs", "label": "新增就业", "type": "number", "required": True}]
        measure.save()
        with pytest.raises(JigaiError, match=r"新增就业.*缺“营业执照”") as caught:
            submit_application(application=draft.pk, by=person, access=access)
        assert caught.value.code == "not-complete"
        draft.refresh_from_db()
        assert draft.state == "draft" and draft.receipt is None

    def test_a_stranger_cannot(self, draft: Application) -> None:
        stranger = person_of(firm())
        with pytest.raises(Denied):
            submit_application(application=draft.pk, by=stranger, access=access_of(stranger))

    def test_two_editors_at_once_the_later_looks_again(
        self, draft: Application, person: User, access: Access
    ) -> None:
        fill(draft, person)
        seen, line = draft.version, draft.lines.get().line_id
        pick_lines(application=draft.pk, picks={line: Pick(5)}, access=access, seen=seen)
        with pytest.raises(JigaiError) as caught:
            submit_application(application=draft.pk, by=person, access=access, seen=seen)
        assert caught.value.code == "changed-meanwhile"

    def test_a_deadline_crossed_while_uploading_leaves_the_draft(
        self, draft: Application, person: User, access: Access
    ) -> None:
        class Slow(io.BytesIO):
            """The round closes while the bytes arrive."""

            def read(self, *args: Any) -> bytes:
                close(draft.round)
                return super().read(*args)

        fill(draft, person)
        before = EvidenceFile.objects.count()
        upload = {"application": draft.pk, "item": "filing", "name": "备案.pdf", "by": person}
        give_evidence(stream=io.BytesIO(PDF), access=access, **upload)
        with pytest.raises(JigaiError) as caught:
            give_evidence(stream=Slow(PDF), access=access, **upload)
        assert caught.value.code == "round-closed"
        draft.refresh_from_db()
        assert EvidenceFile.objects.count() == before + 1 and len(draft.evidence["filing"]) == 1
        close(draft.round)
        with pytest.raises(JigaiError) as late:
            submit_application(application=draft.pk, by=person, access=access)
        assert late.value.code == "round-closed"
        draft.refresh_from_db()
        assert draft.state == "draft" and InvoiceUse.objects.count() == 0

    def test_a_killed_upload_leaves_nothing(
        self, draft: Application, person: User, access: Access
    ) -> None:
        class Torn(io.BytesIO):
            """The line breaks after the first bytes."""

            def read(self, *args: Any) -> bytes:
                if self.tell():
                    raise ConnectionResetError("connection lost")
                return super().read(4)

        before = EvidenceFile.objects.count()
        with pytest.raises((ConnectionResetError, JigaiError)), transaction.atomic():
            give_evidence(application=draft.pk, item="licence", stream=Torn(PDF), name="半.pdf",
                          by=person, access=access)  # fmt: skip
        draft.refresh_from_db()
        assert draft.evidence == {} and EvidenceFile.objects.count() == before
        assert fill(draft, person).evidence["licence"]


class TestWithdraw:
    def test_a_draft_just_ends(self, draft: Application, person: User, access: Access) -> None:
        row = withdraw_application(application=draft.pk, reason="不报了", by=person, access=access)
        assert row.state == "withdrawn"

    def test_invoices_are_free_again_and_it_can_be_begun_anew(
        self, draft: Application, person: User, access: Access, project: Project
    ) -> None:
        submit(draft, person)
        withdraw_application(application=draft.pk, reason="报错措施", by=person, access=access)
        draft.refresh_from_db()
        assert draft.state == "withdrawn"
        assert sum(InvoiceUse.objects.values_list("fen", flat=True)) == 0
        assert draft.case is not None and draft.case.state == "withdrawn"
        again = begin(draft.round, project, person)
        assert submit(again, person).state == "submitted"

    def test_not_once_decided(self, draft: Application, person: User, access: Access) -> None:
        Application.objects.filter(pk=draft.pk).update(state="decided")
        with pytest.raises(JigaiError) as caught:
            withdraw_application(application=draft.pk, reason="不要了", by=person, access=access)
        assert caught.value.code == "too-late"

    def test_not_without_a_reason(self, draft: Application, person: User, access: Access) -> None:
        with pytest.raises(JigaiError) as caught:
            withdraw_application(application=draft.pk, reason=" ", by=person, access=access)
        assert caught.value.code == "no-reason"


class TestLines:
    def test_an_invoice_of_another_buyer_is_refused_with_its_row(
        self, draft: Application, access: Access
    ) -> None:
        other = firm("兖州示例另一家机械有限公司")
        mine = draft.lines.get().line_id
        theirs = paper(draft.project, buyer=other, buyer_raw=other.name)
        free = paper(None, buyer=other, buyer_raw=other.name)
        for line in (theirs, free):
            with pytest.raises(JigaiError, match=r"第2行.*不是申报单位") as caught:
                pick_lines(application=draft.pk, access=access,
                           picks={mine: Pick(5), line.pk: Pick(10)})  # fmt: skip
            assert caught.value.code == "other-buyer"
        assert [line.share_fen for line in draft.lines.all()] == [BASE]

    def test_a_free_invoice_is_attached_with_what_is_declared(
        self, draft: Application, access: Access, owner: Enterprise
    ) -> None:
        line = paper(None, 4_000, buyer=owner, buyer_raw=owner.name)
        pick = Pick(3_000, second_hand=False, leased=True, customs_no=" 0101 ", serial="SN-1")
        pick_lines(application=draft.pk, picks={line.pk: pick}, access=access)
        line.refresh_from_db()
        assert (line.project_id, line.attached_by) == (draft.project_id, "applicant")
        assert (line.second_hand, line.related_party, line.leased) == (False, None, True)
        assert (line.customs_no, line.serial) == ("0101", "SN-1")
        draft.refresh_from_db()
        assert draft.claimed_fen == 3_000 and draft.lines.get().line_id == line.pk

    @pytest.mark.parametrize("share", [0, -1, BASE + 1])
    def test_never_more_than_there_is(self, draft: Application, access: Access, share: int) -> None:
        line = draft.lines.get().line_id
        with pytest.raises(JigaiError) as caught:
            pick_lines(application=draft.pk, picks={line: Pick(share)}, access=access)
        assert caught.value.code == "line-share"

    def test_what_another_application_counts_is_no_longer_offered(
        self, draft: Application, person: User, round_: Round, access: Access
    ) -> None:
        line = draft.lines.get().line
        pick_lines(application=draft.pk, picks={line.pk: Pick(600)}, access=access)
        submit(draft, person)
        withdrawn = draft.measure
        second = type(withdrawn).objects.create(
            round=round_, code="robot", name="机器人奖补", clause="四.1", subject="project",
            evidence=[],
        )  # fmt: skip
        row = start_application(measure=second, project=draft.project, by=person, access=access)
        assert row.lines.get().share_fen == BASE - 600

    def test_the_estimate_follows_the_shares(self, draft: Application, access: Access) -> None:
        line = draft.lines.get().line_id
        pick_lines(application=draft.pk, picks={line: Pick(BASE // 2 - 100)}, access=access)
        found = estimate(draft)
        assert found is not None and found.amount == 0
        gaps = [entry.gap for m in found.explanation.measures for entry in m.entries if entry.gap]
        assert any("还差" in gap for gap in gaps)


def test_a_fixed_number_of_statements(draft: Application, person: User, access: Access) -> None:
    from django.test.utils import CaptureQueriesContext

    def statements(lines: int) -> int:
        for _ in range(lines):
            paper(draft.project, 1_000)
        picks = {n.pk: Pick(n.amount_fen or 0) for n in draft.project.lines.all()}
        with CaptureQueriesContext(connection) as caught:
            pick_lines(application=draft.pk, picks=picks, access=access)
        return len(caught)

    statements(1)
    first, last = statements(3), statements(20)
    assert last - first <= 17, "one statement a declaration at most"
