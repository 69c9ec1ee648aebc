"""Addresses of the analysis package."""

from __future__ import annotations

from django.urls import URLPattern, path

from jigai.projects.analysis.views import analysis, counters, monitoring, releases

_ROOT = "projects/analysis/"
urlpatterns: list[URLPattern] = [
    path(_ROOT, analysis.analysis, name="project-analysis"),
    path(f"{_ROOT}rows/", analysis.analysis_rows, name="project-analysis-rows"),
    path(f"{_ROOT}coverage/", counters.coverage, name="counter-coverage"),
    path(f"{_ROOT}project-count/", counters.projects, name="counter-projects"),
    path(f"{_ROOT}project-count/rows/", counters.project_rows, name="counter-project-rows"),
    path(f"{_ROOT}machines/", counters.machines, name="counter-machines"),
    path(f"{_ROOT}digital/", counters.penetration, name="counter-digital"),
    path(f"{_ROOT}monitoring/", monitoring.monitoring, name="monitoring"),
    path(f"{_ROOT}monitoring/rule/", monitoring.Rule.as_view(), name="monitoring-rule"),
    path(f"{_ROOT}releases/", releases.releases, name="release-list"),
    path(f"{_ROOT}releases/new/", releases.NewRelease.as_view(), name="release-new"),
    path(f"{_ROOT}releases/<int:pk>/", releases.release, name="release-detail"),
    path(f"{_ROOT}releases/<int:pk>/revise/", releases.Revise.as_view(), name="release-revise"),
    path(f"{_ROOT}public/", releases.public_list, name="release-public-list"),
    path(f"{_ROOT}public/<int:pk>/", releases.public_detail, name="release-public"),
]
