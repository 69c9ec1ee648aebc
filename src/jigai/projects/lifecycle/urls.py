"""Addresses of a project's life."""

from __future__ import annotations

from django.urls import URLPattern, path

from jigai.projects.lifecycle.views import same, steps

urlpatterns: list[URLPattern] = [
    path("projects/<int:pk>/step/", steps.RecordStep.as_view(), name="project-step"),
    path("projects/<int:pk>/step-back/", steps.TakeBackStep.as_view(), name="project-step-back"),
    path("projects/<int:pk>/move/", steps.MoveProject.as_view(), name="project-move"),
    path("projects/same/", same.same_projects, name="project-same"),
    path("projects/<int:pk>/same/", same.SettleSame.as_view(), name="project-settle-same"),
]
