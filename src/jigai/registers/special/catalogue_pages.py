"""Addresses and buttons of the special pages on equipment, energy, industries and key lists."""

from __future__ import annotations

from django.urls import path

from jigai.registers.access import VIEW
from jigai.registers.extras import Extra, register_extra
from jigai.registers.views import cleaner, energy_limits, equipment, industries, key_lists

URLS = [
    path("registers/special/equipment/", equipment.match, name="equipment-match"),
    path("registers/special/energy-limit/", energy_limits.check, name="energy-limit-check"),
    path("registers/special/industry/", industries.question, name="industry-question"),
    path("registers/special/key-lists/", key_lists.conflicts, name="key-list-conflicts"),
    path("registers/special/cleaner-production/", cleaner.cleaner, name="cleaner-progress"),
]

_BUTTONS = (
    Extra("比对企业设备", "equipment-match", "git-compare", system="eliminated-equipment-list",
          capability=VIEW),
    Extra("判是否超限额", "energy-limit-check", "scale", system="energy-limit-standards",
          capability=VIEW),
    Extra("查行业在不在清单", "industry-question", "search", system="industry-lists",
          capability=VIEW),
    Extra("名单矛盾", "key-list-conflicts", "arrows-diff", system="key-enterprise-lists",
          capability=VIEW),
    Extra("审核进度", "cleaner-progress", "gauge", system="clean-production-list",
          capability=VIEW),
)  # fmt: skip


def register_pages() -> None:
    """Show the buttons; called once the room is ready."""
    for button in _BUTTONS:
        register_extra(button)
