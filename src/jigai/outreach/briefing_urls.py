"""Addresses of briefings."""

from __future__ import annotations

from django.urls import path

from jigai.core.screens.list_urls import list_urls
from jigai.outreach.views import briefing as views
from jigai.outreach.views import briefing_mine as mine
from jigai.outreach.views.briefing_tables import BriefingList, InvitationList, OwnList, ReachList

urlpatterns = [
    path("briefings/new/", views.NewSession.as_view(), name="briefing-new"),
    path("briefings/push/", views.NewPush.as_view(), name="briefing-push-new"),
    path("briefings/reach/", views.reached, name="briefing-reach"),
    *list_urls(ReachList, "briefings/enterprises/"),
    *list_urls(InvitationList, "briefings/receipts/"),
    *list_urls(BriefingList, "briefings/"),
    path("briefings/<int:pk>/", views.detail, name="briefing-detail"),
    path("briefings/<int:pk>/invite/", views.Invite.as_view(), name="briefing-invite"),
    path("briefings/<int:pk>/material/", views.AddMaterial.as_view(), name="briefing-material"),
    path("briefings/<int:pk>/cancel/", views.Cancel.as_view(), name="briefing-cancel"),
    path("briefings/<int:pk>/door/", views.Attendance.as_view(), name="briefing-attendance"),
    path("briefings/<int:pk>/do/<slug:verb>/", views.act, name="briefing-act"),
    path("briefings/feedback/<int:pk>/ask/", views.ask, name="briefing-ask"),
    path("briefings/materials/<int:pk>/", views.material, name="briefing-file"),
    *list_urls(OwnList, "my-briefings/"),
    path("my-briefings/<int:pk>/", mine.detail, name="invitation-detail"),
    path("my-briefings/<int:pk>/do/<slug:verb>/", mine.act, name="invitation-act"),
    path("my-briefings/materials/<int:pk>/", mine.material, name="invitation-file"),
]
