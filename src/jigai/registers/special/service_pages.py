"""Addresses and buttons of the pages on approval items, tests, burdens and certificates."""

from __future__ import annotations

from django.urls import path

from jigai.core.screens import menu
from jigai.core.screens.menu import MenuItem
from jigai.registers.access import APPLY, VIEW
from jigai.registers.extras import Extra, register_check, register_extra
from jigai.registers.special import stored_burden, stored_filing, stored_handling, stored_tests
from jigai.registers.views import burden, filing, handling, recognition

_AT = "registers/special/"
URLS = [
    path(f"{_AT}handling/", handling.question, name="handling-question"),
    path(f"{_AT}test-results/", recognition.question, name="test-recognition"),
    path(f"{_AT}burden/", burden.summary, name="burden-summary"),
    path(f"{_AT}burden/rows/", burden.rows, name="burden-rows"),
    path(f"{_AT}burden/mine/", burden.mine, name="burden-mine"),
    path(f"{_AT}filing/", filing.check, name="filing-check"),
]

_BUTTONS = (
    Extra("这件事现在哪里办", "handling-question", "map-pin", system="approval-item-inventory",
          capability=VIEW),
    Extra("结果认不认", "test-recognition", "scale", system="mutual-recognition", capability=VIEW),
    Extra("享受额汇总", "burden-summary", "chart-bar", system="burden-reduction", capability=VIEW),
    Extra("我的减负", "burden-mine", "coin", system="burden-reduction", capability=APPLY),
    Extra("备案核查", "filing-check", "search", system="filing-record", capability=VIEW),
)  # fmt: skip
_CHECKS = (
    (stored_handling.CHANGES, stored_handling.check_changes),
    (stored_tests.USES, stored_tests.check_uses),
    (stored_burden.POLICIES, stored_burden.check_policies),
    (stored_burden.BENEFITS, stored_burden.check_benefits),
    (stored_filing.RECORDS, stored_filing.check_records),
    (stored_filing.CHANGES, stored_filing.check_changes),
)


def register_pages() -> None:
    """Show the buttons and menu items, check rows; called once the room is ready."""
    for button in _BUTTONS:
        register_extra(button)
    for code, check in _CHECKS:
        register_check(code, check)
    menu.register(
        MenuItem("名录台账", "这件事哪里办", "map-pin", "handling-question", VIEW, 90),
        MenuItem("名录台账", "减负享受额", "chart-bar", "burden-summary", VIEW, 100),
        MenuItem("企业与项目", "备案核查", "search", "filing-check", VIEW, 80),
    )
