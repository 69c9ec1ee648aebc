"""Pages of people, access and reference data in the menu."""

from __future__ import annotations

from jigai.core.screens.menu import MenuItem, register

_DATA, _SYSTEM = "基础数据", "系统管理"

register(
    MenuItem("工作台", "消息", "bell", "notice-list", order=60),
    MenuItem("工作台", "委托", "transfer", "delegation-list", order=70),
    MenuItem("工作台", "经办人交接", "user-check", "handover-list", order=80),
    MenuItem(_DATA, "行政区划", "map-pin", "region-list", "region.view", 10),
    MenuItem(_DATA, "部门名录", "building-bank", "department-list", "department.view", 20),
    MenuItem(_DATA, "行业分类", "sitemap", "industry-list", "industry.view", 30),
    MenuItem(_DATA, "工作日历", "calendar", "calendar", "calendar.view", 40),
    MenuItem(_SYSTEM, "账号", "users", "person-list", "person.view", 10),
    MenuItem(_SYSTEM, "角色", "user-cog", "role-list", "person.view", 20),
    MenuItem(_SYSTEM, "变更记录", "history", "audit-log", "audit.view", 30),
    MenuItem(_SYSTEM, "登录日志", "login", "signin-log", "signin.view", 40),
    MenuItem(
        _SYSTEM, "访问日志", "eye", "access-log", "audit.view", 50, needs=("enterprise.view",)
    ),
)
