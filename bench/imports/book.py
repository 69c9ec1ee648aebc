"""A register of invented enterprises."""

from __future__ import annotations

import random
from pathlib import Path

import xlsxwriter

HEADS = (
    "序号", "企业名称", "统一社会信用代码", "法人类型", "登记机关区划代码", "所属镇街", "注册地址",
    "成立日期", "行业代码", "行业名称", "从业人员", "营业收入（万元）", "企业规模",
    "占地面积（亩）", "亩产效益评价等级", "梯队企业", "信用状况",
)  # fmt: skip
_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_TOWNS = ("酒仙桥街道", "龙桥街道", "王因街道", "兴隆庄街道", "大安镇", "颜店镇", "新兖镇")
_NAMES = "瑞恒盛达华泰鑫源宏远博峰永昌嘉禾润泽凯信诚德康宁安顺利丰裕兴隆旺和美正方圆明朗"
_TRADES = ("机械", "橡胶科技", "新材料", "食品", "纺织", "电子", "包装", "化工", "铸造", "装备")


def credit_code(number: int) -> str:
    """A code with a right check character, in a range of organisation codes never issued."""
    body = f"91370812MAX{number:06d}"
    total = sum(_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    return body + _SIGNS[(31 - total % 31) % 31]


def make_book(path: Path, rows: int) -> None:
    """Write the workbook; the same rows every time."""
    dice = random.Random(2021)
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("企业名录")
        sheet.write_row(0, 0, HEADS)
        for number in range(rows):
            staff, revenue = dice.randint(20, 299), dice.randint(300, 1999)
            name = "".join(dice.choices(_NAMES, k=3)) + dice.choice(_TRADES)
            sheet.write_row(
                number + 1, 0,
                (number + 1, f"兖州{name}{number}有限公司", credit_code(number), "独立法人",
                 "370812", dice.choice(_TOWNS), f"济宁市兖州区工业一路{number % 900 + 1}号",
                 f"20{dice.randint(1, 20):02d}-0{dice.randint(1, 9)}-15", "3670",
                 "汽车零部件及配件制造", staff, revenue + 0.25, "小型", dice.randint(1, 300) + 0.5,
                 dice.choice("ABCD"), dice.choice("是否"), "良好"),
            )  # fmt: skip
