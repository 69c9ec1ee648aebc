"""A document of one page: an empty one with one measure, its values and three examples."""

from __future__ import annotations

import datetime as dt
from typing import Any

from jigai.policies.editor.yaml_edit import rewritten
from tests.factories import COUNTY

SLUG = "example-2026"
START: dict[str, Any] = {
    "slug": SLUG, "title": "示例区设备更新补助办法", "issuer": "示例区人民政府",
    "region_code": COUNTY, "region_name": "示例区", "region_level": "county",
    "begins": dt.date(2026, 1, 1), "ends": dt.date(2028, 12, 31),
}  # fmt: skip
GRANT: dict[str, Any] = {
    "id": "grant", "number": "1", "name": "设备补助", "clause": "一", "subject": "project",
    "gates": ["in-district", "legal-person", "filed", "in-statistics"],
    "when": "达到(核定设备额, 设备起点)", "amount": "核定设备额 * 设备比例",
    "caps": [{"per": "enterprise-year", "amount": "设备上限"}], "decides": "区工业和信息化局",
}  # fmt: skip
VALUES = (
    ("threshold", "设备起点", "threshold", "300万元及以上"),
    ("rate", "设备比例", "rate", "5%"),
    ("cap", "设备上限", "amount", "80万元"),
)


def parameter(code: str, name: str, kind: str, value: str) -> dict[str, Any]:
    return {
        "id": code, "name": name, "clause": "一", "kind": kind, "status": "stated",
        "values": [{"from": "2026-01-01", "value": value}],
    }  # fmt: skip


def example(name: str, amount: str, verdict: str, paid: str) -> dict[str, Any]:
    return {
        "name": name, "clause": "一", "measure": "grant", "given": "合格企业的项目",
        "lines": [{"不含税金额": amount}], "expect": {"verdict": verdict, "amount": paid},
    }  # fmt: skip


EXAMPLES = (
    example("条件之内", "400万元", "符合", "20万元"),
    example("恰满起点", "300万元", "符合", "15万元"),
    example("差一分", "2999999.99元", "不符合", "0元"),
)


def with_grant(files: dict[str, str]) -> dict[str, str]:
    """The empty document with the measure, its values and its examples."""
    slug = next(iter(files)).partition("/")[0]
    found = dict(files)
    for place, row in enumerate(VALUES, 1):
        name = f"{slug}/parameters.yaml"
        found[name] = rewritten(found[name], ("parameters", place), parameter(*row))
    found[f"{slug}/measures.yaml"] = rewritten(
        found[f"{slug}/measures.yaml"], ("measures", 0), GRANT
    )
    text = ""
    for place, row in enumerate(EXAMPLES):
        text = rewritten(text, ("examples", place), row)
    return {**found, f"{slug}/examples/grant.yaml": text}
