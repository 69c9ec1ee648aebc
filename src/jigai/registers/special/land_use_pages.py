"""Addresses, buttons and row checks of land standards, terms of use and effects of funds."""

from __future__ import annotations

from django.urls import path

from jigai.core.screens import menu
from jigai.core.screens.menu import MenuItem
from jigai.registers.access import VIEW
from jigai.registers.extras import Extra, register_check, register_extra
from jigai.registers.special.stored_effects import INPUTS
from jigai.registers.special.stored_land_use import (
    STANDARDS,
    TERMS,
    check_standards,
    check_terms,
)
from jigai.registers.views import fund_effects, land_use

_AT = "registers/special/"
URLS = [
    path(f"{_AT}land-standards/", land_use.standards, name="land-standards-check"),
    path(f"{_AT}land-terms/", land_use.terms, name="land-terms-due"),
    path(f"{_AT}fund-effects/", fund_effects.compare, name="fund-effects"),
]


def register_pages() -> None:
    """Show the buttons and menu items, check rows; called once the room is ready."""
    register_extra(Extra("项目校核", "land-standards-check", "scale", code=STANDARDS,
                         capability=VIEW))  # fmt: skip
    register_extra(Extra("到期与续期", "land-terms-due", "clock", code=TERMS, capability=VIEW))
    register_extra(Extra("前后对比", "fund-effects", "chart-bar", code=INPUTS, capability=VIEW))
    register_check(STANDARDS, check_standards)
    register_check(TERMS, check_terms)
    menu.register(
        MenuItem("名录台账", "用地强度校核", "scale", "land-standards-check", VIEW, 110),
        MenuItem("名录台账", "用地到期与续期", "clock", "land-terms-due", VIEW, 120),
        MenuItem("资金", "资金效果对比", "chart-bar", "fund-effects", VIEW, 80),
    )
