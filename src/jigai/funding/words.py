"""Words for the codes of invoices and consortia."""

from __future__ import annotations

from functools import cache

from jigai.funding.item_classes import load_item_classes

STATUSES = {"normal": "正常", "red": "红冲", "void": "作废"}
ATTACHED = {"code": "按项目代码", "name": "按项目名称", "only_project": "单位唯一项目，请确认"}
SCOPES = {"project": "项目内重复", "cross": "跨项目重复"}
ROLES = {"lead": "牵头", "member": "成员"}
MATCHES = {
    "uscc": "按信用代码",
    "name": "按名称",
    "former_name": "按曾用名",
    "name_fuzzy": "按近似名称，请确认",
}


@cache
def classes() -> dict[str, str]:
    """Coarse class of an item to its Chinese name."""
    return dict(load_item_classes().names)


@cache
def item_kinds() -> dict[str, str]:
    """Finer kind of an item to its Chinese name."""
    return {rule.kind: rule.name for rule in load_item_classes().rules}
