"""Addresses of the sandbox."""

from __future__ import annotations

from django.urls import path

from jigai.core.screens.list_urls import list_urls
from jigai.workbench.sandbox.lists import StudyList
from jigai.workbench.sandbox.views import asking, scenarios, studies

urlpatterns = [
    path("sandbox/new/", studies.new, name="sandbox-new"),
    *list_urls(StudyList, "sandbox/"),
    path("sandbox/<int:pk>/", studies.detail, name="sandbox-detail"),
    path("sandbox/<int:pk>/run/", studies.run, name="sandbox-run"),
    path("sandbox/<int:pk>/share/", studies.share, name="sandbox-share"),
    path("sandbox/<int:pk>/copy/", studies.copy, name="sandbox-copy"),
    path("sandbox/<int:pk>/retake/", studies.retake, name="sandbox-retake"),
    path("sandbox/<int:pk>/export/", studies.export, name="sandbox-write"),
    path("sandbox/<int:pk>/files/<int:number>/", studies.file, name="sandbox-file"),
    path("sandbox/<int:pk>/changes/", asking.changes, name="sandbox-changes"),
    path("sandbox/<int:pk>/ask/", asking.ask, name="sandbox-ask"),
    path("sandbox/<int:pk>/shortage/", asking.short, name="sandbox-shortage"),
    path("sandbox/<int:pk>/scenarios/add/", scenarios.add, name="sandbox-scenario-add"),
    path("sandbox/scenarios/<int:pk>/", scenarios.edit, name="sandbox-scenario"),
    path("sandbox/scenarios/<int:pk>/remove/", scenarios.remove, name="sandbox-scenario-remove"),
    path("sandbox/scenarios/<int:pk>/refresh/", scenarios.refresh, name="sandbox-scenario-refresh"),
    path("sandbox/scenarios/<int:pk>/draft/", scenarios.to_draft, name="sandbox-scenario-draft"),
    path("sandbox/answers/<int:pk>/", asking.analysis, name="sandbox-analysis"),
]
