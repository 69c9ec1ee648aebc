"""A consultation on the draft that ships, step by step, and a final version of it."""

from __future__ import annotations

import datetime as dt
import shutil
import uuid
from pathlib import Path
from typing import Any

from django.utils import timezone

from jigai.core.access import access_of
from jigai.core.models import User
from jigai.outreach.models import Consultation, ConsultationAnswer, ConsultationComment
from jigai.outreach.services.answer_comments import answer_comments
from jigai.outreach.services.classify_comment import classify_comment
from jigai.outreach.services.draft_consultation import draft_consultation
from jigai.outreach.services.link_final import link_final
from jigai.outreach.services.open_consultation import open_consultation
from jigai.outreach.services.publish_adoption import publish_adoption
from jigai.outreach.services.submit_comment import submit_comment
from jigai.paths import packs_dir
from jigai.policies.models import PackVersion
from jigai.policies.services.install_pack import install_pack

SLUG, LUAN, CLAUSE = "luan-2020", "341500", "三.二"
# A Monday in a year whose holidays are on record; a fortnight later the period is over.
FIRST, LAST, AFTER = dt.date(2026, 3, 2), dt.date(2026, 3, 13), dt.date(2026, 3, 16)
PUBLICITY, ARCHIVE = dt.date(2026, 3, 20), dt.date(2026, 6, 30)


class Clock:
    """Today, as every page and service asks for it."""

    def __init__(self, monkeypatch: Any, day: dt.date) -> None:
        self.day = day
        monkeypatch.setattr(timezone, "localdate", lambda *_args, **_kwargs: self.day)


def install(slug: str = SLUG) -> PackVersion:
    """A shipped document."""
    return install_pack(folder=packs_dir() / slug, check=False)


def final_version(into: Path) -> PackVersion:
    """The same document issued: 60万元 for a demonstration project instead of 50."""
    shutil.copytree(packs_dir(), into / "packs")
    folder = into / "packs" / SLUG
    _replace(folder / "pack.yaml", "status: draft", "status: issued")
    _replace(folder / "pack.yaml", "issued: null", "issued: 2026-05-06")
    _replace(folder / "pack.yaml", "effective_from: null", "effective_from: 2026-06-01")
    _replace(folder / "pack.yaml", "（征求意见稿）", "")
    _replace(folder / "parameters.yaml", "value: 50万元", "value: 60万元", "demonstration_award")
    _replace(folder / "clauses.yaml", "重点项目可个案商定", "重点项目一事一议", "- id: 三.二")
    return install_pack(folder=folder, check=False)


def county_draft(into: Path) -> PackVersion:
    """The document of a county as if it were still a draft; its shipped form is then the final."""
    shutil.copytree(packs_dir(), into / "packs")
    folder = into / "packs" / "yanzhou-2020"
    _replace(folder / "pack.yaml", "status: issued", "status: draft")
    return install_pack(folder=folder, check=False)


def _replace(path: Path, old: str, new: str, after: str = "") -> None:
    text = path.read_text(encoding="utf-8")
    place = text.index(old, text.index(after))
    path.write_text(text[:place] + new + text[place + len(old) :], encoding="utf-8")


def drafted(by: User, version: PackVersion, **changes: Any) -> Consultation:
    """A prepared round on three clauses."""
    given = {
        "subject": f"v{version.pk}", "title": "行动方案征求意见",
        "clauses": ["一", CLAUSE, "三.五"],
        "period_from": FIRST, "period_to": LAST, "contact": "0564-1234567", **changes,
    }  # fmt: skip
    return draft_consultation(by=by, access=access_of(by), **given)


def opened(clerk: User, chief: User, version: PackVersion, **changes: Any) -> Consultation:
    """The same, open to the public."""
    row = drafted(clerk, version, **changes)
    return open_consultation(consultation=row.pk, by=chief, access=access_of(chief))


def said(item: Consultation, text: str = "奖金应当提高", clause: str = CLAUSE, **more: Any) -> Any:
    """A comment from the portal."""
    given = {"nonce": str(uuid.uuid4()), "address": "192.0.2.1", **more}
    return submit_comment(consultation=item.pk, clause=clause, text=text, **given)


def sorted_as(row: ConsultationComment, by: User, kind: str = "suggest", hidden: str = "") -> None:
    """Classify a comment."""
    row.refresh_from_db()
    classify_comment(comment=row.pk, by=by, access=access_of(by), seen=row.version, kind=kind,
                     hidden_reason=hidden)  # fmt: skip


def answered(
    item: Consultation, rows: list[ConsultationComment], by: User, **changes: Any
) -> ConsultationAnswer:
    """One answer to some comments."""
    given = {"summary": "希望提高示范项目奖金", "verdict": "adopted", "reason": "提高到六十万元",
             **changes}  # fmt: skip
    return answer_comments(consultation=item.pk, comments=[row.pk for row in rows], by=by,
                           access=access_of(by), **given)  # fmt: skip


def published(item: Consultation, by: User, day: dt.date = AFTER, **changes: Any) -> Consultation:
    """The adoption on display."""
    given = {"publicity_from": day, "publicity_to": PUBLICITY, "archive_to": ARCHIVE, **changes}
    return publish_adoption(consultation=item.pk, by=by, access=access_of(by), **given)


def finished(item: Consultation, version: PackVersion, by: User) -> Consultation:
    """Led to its final version."""
    return link_final(consultation=item.pk, final=version.pk, by=by, access=access_of(by))
