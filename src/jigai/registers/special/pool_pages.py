"""Addresses and buttons of the pages on providers, financing and credit."""

from __future__ import annotations

from django.urls import path

from jigai.core.notice_events import Event, register_events
from jigai.core.screens import detail_parts, menu
from jigai.core.screens.detail_parts import DetailPart
from jigai.core.screens.menu import MenuItem
from jigai.registers.access import EDIT, VIEW
from jigai.registers.extras import Extra, register_extra
from jigai.registers.own_ways import keep_to_own_way
from jigai.registers.views import credit, financing, provider_pool

_AT = "registers/special/"
URLS = [
    path(f"{_AT}providers/", provider_pool.find, name="provider-find"),
    path(f"{_AT}providers/leaving/", provider_pool.leaving, name="provider-leaving"),
    path(f"{_AT}providers/<int:pk>/", provider_pool.card, name="provider-card"),
    path(f"{_AT}providers/cases/<int:pk>/rate/", provider_pool.rate, name="provider-rate"),
    path(f"{_AT}financing/", financing.desk, name="financing-desk"),
    path(f"{_AT}financing/<int:pk>/push/", financing.push, name="financing-push"),
    path(f"{_AT}financing/<int:pk>/consents/", financing.consents, name="financing-consents"),
    path(f"{_AT}financing/<int:pk>/consents/<slug:verb>/<int:number>/", financing.consent,
         name="financing-consent"),
    path(f"{_AT}financing/received/<int:pk>/", financing.item, name="financing-item"),
    path(f"{_AT}credit/", credit.desk, name="credit-desk"),
    path(f"{_AT}credit/<int:pk>/", credit.record, name="credit-record"),
    path("enterprises/<int:pk>/credit/", credit.of_enterprise, name="enterprise-credit"),
]  # fmt: skip

_BUTTONS = (
    Extra("按需找服务商", "provider-find", "search", system="provider-pool", capability=VIEW),
    Extra("应退出", "provider-leaving", "logout", code="provider-pool", capability=EDIT),
    Extra("融资需求与对接", "financing-desk", "coin", system="financing-need-list",
          capability=VIEW),
    Extra("信用记录", "credit-desk", "shield-check", system="credit-record", capability=VIEW),
)  # fmt: skip
_KEPT = {
    "provider-evaluations": "请被服务的企业登录，在服务商的页面评价",
    "financing-consents": "请需求所属的企业登录，在“融资需求与对接”里授权或撤回",
    "financing-pushes": "在“融资需求与对接”里推送；结果由收到的机构自己回填",
    "credit-disclosures": "在“信用记录”里打开记录，办理披露、修复或异议",
    "credit-uses": "在“信用记录”里打开记录，登记使用",
    "credit-requests": "请记录所属的企业登录，在“信用记录”里申请",
}


def register_pages() -> None:
    """Show buttons, parts and menu items; called once the room is ready."""
    from jigai.registers.special import credit_lookup  # noqa: F401

    for button in _BUTTONS:
        register_extra(button)
    for code, way in _KEPT.items():
        keep_to_own_way(code, way)
    menu.register(
        MenuItem("名录台账", "找服务商", "search", "provider-find", VIEW, 60),
        MenuItem("名录台账", "融资对接", "coin", "financing-desk", VIEW, 70),
        MenuItem("名录台账", "信用记录", "shield-check", "credit-desk", VIEW, 80),
    )
    detail_parts.register(
        DetailPart("enterprise", "credit", "信用状况", "enterprise-credit", VIEW, 35)
    )
    register_events(
        Event("financing-pushed", "收到融资需求"),
        Event("financing-outcome", "融资需求有了结果"),
        Event("credit-asked", "收到信用修复或异议"),
        Event("credit-decided", "信用修复或异议有了决定"),
    )
