"""Drafts of a small document, quick to check, and the people who write and issue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from jigai.core.access import access_of
from jigai.core.jobs import run_job
from jigai.core.models import User
from jigai.policies.editor.blank import Start, blank_files
from jigai.policies.editor.services.start_draft import start_draft
from jigai.policies.models import PackDraft
from tests.factories import make_user
from tests.policies.editor.small_pack import START, with_grant

Made = Callable[..., PackDraft]


@pytest.fixture
def second(clerk: User) -> User:
    """Another clerk of the county."""
    return make_user("section-clerk", username="second")


@pytest.fixture
def make_draft(clerk: User) -> Made:
    """Begins a draft as the clerk; with a measure in it unless told otherwise."""

    def make(files: dict[str, str] | None = None, **given: Any) -> PackDraft:
        start = Start(**{**START, **given})
        text = files if files is not None else with_grant(blank_files(start))
        return start_draft(
            base=None, files=text, title="", by=clerk, access=access_of(clerk)
        )  # fmt: skip

    return make


@pytest.fixture
def draft(make_draft: Made) -> PackDraft:
    """A small document that could be issued."""
    return make_draft()


@pytest.fixture
def chief_web(chief: User) -> Client:
    """A browser in which the chief is signed in."""
    found = Client()
    found.force_login(chief)
    return found


def checked(draft: PackDraft) -> PackDraft:
    """The draft after the check of what was handed in."""
    draft.refresh_from_db()
    assert draft.proposal is not None and draft.proposal.job_id is not None
    run_job(draft.proposal.job_id)
    draft.proposal.refresh_from_db()
    return draft
