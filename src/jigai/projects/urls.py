"""Addresses of the projects room."""

from __future__ import annotations

from django.urls import URLPattern, path

from jigai.core.screens.list_urls import list_urls
from jigai.projects.views import projects, rollup, tags

urlpatterns: list[URLPattern] = [
    *list_urls(projects.ProjectList, "projects/"),
    path("projects/tags/", tags.tag_summary, name="tag-summary"),
    path("projects/<int:pk>/tags/", tags.ProjectTags.as_view(), name="project-tags"),
    path("region-summary/", rollup.region_summary, name="region-summary"),
    path("projects/<int:pk>/", projects.detail, name="project-detail"),
    path("enterprises/<int:pk>/projects/", projects.of_enterprise, name="enterprise-projects"),
]
