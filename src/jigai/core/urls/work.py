"""Jobs, exports, saved views, logs, search, the style page."""

from __future__ import annotations

from django.urls import URLPattern, path

from jigai.core.screens.list_urls import list_urls
from jigai.core.views import exports, jobs, saved_views, search, styleguide

urlpatterns: list[URLPattern] = [
    *list_urls(jobs.JobList, "jobs/"),
    path("jobs/<int:pk>/", jobs.detail, name="job-detail"),
    path("jobs/<int:pk>/cancel/", jobs.cancel, name="job-cancel"),
    path("jobs/<int:pk>/retry/", jobs.retry, name="job-retry"),
    *list_urls(exports.ExportList, "exports/"),
    path("exports/<int:pk>/file/", exports.ExportFile.as_view(), name="export-file"),
    path("views/save/", saved_views.save, name="saved-view-save"),
    path("views/<int:pk>/delete/", saved_views.delete, name="saved-view-delete"),
    path("search/", search.search_page, name="search"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
