"""Small makers of special funds, rounds and applications; few queries each."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from django.utils import timezone

from jigai.core.models import Enterprise, User
from jigai.funding.models import Application, ApplicationLine, Programme, Round, RoundMeasure
from jigai.ledgers.models import Account, Book, Entry, Posting
from jigai.paths import packs_dir
from jigai.policies.models import PackVersion
from jigai.policies.services.install_pack import install_pack
from tests.factories import COUNTY, make_enterprise, make_user

YEAR = 2021
PACK = "yanzhou-2020"
# Code and floor of the accounts of a special fund.
ACCOUNTS = {
    "source": None, "available": 0, "reserved": 0, "transit": 0, "paid": 0, "receivable": 0,
    "written_off": 0,
}  # fmt: skip
KINDS = {"source": "source", "available": "available", "reserved": "reserved",
         "transit": "transit", "paid": "used", "receivable": "receivable"}  # fmt: skip
EVIDENCE = [
    {"id": "licence", "name": "营业执照", "required": True, "help": ""},
    {"id": "filing", "name": "备案证明", "required": False, "help": ""},
]
MEASURES = {
    "equipment": ("设备奖补", "四.1", "project"),
    "robot": ("机器人奖补", "四.1", "project"),
}
_next = count(1)


def make_pack(slug: str = PACK) -> PackVersion:
    """A document as installed; asking twice gives the same."""
    held = PackVersion.objects.filter(slug=slug, is_current=True).defer("files").first()
    return held or install_pack(folder=packs_dir() / slug, check=False)


def make_programme(
    fen: int = 100_000_000_00, *, region: str = COUNTY, year: int = YEAR, **fields: Any
) -> Programme:
    """A special fund with its book and ``fen`` available (1 亿元 unless told otherwise)."""
    number = next(_next)
    code = fields.pop("code", f"ZX{number:03d}")
    book = Book.objects.create(
        code=f"programme:{region}:{year}:{code}", name=f"测试专项资金{number}", unit="fen",
        region_code=region,
    )  # fmt: skip
    accounts = Account.objects.bulk_create([
        Account(book=book, code=name, name=name, kind=KINDS.get(name, "other"), floor=floor)
        for name, floor in ACCOUNTS.items()
    ])  # fmt: skip
    if fen:
        entry = Entry.objects.create(
            book=book, key=f"grant:{book.code}", kind="grant", happened_on=dt.date(year, 1, 4),
            text="年初安排",
        )  # fmt: skip
        Posting.objects.bulk_create([
            Posting(entry=entry, account=accounts[0], amount=-fen),
            Posting(entry=entry, account=accounts[1], amount=fen),
        ])  # fmt: skip
    return Programme.objects.create(
        region_code=region, year=year, code=code, name=book.name, book=book,
        pack=fields.pop("pack", PACK), **fields,
    )  # fmt: skip


def make_round(
    programme: Programme | None = None, measures: tuple[str, ...] = ("equipment",), **fields: Any
) -> Round:
    """An open round that takes applications from yesterday for thirty days."""
    number, now = next(_next), timezone.now()
    fund = programme or make_programme()
    region = fields.pop("region", fund.region_code)
    given = {
        "name": f"测试第{number}批", "year": fund.year, "region_code": region,
        "opens_at": now - dt.timedelta(days=1), "closes_at": now + dt.timedelta(days=30),
        "as_of": dt.date(fund.year, 12, 31), "pay_by_days": 60, "state": Round.State.OPEN,
        "timetable": {"formal": 5, "review": 20, "decision": 10, "publicity": 5, "payment": 20},
    }  # fmt: skip
    given.update(fields)
    given.setdefault("created_by", None)
    if given["created_by"] is None:
        given["created_by"] = make_user(region=region)
    given.setdefault("pack", None)
    if given["pack"] is None:
        given["pack"] = make_pack()
    row = Round.objects.create(number=f"PC-{region}-{number:05d}", programme=fund, **given)
    for place, code in enumerate(measures):
        make_measure(row, code, place=place)
    return row


def make_measure(round_: Round, code: str = "equipment", **fields: Any) -> RoundMeasure:
    """A measure opened in a round; ``consortium`` is for consortia, the rest for projects."""
    name, clause, subject = MEASURES.get(code, (code, "四.3", "project"))
    if code.startswith("consortium"):
        name, subject = "共同体奖补", "consortium"
    given = {"name": name, "clause": clause, "subject": subject, "evidence": EVIDENCE, **fields}
    return RoundMeasure.objects.create(round=round_, code=code, **given)


def make_application(
    round_: Round | None = None, enterprise: Enterprise | None = None, *, state: str = "draft",
    fen: int | None = None, project: Any = None, consortium: Any = None, lines: Any = (),
    by: User | None = None, **fields: Any,
) -> Application:  # fmt: skip
    """An application in any state; ``fen`` is its amount at every step it has passed.

    ``lines`` are invoice lines counted in full. Nothing is counted on the platform or reserved.
    """
    number = next(_next)
    opened = round_ or make_round()
    firm = enterprise or (project.enterprise if project else None) or make_enterprise()
    measure = fields.pop("measure", None) or opened.measures.order_by("place", "id").first()
    subject = str(project.pk) if project else consortium.code if consortium else ""
    given: dict[str, Any] = {
        "title": f"测试申报{number}", "subject_key": subject, "created_by": by,
        "region_code": opened.region_code, **passed(state, fen), **fields,
    }  # fmt: skip
    row = Application.objects.create(
        number=f"SB-{opened.region_code}-{number:05d}", round=opened, measure=measure,
        enterprise=firm, project=project, consortium=consortium, state=state, **given,
    )  # fmt: skip
    ApplicationLine.objects.bulk_create(
        [ApplicationLine(application=row, line=n, share_fen=n.amount_fen) for n in lines]
    )
    return row


def passed(state: str, fen: int | None) -> dict[str, Any]:
    """The columns that hold an amount once the application is in a state."""
    order = ["draft", "submitted", "review", "reviewed", "proposed", "decided", "paid"]
    stages = {"public": "decided", "held": "decided", "cleared": "decided", "paying": "decided",
              "recovering": "paid", "correction": "review", "signing": "draft",
              "withdrawn": "draft", "refused": "review"}  # fmt: skip
    reached = order.index(stages.get(state, state))
    found: dict[str, Any] = {}
    if reached >= 1:
        found |= {"estimate_fen": fen, "submitted_at": timezone.now()}
    if reached >= 2:
        found["computed_fen"] = fen
    if reached >= 3:
        found["reviewed_fen"] = fen
    if reached >= 5:
        found["decided_fen"] = fen
    if reached >= 6:
        found |= {"paid_fen": fen, "paid_on": timezone.localdate()}
    return found
