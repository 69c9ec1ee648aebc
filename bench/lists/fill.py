"""Fills a fresh database with invented enterprises and one run of many decisions."""

from __future__ import annotations

import datetime as dt
import json
import random
import sys

import django

PARTS = ("机械", "轴承", "橡胶", "电气", "铸造", "纺织", "食品", "化工", "轮胎", "装备")
TOWNS = ("示例", "虚构", "样板", "模拟")


def _name(chance: random.Random, number: int) -> str:
    return f"{chance.choice(TOWNS)}{chance.choice(PARTS)}{number:05d}有限公司"


def main(count: int, people: int, password: str) -> None:
    """Reference data, people, a pack, ``count`` decisions; prints the run's number as JSON."""
    django.setup()
    from django.db import connection, transaction
    from django.utils import timezone

    from jigai.core.models import Enterprise, User
    from jigai.core.services.install_demo_people import install_demo_people
    from jigai.core.services.install_reference import install_reference
    from jigai.paths import packs_dir
    from jigai.policies.chain import chain_hash
    from jigai.policies.models import EvaluationRun
    from jigai.policies.services.install_pack import install_pack

    install_reference()
    install_demo_people(password=password)
    clerk = User.objects.get(username="clerk")
    given = clerk.assignments.select_related("role", "department").get()
    for number in range(people):
        # One account a person: an account's oldest session ends when it has too many.
        user = User.objects.create(username=f"reader{number}", name="示例", password=clerk.password)
        user.assignments.create(role=given.role, department=given.department, scope=given.scope)
    pack = install_pack(folder=packs_dir() / "yanzhou-2020", check=False)
    chance = random.Random(1)
    Enterprise.objects.bulk_create(
        Enterprise(name=_name(chance, n), region_code="370812") for n in range(5000)
    )
    firms = list(Enterprise.objects.order_by("id").values_list("id", "name"))
    with transaction.atomic():
        run = EvaluationRun(
            pack=pack, year=2021, region_code="370812", as_of=dt.date(2021, 12, 31),
            known_at=timezone.now(), snapshot="", snapshot_file="", root_hash="", payable=True,
            summary={"verdicts": {}, "projects": count, "selected": 0, "total_fen": 0,
                     "by_measure": []},
            engine="bench", created_at=timezone.now(),
        )  # fmt: skip
        run.chain_hash = chain_hash(run, "")
        run.save()
        columns = (
            "run_id, subject, subject_key, label, enterprise_id, enterprise_name, region_code, "
            "verdict, track, measures, amount_fen, low_fen, high_fen, selected, paid_fen, "
            "reason_codes, reasons"
        )
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY policies_decision ({columns}) FROM STDIN") as copy,
        ):
            for key in range(count):
                firm, name = chance.choice(firms)
                verdict = chance.choices((1, 2, 3, 4), (50, 25, 20, 5))[0]
                fen = chance.randrange(1, 100_000_000) if verdict == 1 else 0
                amount = None if verdict == 4 else fen
                copy.write_row((
                    run.pk, "project", str(key), f"{name}第{key}号技改项目", firm, name, "370812",
                    verdict, 1 if verdict == 1 else 0, ["equipment-upgrade"], amount, fen, fen,
                    verdict == 1, amount, ["x"] if verdict != 1 else [], "[]",
                ))  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(json.dumps({"run": run.pk}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
