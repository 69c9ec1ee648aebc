"""Addresses of this part of the funding room."""

from __future__ import annotations

from django.urls import URLPattern, path

from jigai.core.screens.list_urls import list_urls
from jigai.funding.decisions.views import acts, detail, making
from jigai.funding.decisions.views.listing import DecisionLineList, DecisionListList

_ONE = "lists/<int:pk>/"

urlpatterns: list[URLPattern] = [
    *list_urls(DecisionListList, "lists/"),
    *list_urls(DecisionLineList, "lists/lines/"),
    path("lists/new/<int:pk>/", making.new, name="decision-list-new"),
    path(_ONE, detail.detail, name="decision-list-detail"),
    path(f"{_ONE}submit/", detail.submit, name="decision-list-submit"),
    path(f"{_ONE}approve/", detail.approve, name="decision-list-approve"),
    path(f"{_ONE}meeting/", acts.Meeting.as_view(), name="decision-list-meeting"),
    path(f"{_ONE}refuse/", acts.Refuse.as_view(), name="decision-list-refuse"),
    path(f"{_ONE}next/", acts.Next.as_view(), name="decision-list-next"),
    path(f"{_ONE}paper/", detail.paper, name="decision-list-paper"),
    path(f"{_ONE}word/", detail.word, name="decision-list-word"),
    path(f"{_ONE}book/", detail.book, name="decision-list-book"),
]
