"""Addresses of the registers room."""

from __future__ import annotations

from django.urls import URLPattern, path

from jigai.core.screens.list_urls import list_urls
from jigai.registers.lists import InboxList, RegisterList
from jigai.registers.lists_entries import EntryExport, EntryList
from jigai.registers.special.catalogue_pages import URLS as CATALOGUE_PAGES
from jigai.registers.special.control_pages import URLS as CONTROL_PAGES
from jigai.registers.special.land_use_pages import URLS as LAND_USE_PAGES
from jigai.registers.special.pool_pages import URLS as POOL_PAGES
from jigai.registers.special.roster_pages import URLS as ROSTER_PAGES
from jigai.registers.special.service_pages import URLS as SERVICE_PAGES
from jigai.registers.views import designer, editions, entries, public, registers

# Pages of special registers (see extras.py): their address begins with registers/special/.
SPECIAL: list[URLPattern] = [
    *CATALOGUE_PAGES, *CONTROL_PAGES, *LAND_USE_PAGES, *POOL_PAGES, *ROSTER_PAGES, *SERVICE_PAGES,
]  # fmt: skip

_ONE = "registers/<slug:slug>/"

urlpatterns = [
    path("registers/new/", registers.RegisterNew.as_view(), name="register-new"),
    *list_urls(InboxList, "registers/inbox/"),
    *SPECIAL,
    *list_urls(RegisterList, "registers/"),
    path("registers/entries/<int:pk>/", entries.detail, name="entry-detail"),
    path("registers/entries/<int:pk>/change/", entries.change, name="entry-change"),
    path("registers/entries/<int:pk>/event/", entries.event, name="entry-event"),
    path("registers/entries/<int:pk>/withdraw/", entries.withdraw, name="entry-withdraw"),
    path("registers/entries/<int:pk>/decide/<slug:verb>/", entries.decide, name="entry-decide"),
    path("registers/entries/<int:pk>/enterprise/", public.EnterpriseChangeNew.as_view(),
         name="entry-enterprise"),
    path("enterprises/<int:pk>/registers/", public.of_enterprise, name="enterprise-registers"),
    path(_ONE, registers.detail, name="register-detail"),
    path(f"{_ONE}edit/", registers.RegisterEdit.as_view(), name="register-edit"),
    path(f"{_ONE}history/", registers.history, name="register-history"),
    path(f"{_ONE}state/<slug:verb>/", registers.change_state, name="register-state"),
    path(f"{_ONE}fields/", designer.fields, name="register-fields"),
    path(f"{_ONE}fields/check/", designer.check, name="register-check"),
    path(f"{_ONE}fields/preview/", designer.preview, name="register-preview"),
    path(f"{_ONE}fields/publish/", designer.publish, name="register-publish"),
    path(f"{_ONE}fields/discard/", designer.discard, name="register-discard"),
    path(f"{_ONE}editions/", editions.editions, name="register-editions"),
    path(f"{_ONE}editions/new/", editions.EditionNew.as_view(), name="edition-new"),
    path(f"{_ONE}editions/<int:pk>/end/", editions.EditionEnd.as_view(), name="edition-end"),
    path(f"{_ONE}entries/", EntryList.as_view(), name="entry-list"),
    path(f"{_ONE}entries/export/", EntryExport.as_view(), name="entry-list-export"),
    path(f"{_ONE}entries/new/", entries.new, name="entry-new"),
    path(f"{_ONE}roster/", public.roster, name="register-roster"),
    path(f"{_ONE}public/", public.public, name="register-public"),
]  # fmt: skip
