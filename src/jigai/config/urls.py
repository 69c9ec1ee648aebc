"""All addresses. Every view declares who may (``jigai.core.access``); without it nothing opens."""

from __future__ import annotations

from django.urls import include, path

from jigai.config import health

handler404 = "jigai.core.views.errors.not_found"
handler500 = "jigai.core.views.errors.server_error"

urlpatterns = [
    *health.urlpatterns,
    path("account/", include("jigai.core.urls.sign_in")),
    path("", include("jigai.core.urls")),
    path("", include("jigai.policies.urls")),
    path("", include("jigai.ledgers.urls")),
    path("", include("jigai.registers.urls")),
    path("", include("jigai.cases.urls")),
    path("", include("jigai.projects.urls")),
    path("", include("jigai.outreach.urls")),
    path("", include("jigai.funding.urls")),
    path("", include("jigai.workbench.urls")),
    path("", include("jigai.portal.urls")),
]
