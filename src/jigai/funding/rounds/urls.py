"""Addresses of rounds and topics."""

from __future__ import annotations

from django.urls import URLPattern, path

from jigai.core.screens.list_urls import list_urls
from jigai.funding.rounds import lists
from jigai.funding.rounds.views import edit, offers, pages, topics

urlpatterns: list[URLPattern] = [
    *list_urls(lists.RoundList, "rounds/"),
    path("rounds/new/", edit.new, name="round-new"),
    path("rounds/<int:pk>/", pages.detail, name="round-detail"),
    path("rounds/<int:pk>/edit/<slug:slug>/", edit.step, name="round-edit"),
    path("rounds/<int:pk>/do/<slug:verb>/", pages.act, name="round-act"),
    path("rounds/<int:pk>/offers/<int:row>/confirm/", offers.confirm, name="round-confirm"),
    path("rounds/<int:pk>/directions/<int:row>/", offers.directions, name="round-directions"),
    *list_urls(lists.TopicList, "topics/"),
    path("topics/new/", topics.new, name="topic-new"),
    path("topics/<int:pk>/", topics.detail, name="topic-detail"),
    path("topics/<int:pk>/do/<slug:verb>/", topics.act, name="topic-act"),
]
