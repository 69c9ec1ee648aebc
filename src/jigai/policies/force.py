"""The one gate for money: whether anything may be paid under a document on a day.

Stored evaluations ask it, and rooms that pay out must: :func:`require_payable` for a document and a
day, :func:`require_payable_run` for an evaluation.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from jigai.core.screens import formats
from jigai.errors import JigaiError
from jigai.policies.models import EvaluationRun, PackVersion, Succession
from jigai.policies.successions import keys_of, replaced_by, successions_by_key
from jigai.rules.environment import Status, status_on
from jigai.rules.schema import Identity

REPLACED = "已被替代"


@dataclass(frozen=True, slots=True)
class Force:
    """The state of a document on a day; ``by`` is what replaced it, where something has."""

    day: dt.date
    status: Status
    word: str
    by: Succession | None = None

    @property
    def payable(self) -> bool:
        """Whether the day is one on which something may become payable."""
        return self.status.payable

    @property
    def because(self) -> str:
        """Which document took its place, in words; empty where none has."""
        if self.by is None:
            return ""
        return f"自 {formats.day(self.by.since)} 起由{self.by.new_name}替代"


class NotPayable(JigaiError):
    """Nothing may be paid: the document was not in force, or the evaluation is a simulation."""


def force_on(version: PackVersion, day: dt.date) -> Force:
    """The state of a document on a day. Both ends of its period are in force; from the day of a
    registered replacement on it is not."""
    return force_of(identity_of(version), replaced_by(version), day)


def identity_of(version: PackVersion) -> Identity:
    """What of the document's identity its state depends on, without reading the pack."""
    return Identity.model_construct(
        id=version.slug, title=version.title, issuer=version.issuer or "", issued=version.issued,
        effective_from=version.valid_from, effective_to=version.valid_to, status=version.status,
    )  # fmt: skip


def forces_on(versions: Sequence[PackVersion], day: dt.date) -> list[Force]:
    """The states of a page of documents, with one query for all of them."""
    steps = successions_by_key()
    return [
        force_of(identity_of(v), [s for key in keys_of(v) for s in steps.get(key, ())], day)
        for v in versions
    ]  # fmt: skip


def force_of(identity: Identity, steps: list[Succession], day: dt.date) -> Force:
    """The same from what was read already: ``steps`` are its replacements, earliest first."""
    if steps and steps[0].since <= day and identity.status != "draft":
        return Force(day, Status.REPEALED, REPLACED, steps[0])
    if steps and identity.status == "superseded":
        # The pack says it is replaced; since when is known, so earlier days are still its own.
        identity = identity.model_copy(update={"status": "issued"})
    found = status_on(identity, day)
    replaced = found is Status.REPEALED and identity.status == "superseded"
    return Force(day, found, REPLACED if replaced else found.value)


def payable_on(version: PackVersion, day: dt.date) -> bool:
    """Whether anything may become payable under a document on a day."""
    return force_on(version, day).payable


def require_payable(version: PackVersion, day: dt.date) -> None:
    """Raise :class:`NotPayable` unless the document is in force on the day."""
    force = force_on(version, day)
    if not force.payable:
        more = f"（{force.because}）" if force.because else ""
        raise NotPayable(
            "not-in-force",
            f"《{version.title}》在 {formats.day(day)} {force.word}{more}，不产生应付金额",
            "只有在有效期内（首尾两日都算）取值的测算可以兑付",
        )


def require_payable_run(run: EvaluationRun) -> None:
    """Raise :class:`NotPayable` for a simulation, and for a run whose day is no longer in force.

    Payments call it before anything is approved or paid on a run.
    """
    if not run.payable:
        raise NotPayable(
            "simulation", f"第 {run.pk} 次测算是模拟：{run.simulation}", "换一次可据以兑付的测算"
        )
    require_payable(run.pack, run.as_of)
