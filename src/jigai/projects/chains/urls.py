"""Addresses of the lists around projects; the room's own urls include them."""

from __future__ import annotations

from django.urls import URLPattern, path

from jigai.projects.chains.views import plans, positions, retrofits, tasks, technologies

HOME = "project-lists/"

urlpatterns: list[URLPattern] = [
    path(f"{HOME}chains/", positions.overview, name="chain-overview"),
    path(f"{HOME}chains/picture/", positions.picture, name="chain-picture"),
    path(f"{HOME}task-chains/", tasks.chains, name="chain-tasks"),
    path(f"{HOME}task-chains/chain/", tasks.chain, name="chain-task-chain"),
    path(f"{HOME}plans/", plans.plans, name="upgrade-plans"),
    path(f"{HOME}plans/<int:pk>/", plans.plan, name="upgrade-plan"),
    path(f"{HOME}technologies/", technologies.technologies, name="key-technologies"),
    path(f"{HOME}technologies/<int:pk>/", technologies.technology, name="key-technology"),
    path(f"{HOME}safety/", retrofits.safety, name="safety-retrofits"),
    path(f"{HOME}metrology/", retrofits.metrology, name="metrology-retrofits"),
    path("projects/<int:pk>/chain/", positions.of_project, name="chain-project"),
    path("projects/<int:pk>/chain/edit/", positions.PlaceInChain.as_view(), name="chain-place"),
    path("projects/<int:pk>/list/", positions.ListProject.as_view(), name="project-enlist"),
]
