"""Filling together: two people at once lose nothing; who may help."""

from __future__ import annotations

import pytest

from jigai.core.access import Access, Denied, access_of
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.applications.services.fill_form import fill_form
from jigai.funding.applications.services.pick_lines import Pick, pick_lines
from jigai.funding.applications.services.share_editing import add_editor, remove_editor
from jigai.funding.models import Application
from tests.funding.applications.conftest import firm, person_of, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(draft: Application) -> Application:
    """A draft whose measure asks for three things."""
    draft.measure.fields = [
        {"id": "jobs", "label": "新增就业", "type": "number", "unit": "人"},
        {"id": "total", "label": "总投资", "type": "money"},
        {"id": "note", "label": "成效", "type": "long"},
    ]
    draft.measure.save()
    return draft


class TestTogether:
    def test_different_fields_do_not_meet(self, asked: Application, access: Access) -> None:
        for typed in ({"jobs": "12"}, {"total": "500万元"}):
            saved = fill_form(application=asked.pk, typed=typed, before={}, access=access)
            assert saved.fields == list(typed) and not saved.clashes
        asked.refresh_from_db()
        assert asked.values == {"jobs": "12", "total": 500_000_000}

    def test_the_same_field_is_not_overwritten(self, asked: Application, access: Access) -> None:
        fill_form(application=asked.pk, typed={"jobs": "12"}, before={}, access=access)
        saved = fill_form(application=asked.pk, typed={"jobs": "20", "note": "好"},
                          before={"jobs": ""}, access=access)  # fmt: skip
        assert [(c.mine, c.theirs) for c in saved.clashes] == [("20", "12")]
        asked.refresh_from_db()
        assert asked.values == {"jobs": "12", "note": "好"}

    def test_unless_one_has_seen_it(self, asked: Application, access: Access) -> None:
        fill_form(application=asked.pk, typed={"jobs": "12"}, before={}, access=access)
        for more in ({"before": {"jobs": "12"}}, {"before": {}, "overwrite": True}):
            typed = {"jobs": "20" if "overwrite" not in more else "30"}
            assert fill_form(application=asked.pk, typed=typed, access=access, **more).fields
        asked.refresh_from_db()
        assert asked.values["jobs"] == "30"

    def test_what_cannot_be_read_is_said_and_not_kept(
        self, asked: Application, access: Access
    ) -> None:
        saved = fill_form(application=asked.pk, typed={"jobs": "很多", "total": "500万元"},
                          before={}, access=access)  # fmt: skip
        assert "新增就业" in str(saved.problems["jobs"]) and saved.fields == ["total"]

    def test_invoices_changed_meanwhile_are_looked_at_again(
        self, draft: Application, access: Access
    ) -> None:
        line, seen = draft.lines.get().line_id, draft.version
        pick_lines(application=draft.pk, picks={line: Pick(5)}, access=access, seen=seen)
        with pytest.raises(JigaiError) as caught:
            pick_lines(application=draft.pk, picks={}, access=access, seen=seen)
        assert caught.value.code == "changed-meanwhile"
        assert draft.lines.get().share_fen == 5

    def test_nothing_changes_once_handed_in(
        self, asked: Application, person: User, access: Access
    ) -> None:
        submit(asked, person)
        with pytest.raises(JigaiError) as caught:
            fill_form(application=asked.pk, typed={"jobs": "1"}, before={}, access=access)
        assert caught.value.code == "not-editable"


class TestEditors:
    def test_a_colleague_fills_it_too(
        self, draft: Application, person: User, access: Access
    ) -> None:
        colleague = person_of(draft.enterprise)
        add_editor(application=draft.pk, username=colleague.username, by=person, access=access)
        add_editor(application=draft.pk, username=colleague.username, by=person, access=access)
        assert draft.editors.count() == 1
        editor = draft.editors.get()
        remove_editor(application=draft.pk, editor=editor.pk, access=access)
        assert draft.editors.count() == 0

    def test_strangers_are_not_let_in(
        self, draft: Application, person: User, access: Access
    ) -> None:
        stranger = person_of(firm())
        for name in (stranger.username, "nobody-of-that-name"):
            with pytest.raises(JigaiError) as caught:
                add_editor(application=draft.pk, username=name, by=person, access=access)
            assert caught.value.code == "no-such-colleague"
        with pytest.raises(Denied):
            fill_form(application=draft.pk, typed={"jobs": "1"}, before={},
                      access=access_of(stranger))  # fmt: skip
