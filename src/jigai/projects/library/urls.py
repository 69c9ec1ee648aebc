"""Addresses of the library."""

from __future__ import annotations

from django.urls import URLPattern, path

from jigai.core.screens.list_urls import list_urls
from jigai.projects.library.views import (
    adjust,
    decisions,
    ledger,
    library,
    one,
    plans,
    rolling,
    summary,
)

urlpatterns: list[URLPattern] = [
    *list_urls(library.LibraryList, "library/"),
    *list_urls(library.CandidateList, "library/candidates/"),
    *list_urls(decisions.DecisionList, "library/decisions/"),
    path("library/decisions/<int:pk>/", one.decision, name="library-decision"),
    path("library/batch/", decisions.JudgeMany.as_view(), name="library-batch"),
    path("library/summary/", summary.summary, name="library-summary"),
    path(
        "library/entries/<int:pk>/<slug:verb>/", one.DecideOne.as_view(), name="library-decide"
    ),
    path("library/projects/<int:pk>/", one.page_of_project, name="library-of-project-page"),
    path("library/projects/<int:pk>/part/", one.of_project, name="library-of-project"),
    path("library/projects/<int:pk>/report/", one.ReportOne.as_view(), name="library-report"),
    path("library/projects/<int:pk>/judge/", one.JudgeOne.as_view(), name="library-judge"),
    path("library/projects/<int:pk>/adjust/", adjust.Adjust.as_view(), name="library-adjust"),
    path("library/projects/<int:pk>/plan/", plans.LinkPlan.as_view(), name="library-plan-add"),
    path("library/plan-links/<int:pk>/", plans.UnlinkPlan.as_view(), name="library-plan-drop"),
    path("library/plans/", plans.listed, name="library-plans"),
    path("library/plans/<int:pk>/", plans.plan_page, name="library-plan"),
    *list_urls(adjust.AdjustmentList, "library/adjustments/"),
    *list_urls(ledger.LedgerList, "library/ledger/"),
    path("library/ledger/remind/", ledger.Remind.as_view(), name="library-ledger-remind"),
    *list_urls(rolling.RollOverList, "library/roll-overs/"),
    *list_urls(rolling.LineList, "library/roll-over-lines/"),
    path("library/roll-overs/new/", rolling.NewRollOver.as_view(), name="rollover-new"),
    path("library/roll-overs/<int:pk>/", rolling.detail, name="rollover-detail"),
    path(
        "library/roll-overs/<int:pk>/compare/<int:row>/", rolling.compared,
        name="rollover-compare",
    ),
]  # fmt: skip
