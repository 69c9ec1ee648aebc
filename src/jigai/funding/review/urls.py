"""Addresses of this part of the funding room."""

from __future__ import annotations

from django.urls import URLPattern, path

from jigai.core.screens.list_urls import list_urls
from jigai.funding.review.views import applications, rounds
from jigai.funding.review.views.listing import ReviewList

_ONE = "review/applications/<int:pk>/"

urlpatterns: list[URLPattern] = [
    *list_urls(ReviewList, "review/"),
    path("review/rounds/<int:pk>/", rounds.round_page, name="review-round"),
    path("review/rounds/<int:pk>/run/", rounds.run, name="review-run"),
    path("review/rounds/<int:pk>/accept/", rounds.accept, name="review-accept"),
    path(_ONE, applications.application, name="review-application"),
    path(f"{_ONE}evidence/", applications.evidence, name="review-evidence"),
    path(f"{_ONE}correct/", applications.correct, name="review-correct"),
    path(f"{_ONE}audit/", applications.audit, name="review-audit"),
]
