"""Addresses of monthly reports and of inclusion into the statistics."""

from __future__ import annotations

from django.urls import URLPattern, path

from jigai.core.screens.list_urls import list_urls
from jigai.projects.monthly.views import fill, inclusion, periods, proposal, reports, template

urlpatterns: list[URLPattern] = [
    *list_urls(periods.PeriodList, "monthly/"),
    path("monthly/open/", periods.OpenPeriod.as_view(), name="monthly-open"),
    path("monthly/mine/", fill.mine, name="monthly-mine"),
    *list_urls(reports.ReportList, "monthly/reports/"),
    path("monthly/reports/<int:pk>/", reports.ReportPage.as_view(), name="monthly-report"),
    path("monthly/reports/<int:pk>/proposal/", proposal.TakeProposal.as_view(),
         name="monthly-proposal"),
    path("monthly/periods/<int:pk>/", periods.period, name="monthly-period"),
    path("monthly/periods/<int:pk>/remind/", periods.RemindUnreported.as_view(),
         name="monthly-remind"),
    path("monthly/periods/<int:pk>/lock/", periods.LockPeriod.as_view(), name="monthly-lock"),
    path("monthly/periods/<int:pk>/reopen/", periods.ReopenPeriod.as_view(),
         name="monthly-reopen"),
    path("monthly/periods/<int:pk>/publish/", periods.PublishLock.as_view(),
         name="monthly-publish"),
    path("monthly/periods/<int:pk>/versions/<int:number>/", periods.version,
         name="monthly-version"),
    path("monthly/periods/<int:pk>/form/", template.template, name="monthly-template"),
    path("monthly/projects/<int:pk>/<int:year>/<int:month>/", fill.FillReport.as_view(),
         name="monthly-fill"),
    path("monthly/projects/<int:pk>/<int:year>/<int:month>/check/", fill.check_figures,
         name="monthly-check"),
    path("monthly/projects/<int:pk>/<int:year>/<int:month>/quiet/", fill.QuietMonth.as_view(),
         name="monthly-quiet"),
    path("projects/<int:pk>/monthly/", reports.of_project, name="monthly-of-project"),
    *list_urls(inclusion.InclusionList, "monthly/inclusion/"),
    path("monthly/inclusion/<int:pk>/", inclusion.detail, name="inclusion-detail"),
    path("monthly/inclusion/<int:pk>/why/", inclusion.SayWhyNot.as_view(), name="inclusion-why"),
    path("monthly/inclusion/<int:pk>/<slug:verb>/", inclusion.MoveInclusion.as_view(),
         name="inclusion-move"),
]  # fmt: skip
