"""Addresses of drafts."""

from __future__ import annotations

from django.urls import path

from jigai.core.screens.list_urls import list_urls
from jigai.policies.editor.lists import DraftList
from jigai.policies.editor.views import drafts, entries, moves, texts

_ONE = "drafts/<int:pk>/"
_PART = f"{_ONE}sections/<slug:name>/"

urlpatterns = [
    path("drafts/new/", drafts.new, name="draft-new"),
    *list_urls(DraftList, "drafts/"),
    path(_ONE, drafts.detail, name="draft-detail"),
    path(f"{_ONE}state/", drafts.state, name="draft-state"),
    path(f"{_ONE}identity/", drafts.identity, name="draft-identity"),
    path(f"{_ONE}text/", texts.text, name="draft-text"),
    path(f"{_ONE}lint/", texts.lint, name="draft-lint"),
    path(f"{_ONE}read/", texts.read, name="draft-read"),
    path(f"{_ONE}check/", texts.check, name="draft-check"),
    path(_PART, entries.section, name="draft-section"),
    path(f"{_PART}new/", entries.item, name="draft-item-new"),
    path(f"{_PART}new/check/", entries.check_item, name="draft-item-new-check"),
    path(f"{_PART}item/<str:code>/", entries.item, name="draft-item"),
    path(f"{_PART}item/<str:code>/check/", entries.check_item, name="draft-item-check"),
    path(f"{_PART}item/<str:code>/delete/", entries.delete, name="draft-item-delete"),
    path(f"{_ONE}measures/<str:code>/", entries.item, {"name": "measures"}, name="draft-measure"),
    path(f"{_ONE}submit/", moves.submit, name="draft-submit"),
    path(f"{_ONE}review/", moves.review, name="draft-review"),
    path(f"{_ONE}return/", moves.send_back, name="draft-return"),
    path(f"{_ONE}finish/", moves.finish, name="draft-finish"),
    path(f"{_ONE}issue/", moves.issue, name="draft-issue"),
    path(f"{_ONE}withdraw/", moves.withdraw, name="draft-withdraw"),
    path(f"{_ONE}recheck/", moves.recheck, name="draft-recheck"),
]
