"""The finer item classes fold into the coarse ones of the samples, whatever the item."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jigai.funding.item_classes import load_item_classes

WORDS = [
    *(
        "费",
        "工程",
        "厂房",
        "办公",
        "桌椅",
        "轿车",
        "商务车",
        "培训",
        "维保",
        "租赁",
        "备件",
        "配件",
    ),
    *("耗材", "防护服", "咨询", "清洁机器人", "服务机器人", "教学机器人", "机器人", "机器人夹具"),
    *("机器人底座", "服务器", "交换机", "网关", "工控机", "软件", "系统V3", "MES", "ERP", "许可"),
    *(
        "机械手",
        "AGV",
        "RGV",
        "数控车床",
        "安装",
        "实施服务费",
        "设计费",
        "维修费",
        "条码打印机",
        "设备",
    ),
]


def coarse(expected, item: str) -> str:
    bare = re.sub(r"^\*[^*]*\*", "", item)
    rules = sorted(expected("item_rules"), key=lambda rule: int(rule["order"]))
    return next(rule["class"] for rule in rules if re.search(rule["pattern"], bare))


@given(
    parts=st.lists(st.sampled_from(WORDS), max_size=4),
    category=st.sampled_from(["", "*其他*", "*软件*"]),
)
@settings(max_examples=600, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_finer_class_folds_into_the_coarse_one(expected, parts, category) -> None:
    item = category + "".join(parts)
    assert load_item_classes().classify(item).item_class == coarse(expected, item)


@pytest.mark.parametrize(
    ("item", "item_class", "kind"),
    [
        ("*其他*设备运输费", "not_eligible", "transport_install_training"),
        ("*其他*MES系统实施服务费", "not_eligible", "implementation_service"),
        ("*其他*设备维保服务费", "not_eligible", "implementation_service"),
        ("*其他*设备租赁费", "not_eligible", "lease"),
        ("*其他*土建基础工程", "not_eligible", "construction"),
        ("*其他*办公桌椅", "not_eligible", "office"),
        ("*其他*商用清洁机器人", "not_eligible", "service_robot"),
        ("机器人夹具", "equipment", "robot_accessory"),
        ("*工业机器人*码垛机器人", "robot", "robot"),
        ("桁架机械手", "equipment_review", "possible_robot"),
        ("*软件*数控车床", "equipment", "equipment"),
        ("", "equipment", "equipment"),
    ],
)
def test_items(item, item_class, kind) -> None:
    rule = load_item_classes().classify(item)
    assert (rule.item_class, rule.kind) == (item_class, kind)


def test_every_rule_has_a_name_and_a_known_class() -> None:
    classes = load_item_classes()
    assert [rule.order for rule in classes.rules] == list(range(1, len(classes.rules) + 1))
    assert all(rule.name and rule.item_class in classes.names for rule in classes.rules)
    assert classes.rules[-1].pattern.pattern == ""
