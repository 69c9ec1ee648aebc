"""Fills a fresh database with invented enterprises and two registers of the same shape."""

from __future__ import annotations

import datetime as dt
import json
import random
import sys
import time
from collections.abc import Iterator
from typing import Any

import django

from bench.lists.fill import PARTS, TOWNS
from bench.registers.pages import LARGE, SMALL

COUNTIES = ("370811", "370812", "370881", "370829")
CHUNK = 5_000
FIELDS: list[dict[str, Any]] = [
    {"id": "firm", "label": "企业", "type": "enterprise", "required": True, "public": True},
    {"id": "number", "label": "编号", "type": "text", "required": True, "public": True},
    {"id": "level", "label": "级别", "type": "choice", "public": True,
     "options": {"county": "县级", "city": "市级", "province": "省级"}},
    {"id": "place", "label": "所在地", "type": "region", "public": True},
    {"id": "revenue", "label": "营业收入", "type": "money", "public": True, "mask": "range",
     "steps": ["1000万元", "1亿元"]},
    {"id": "power", "label": "装机功率", "type": "number", "unit": "kW"},
    {"id": "made", "label": "投产日期", "type": "date"},
    {"id": "valid_to", "label": "有效期至", "type": "date", "public": True},
    {"id": "phone", "label": "联系电话", "type": "text"},
]  # fmt: skip
SCHEMA: dict[str, Any] = {
    "fields": FIELDS, "title": "firm", "subject": "firm", "region": "place", "unique": ["number"],
    "validations": [{"rule": "有效期至 >= 投产日期", "say": "有效期至早于投产日期"}],
    "validity": {"kind": "field", "field": "valid_to"},
}  # fmt: skip


def main(large: int, small: int, people: int, password: str) -> None:
    """Reference data, readers, both registers; prints seconds of admission as JSON."""
    django.setup()
    from django.db import connection

    from jigai.core.access import access_of
    from jigai.core.models import Enterprise, User
    from jigai.core.services.install_demo_people import install_demo_people
    from jigai.core.services.install_reference import install_reference

    install_reference()
    install_demo_people(password=password)
    clerk = User.objects.get(username="jining")
    given = clerk.assignments.select_related("role", "department").get()
    for number in range(people):
        # One account a person: an account's oldest session ends when it has too many.
        user = User.objects.create(username=f"reader{number}", name="示例", password=clerk.password)
        user.assignments.create(role=given.role, department=given.department, scope=given.scope)
    chance = random.Random(1)
    Enterprise.objects.bulk_create(
        Enterprise(
            name=f"{chance.choice(TOWNS)}{chance.choice(PARTS)}{number:05d}有限公司",
            region_code=chance.choice(COUNTIES),
        )
        for number in range(5000)
    )
    firms = list(Enterprise.objects.order_by("id").values_list("id", "name"))
    access = access_of(clerk)
    begun = time.perf_counter()
    _register(SMALL, "示例小名录", small, firms, chance, clerk, access)
    _register(LARGE, "示例大名录", large, firms, chance, clerk, access)
    seconds = time.perf_counter() - begun
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(json.dumps({"seconds": seconds}))


def _register(
    code: str, name: str, count: int, firms: list[tuple[int, str]], chance: random.Random,
    clerk: Any, access: Any,
) -> None:  # fmt: skip
    """A published register, filled as an import does: rows prepared, then admitted."""
    from django.db import transaction

    from jigai.registers.entry_values import prepare
    from jigai.registers.models import Register, RegisterSchema
    from jigai.registers.services.admit_entries import Admission, admit_entries
    from jigai.registers.services.edit_schema import put
    from jigai.registers.services.publish_schema import make_current
    from jigai.registers.shapes import read_schema

    register = Register.objects.create(code=code, name=name, kind="list", public=True)
    version = RegisterSchema(register=register, number=1)
    put(version, read_schema(SCHEMA))
    version.save()
    make_current(register, version, None)
    register = Register.objects.select_related("current").get(pk=register.pk)
    for first in range(0, count, CHUNK):
        raw = list(_rows(first, min(CHUNK, count - first), firms, chance))
        rows = prepare(register, raw)
        assert not any(row.problems for row in rows), rows[0].problems
        with transaction.atomic():
            admit_entries(
                register=register, by=clerk,
                admissions=[
                    Admission(row, _day(chance, 2020, 2025), None, "示例来源") for row in rows
                ],
            )  # fmt: skip


def _rows(
    first: int, count: int, firms: list[tuple[int, str]], chance: random.Random
) -> Iterator[dict[str, Any]]:
    for number in range(first, first + count):
        key, name = chance.choice(firms)
        yield {
            "firm": {"id": key, "name": name}, "number": f"示例-{number:06d}",
            "level": chance.choices(("county", "city", "province"), (70, 25, 5))[0],
            "place": chance.choice(COUNTIES), "revenue": chance.randrange(10**7, 10**11),
            "power": str(chance.randrange(1, 100_000) / 10), "made": _day(chance, 1980, 2019),
            "valid_to": _day(chance, 2026, 2030) if chance.random() < 0.7 else None,
            "phone": f"示例{number}",
        }  # fmt: skip


def _day(chance: random.Random, first: int, last: int) -> dt.date:
    return dt.date(chance.randint(first, last), chance.randint(1, 12), chance.randint(1, 28))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
