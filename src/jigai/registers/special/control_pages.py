"""Addresses and buttons of the special pages on access, charges, taxes and land."""

from __future__ import annotations

from django.urls import path

from jigai.core.screens import detail_parts
from jigai.core.screens.detail_parts import DetailPart
from jigai.registers.access import APPLY, EDIT, VIEW
from jigai.registers.extras import Extra, register_check, register_extra
from jigai.registers.special.stored_land import PLACEMENTS, check_placements
from jigai.registers.views import access_checks, charges, land, tax_choice

URLS = [
    path("registers/special/approval/", access_checks.approval, name="approval-check"),
    path("registers/special/negative-list/", access_checks.negative, name="negative-check"),
    path("projects/<int:pk>/access/", access_checks.of_project, name="project-access"),
    path("registers/special/charges/", charges.check, name="charge-check"),
    path("registers/special/charge-reports/new/", charges.new, name="charge-report-new"),
    path("registers/special/charge-reports/<int:pk>/", charges.report, name="charge-report"),
    path("registers/special/tax/", tax_choice.compare, name="tax-compare"),
    path("registers/special/land/", land.check, name="land-check"),
    path("registers/special/land/place/", land.place, name="land-place"),
]

_BUTTONS = (
    Extra("判核准还是备案", "approval-check", "scale", system="approval-catalog", capability=VIEW),
    Extra("判外资准入", "negative-check", "scale", system="negative-list", capability=VIEW),
    Extra("收费检查与举报", "charge-check", "receipt", system="charge-list", capability=VIEW),
    Extra("举报收费", "charge-report-new", "flag", system="charge-list", capability=APPLY),
    Extra("择优比较", "tax-compare", "calculator", system="tax-preference-catalog",
          capability=VIEW),
    Extra("计划与实际", "land-check", "chart-bar", system="land-control-line", capability=VIEW),
    Extra("项目落位", "land-place", "map-pin", system="land-control-line", capability=EDIT),
)  # fmt: skip


def register_pages() -> None:
    """Show the buttons and the part on a project's page, check rows of land; called once ready."""
    for button in _BUTTONS:
        register_extra(button)
    register_check(PLACEMENTS, check_placements)
    detail_parts.register(
        DetailPart("project", "access", "准入与核准备案", "project-access", VIEW, 40)
    )
