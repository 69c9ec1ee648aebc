"""Regions, departments, industries, calendar."""

from __future__ import annotations

from django.urls import URLPattern, path

from jigai.core.screens.list_urls import list_urls
from jigai.core.views import calendar, departments, industries, regions

urlpatterns: list[URLPattern] = [
    path("regions/", regions.region_list, name="region-list"),
    path("regions/options/", regions.region_options, name="region-options"),
    path("region-groups/", regions.region_group_list, name="region-group-list"),
    path("regions/<slug:code>/", regions.region_detail, name="region-detail"),
    path("regions/<slug:code>/children/", regions.region_children, name="region-children"),
    path("regions/<slug:code>/new/", regions.RegionNew.as_view(), name="region-new"),
    *list_urls(departments.DepartmentList, "departments/"),
    path("departments/new/", departments.DepartmentNew.as_view(), name="department-new"),
    path("departments/resolve/", departments.resolve, name="department-resolve"),
    path("departments/<int:pk>/", departments.detail, name="department-detail"),
    path("departments/<int:pk>/aliases/", departments.Aliases.as_view(), name="department-aliases"),
    path("departments/<int:pk>/merge/", departments.Merge.as_view(), name="department-merge"),
    path("industries/", industries.industry_list, name="industry-list"),
    path("calendar/", calendar.year_page, name="calendar"),
    path("calendar/<int:year>/enter/", calendar.EnterYear.as_view(), name="calendar-enter"),
]
