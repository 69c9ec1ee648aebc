"""Addresses of the projects room."""

from __future__ import annotations

from django.urls import URLPattern, path

from jigai.core.screens.list_urls import list_urls
from jigai.projects.analysis.urls import urlpatterns as of_analysis
from jigai.projects.chains.urls import urlpatterns as of_chains
from jigai.projects.labels import views as label_views
from jigai.projects.library.urls import urlpatterns as of_library
from jigai.projects.lifecycle.urls import urlpatterns as of_life
from jigai.projects.monthly.urls import urlpatterns as of_months
from jigai.projects.statements import views as statements
from jigai.projects.views import projects, rollup, tags
from jigai.projects.work.urls import urlpatterns as of_work

urlpatterns: list[URLPattern] = [
    *of_analysis,
    *of_chains,
    *of_library,
    *of_life,
    *of_months,
    *list_urls(projects.ProjectList, "projects/"),
    *of_work,
    path("projects/labels/", label_views.labels, name="project-labels"),
    path("projects/tags/", tags.tag_summary, name="tag-summary"),
    path("projects/<int:pk>/tags/", tags.ProjectTags.as_view(), name="project-tags"),
    path("region-summary/", rollup.region_summary, name="region-summary"),
    path("projects/<int:pk>/statements/", statements.statements, name="project-statements"),
    path(
        "projects/<int:pk>/investment/",
        statements.EnterInvestment.as_view(),
        name="project-investment",
    ),
    path("projects/<int:pk>/", projects.detail, name="project-detail"),
    path("enterprises/<int:pk>/projects/", projects.of_enterprise, name="enterprise-projects"),
]
