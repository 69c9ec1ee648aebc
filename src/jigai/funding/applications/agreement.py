"""The agreement of a consortium: who invests what and gets what, and who has signed that."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from jigai.funding.compute.estimate import Estimate, estimate
from jigai.funding.models import Application, ConsortiumMember, MemberSignature
from jigai.rules.explanation import MemberExplanation


@dataclass(frozen=True, slots=True)
class Party:
    """A member under the agreement; ``equipment`` and ``share`` in fen, ``None`` not known."""

    signature: MemberSignature
    member: ConsortiumMember
    share: int | None
    counted: bool | None
    why: str
    current: bool

    @property
    def signed(self) -> bool:
        """Whether it signed what stands now."""
        return self.signature.signed_at is not None and self.current


@dataclass(frozen=True, slots=True)
class Agreement:
    """What is signed now: its hash, the sum (fen, ``None`` while open) and the parties."""

    content_hash: str
    amount: int | None
    parties: list[Party]
    left: list[MemberSignature]

    @property
    def signed(self) -> bool:
        """Whether every party signed this very content."""
        return bool(self.parties) and all(party.signed for party in self.parties)


def agreement_of(application: Application, found: Estimate | None = None) -> Agreement:
    """The agreement as it stands; worked out anew unless ``found`` was just worked out."""
    given = found or estimate(application)
    shares = _shares(given)
    rows = list(
        application.signatures.select_related("member", "enterprise", "signed_by").order_by("id")
    )
    there = [row for row in rows if row.left_at is None]
    amount = given.amount if given else None
    content = _content(application, there, shares, amount)
    parties = [_party(row, shares, content) for row in there]
    return Agreement(content, amount, parties, [row for row in rows if row.left_at])


def outdated(application: Application) -> list[MemberSignature]:
    """Members whose signature is missing or under another content."""
    return [p.signature for p in agreement_of(application).parties if not p.signed]


def _shares(found: Estimate | None) -> dict[str, MemberExplanation]:
    return {str(m.key): m for m in (found.explanation.members if found else ())}


def _key(row: MemberSignature) -> str:
    return f"{row.application.subject_key}#{row.member_id}"


def _party(row: MemberSignature, shares: dict[str, MemberExplanation], content: str) -> Party:
    told = shares.get(_key(row))
    why = "；".join(reason.text for reason in told.reasons) if told else ""
    return Party(
        row, row.member, told.share if told else None, told.counted if told else None, why,
        row.content_hash == content,
    )  # fmt: skip


def _content(
    application: Application, rows: list[MemberSignature], shares: dict[str, MemberExplanation],
    amount: int | None,
) -> str:  # fmt: skip
    members = [
        [row.enterprise.uscc, row.enterprise.name, row.member.role, row.member.equipment_fen,
         told.share if (told := shares.get(_key(row))) else None]
        for row in rows
    ]  # fmt: skip
    content = [application.number, application.subject_key, amount, members]
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
