"""Addresses of the projects room."""

from __future__ import annotations

from django.urls import URLPattern, path

from jigai.core.screens.list_urls import list_urls
from jigai.projects.views import projects

urlpatterns: list[URLPattern] = [
    *list_urls(projects.ProjectList, "projects/"),
    path("projects/<int:pk>/", projects.detail, name="project-detail"),
    path("enterprises/<int:pk>/projects/", projects.of_enterprise, name="enterprise-projects"),
]
