"""Addresses and buttons of the pages on titles, ladders, links and project databases."""

from __future__ import annotations

from django.urls import path

from jigai.core.screens import detail_parts, menu
from jigai.core.screens.detail_parts import DetailPart
from jigai.core.screens.menu import MenuItem
from jigai.registers.access import EDIT, VIEW
from jigai.registers.extras import Extra, register_check, register_extra
from jigai.registers.special.theme_keys import DATABASES, check_keys
from jigai.registers.views import linked, rosters

URLS = [
    path("registers/special/titles/", rosters.titles, name="title-search"),
    path("registers/special/titles/<int:pk>/", rosters.title, name="title-history"),
    path("registers/special/ladders/", rosters.ladders, name="ladder-moves"),
    path("registers/special/ten-billion/", rosters.ten_billion, name="ten-billion-count"),
    path("registers/special/guiding/", linked.guiding, name="guiding-links"),
    path("registers/special/themes/", linked.themes, name="theme-projects"),
    path("registers/special/themes/new/", linked.theme_add, name="theme-project-new"),
    path("registers/entries/<int:pk>/links/", linked.links, name="entry-links"),
]

_BUTTONS = (
    Extra("称号查询", "title-search", "search", system="recognition-roster", capability=VIEW),
    Extra("进出与晋级", "ladder-moves", "timeline", system="sector-champion-ladder",
          capability=VIEW),
    Extra("百亿级家数", "ten-billion-count", "calculator", system="ten-billion-list",
          capability=VIEW),
    Extra("目录联动", "guiding-links", "link", system="guiding-catalog", capability=VIEW),
    Extra("目录联动", "guiding-links", "link", system="first-set-national-catalog",
          capability=VIEW),
    Extra("项目合并视图", "theme-projects", "folders", system="special-project-databases",
          capability=VIEW),
    Extra("从项目库选入", "theme-project-new", "plus", system="special-project-databases",
          capability=EDIT),
)  # fmt: skip


def register_pages() -> None:
    """Show the buttons, the menu item and the part of an entry's page; check keys of projects."""
    for code in DATABASES:
        register_check(code, check_keys)
    for button in _BUTTONS:
        register_extra(button)
    menu.register(MenuItem("名录台账", "称号查询", "file-certificate", "title-search", VIEW, 30))
    detail_parts.register(DetailPart("entry", "links", "引用与被引用", "entry-links", VIEW, 10))
