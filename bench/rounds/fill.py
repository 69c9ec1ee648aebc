"""Enterprises with verified accounts, and one reviewed application of each in one round."""

from __future__ import annotations

import datetime as dt
from typing import Any

REGION, YEAR = "370812", 2021
ZONE = dt.timezone(dt.timedelta(hours=8))
_AT_ONCE = 2_000


def fill(count: int, budget_fen: int) -> dict[str, Any]:
    """The people, the special fund with its budget, the round and ``count`` applications."""
    from jigai.core.models import User
    from jigai.core.services.install_demo_people import install_demo_people
    from jigai.core.services.install_reference import install_reference
    from jigai.paths import packs_dir
    from jigai.policies.services.install_pack import install_pack

    install_reference()
    install_demo_people(password="shili-0000")
    install_pack(folder=packs_dir() / "yanzhou-2020", check=False)
    names = ("clerk", "chief", "leader", "finance", "treasury")
    people = {name: User.objects.get(username=name) for name in names}
    programme = make_programme("bench", budget_fen)
    round_ = make_round(programme, people["clerk"], f"PC-{REGION}-{YEAR}-00001")
    _applications(round_, count, people)
    return {"people": people, "programme": programme, "round": round_}


def make_programme(code: str, budget_fen: int) -> Any:
    """A special fund of the year with its book, everything in it available."""
    from jigai.funding.budgets.accounts import PROGRAMME_ACCOUNTS
    from jigai.funding.models import Programme
    from jigai.ledgers.services.open_book import open_book
    from jigai.ledgers.services.post_entry import post_entry

    book = open_book(
        code=f"programme:{code}", name="示例专项资金", unit="fen", region_code=REGION,
        accounts=PROGRAMME_ACCOUNTS,
    )  # fmt: skip
    post_entry(
        book=book, key=f"{code}:budget", kind="grant", on=dt.date(YEAR, 1, 1), text="示例安排",
        moves={"source": -budget_fen, "available": budget_fen},
    )  # fmt: skip
    return Programme.objects.create(
        region_code=REGION, year=YEAR, code=code, name=book.name, pack="yanzhou-2020", book=book
    )


def make_round(programme: Any, by: Any, number: str) -> Any:
    """A round of the fund whose window is over, with one measure."""
    from jigai.funding.models import Round, RoundMeasure
    from jigai.policies.models import PackVersion

    made = Round.objects.create(
        number=number, name="示例批次", programme=programme, region_code=REGION,
        pack=PackVersion.objects.defer("files").get(slug="yanzhou-2020", is_current=True),
        year=YEAR, opens_at=dt.datetime(2021, 11, 1, tzinfo=ZONE), as_of=dt.date(2021, 12, 31),
        closes_at=dt.datetime(2021, 12, 1, tzinfo=ZONE), pay_by_days=60, created_by=by,
        state=Round.State.CLOSED,
        timetable={"formal": 5, "review": 20, "decision": 10, "publicity": 5, "payment": 20},
    )  # fmt: skip
    RoundMeasure.objects.create(
        round=made, code="equipment", name="装备升级奖补", clause="四.1", subject="project"
    )
    return made


def _applications(round_: Any, count: int, people: dict[str, Any]) -> None:
    from django.db import transaction
    from django.utils import timezone

    from jigai.core.models import Enterprise
    from jigai.funding.models import Application, BankAccount
    from jigai.funding.pending_checks import checks_at_once
    from jigai.projects.models import Project

    measure, now = round_.measures.get(), timezone.now()
    with transaction.atomic(), checks_at_once():
        firms = Enterprise.objects.bulk_create(
            [Enterprise(name=f"示例企业{n:06d}有限公司", region_code=REGION) for n in range(count)],
            batch_size=_AT_ONCE,
        )
        projects = Project.objects.bulk_create([
            Project(
                name=f"示例改造项目{n:06d}", year=YEAR, ledger_years=[YEAR], region_code=REGION,
                enterprise=firm, enterprise_raw=firm.name, number=f"{REGION}-{YEAR}-{n + 1:06d}",
            )
            for n, firm in enumerate(firms)
        ], batch_size=_AT_ONCE)  # fmt: skip
        BankAccount.objects.bulk_create([
            BankAccount(
                enterprise=firm, holder=firm.name, bank="示例银行", number=f"6222{n:012d}",
                state="verified", proposed_by=people["clerk"], verified_by=people["finance"],
                proposed_at=now, verified_at=now,
            )
            for n, firm in enumerate(firms)
        ], batch_size=_AT_ONCE)  # fmt: skip
        pairs = zip(firms, projects, strict=True)
        Application.objects.bulk_create([
            Application(
                number=f"SB-{REGION}-{YEAR}-{n:06d}", round=round_, measure=measure,
                region_code=REGION, enterprise=firm, project=project, title=project.name,
                subject_key=str(project.pk), claimed_fen=600_000_000 + n,
                computed_fen=18_000_000 + n, reviewed_fen=18_000_000 + n, state="reviewed",
                submitted_at=now, receipt=f"{n:064x}",
            )
            for n, (firm, project) in enumerate(pairs)
        ], batch_size=_AT_ONCE)  # fmt: skip
