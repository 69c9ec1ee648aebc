"""Addresses of the policies room."""

from __future__ import annotations

from django.urls import path

from jigai.core.screens.list_urls import list_urls
from jigai.policies.lists import ClauseList, DecisionList, PackList, RunList
from jigai.policies.views import confirmations, decisions, packs, runs

urlpatterns = [
    *list_urls(PackList, "policies/"),
    *list_urls(ClauseList, "clauses/"),
    path("policies/<slug:slug>/", packs.detail, name="pack-detail"),
    path("policies/<slug:slug>/clauses/<str:code>/", packs.clause, name="clause"),
    path("evaluations/new/", runs.new, name="run-new"),
    *list_urls(RunList, "evaluations/"),
    path("evaluations/<int:pk>/", runs.detail, name="run-detail"),
    path("evaluations/<int:pk>/verify/", runs.verify, name="run-verify"),
    path("evaluations/<int:pk>/confirmations/", confirmations.of_run, name="gate-run"),
    path(
        "evaluations/<int:pk>/confirmations/<str:subject>/<slug:term>/",
        confirmations.of_term,
        name="gate-detail",
    ),
    path("confirmations/", confirmations.latest, name="gate-list"),
    *list_urls(DecisionList, "decisions/"),
    path("decisions/<int:pk>/", decisions.detail, name="decision-detail"),
    path("enterprises/<int:pk>/decisions/", decisions.of_enterprise, name="enterprise-decisions"),
    path("projects/<int:pk>/decisions/", decisions.of_project, name="project-decisions"),
    path("decisions/<int:pk>/readings/", decisions.readings, name="decision-readings"),
]
