"""补正: only what was asked for can be changed, what changed is kept, it goes on where it was."""

from __future__ import annotations

import io

import pytest
from django.test import Client

from jigai.core.access import Access, access_of
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.applications.editing import asked_sections
from jigai.funding.applications.services.correct_sections import changes_since, correct_sections
from jigai.funding.applications.services.fill_form import fill_form
from jigai.funding.applications.services.give_evidence import give_evidence
from jigai.funding.applications.services.pick_lines import Pick, pick_lines
from jigai.funding.models import Application, InvoiceUse, Round
from jigai.funding.review.services.check_evidence import check_evidence
from jigai.funding.review.services.correct_application import ask_correction
from tests.factories import make_user
from tests.funding.applications.conftest import BASE, PDF, submit

pytestmark = [pytest.mark.django_db, pytest.mark.system("application-workflow")]


@pytest.fixture
def handed_in(draft: Application, person: User) -> Application:
    measure = draft.measure
    measure.fields = [{"id": "jobs", "label": "新增就业", "type": "number"},
                      {"id": "note", "label": "成效", "type": "text"}]  # fmt: skip
    measure.save()
    draft.measure = measure
    fill_form(application=draft.pk, typed={"jobs": "12"}, before={}, access=access_of(person))
    return submit(draft, person)


def ask(row: Application, **short: str) -> Application:
    """The bureau finds items insufficient and asks for a correction."""
    clerk = make_user("section-clerk")
    marks = {item: ("short", words) for item, words in short.items()}
    check_evidence(application=row, marks=marks, by=clerk)
    ask_correction(application=row, by=clerk, access=access_of(clerk), reason="请补正")
    row.refresh_from_db()
    return row


def test_only_the_sections_asked_for_are_open(handed_in: Application, access: Access) -> None:
    row = ask(handed_in, form="新增就业与统计不符")
    assert row.state == "correction" and set(asked_sections(row)) == {"form"}
    line = row.lines.get().line_id
    with pytest.raises(JigaiError, match="发票与申报基数") as caught:
        pick_lines(application=row.pk, picks={line: Pick(5)}, access=access)
    assert caught.value.code == "not-asked"
    with pytest.raises(JigaiError):
        give_evidence(application=row.pk, item="licence", stream=io.BytesIO(PDF), name="a.pdf",
                      by=row.created_by, access=access)  # fmt: skip
    saved = fill_form(
        application=row.pk, typed={"jobs": "10"}, before={"jobs": "12"}, access=access
    )
    assert saved.fields == ["jobs"]


def test_the_difference_is_kept_and_it_goes_on(
    handed_in: Application, person: User, access: Access
) -> None:
    before = handed_in.receipt
    row = ask(handed_in, form="新增就业与统计不符", filing="缺备案证明")
    fill_form(application=row.pk, typed={"jobs": "10"}, before={"jobs": "12"}, access=access)
    give_evidence(application=row.pk, item="filing", stream=io.BytesIO(PDF), name="备案.pdf",
                  by=person, access=access)  # fmt: skip
    changed = correct_sections(application=row.pk, by=person, access=access)
    assert changed == {"新增就业": ["12", "10"], "材料：备案证明": ["", "备案.pdf"]}
    row.refresh_from_db()
    assert row.state == "submitted" and row.receipt != before
    step = row.steps.filter(data__has_key="changed").get()
    assert step.data["changed"]["新增就业"] == ["12", "10"] and "2 处" in step.text
    assert row.values["jobs"] == "10"
    assert row.steps.filter(data__receipt=before).exists(), "the first receipt is kept"


def test_lowered_invoices_are_free_again(
    handed_in: Application, person: User, access: Access
) -> None:
    row = ask(handed_in, lines="只认一半")
    line = row.lines.get().line_id
    pick_lines(application=row.pk, picks={line: Pick(BASE // 2)}, access=access)
    changed = correct_sections(application=row.pk, by=person, access=access)
    assert list(changed.values()) == [["计入 10,000,000.00 元", "计入 5,000,000.00 元"]]
    assert sum(InvoiceUse.objects.values_list("fen", flat=True)) == BASE // 2


def test_nothing_changed_is_no_answer(handed_in: Application, person: User, access: Access) -> None:
    row = ask(handed_in, form="新增就业与统计不符")
    assert changes_since(row) == {}
    with pytest.raises(JigaiError) as caught:
        correct_sections(application=row.pk, by=person, access=access)
    assert caught.value.code == "nothing-changed"
    row.refresh_from_db()
    assert row.state == "correction"


def test_it_is_answered_after_the_round_closed(
    handed_in: Application, person: User, access: Access
) -> None:
    """A 补正 belongs to what was handed in in time."""
    from jigai.funding.rounds.window import database_clock

    row = ask(handed_in, form="新增就业与统计不符")
    Round.objects.filter(pk=row.round_id).update(closes_at=database_clock())
    fill_form(application=row.pk, typed={"jobs": "9"}, before={"jobs": "12"}, access=access)
    assert correct_sections(application=row.pk, by=person, access=access)


def test_without_a_notice_there_is_nothing_to_answer(
    handed_in: Application, person: User, access: Access
) -> None:
    with pytest.raises(JigaiError) as caught:
        correct_sections(application=handed_in.pk, by=person, access=access)
    assert caught.value.code == "nothing-asked"


def test_on_screen(handed_in: Application, person: User, client: Client) -> None:
    row = ask(handed_in, form="新增就业与统计不符")
    client.force_login(person)
    page = client.get(f"/applications/{row.pk}/form/").content.decode()
    assert "新增就业与统计不符" in page and 'id="lines"' not in page
    client.post(f"/applications/{row.pk}/form/", {"v-jobs": "8", "before-jobs": "12"})
    look = client.get(f"/applications/{row.pk}/preview/").content.decode()
    assert "改动对照" in look and "提交补正" in look
