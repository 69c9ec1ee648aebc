"""Kinds of work by name, and what a piece of work is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from jigai.core.models.job import Job
from jigai.errors import JigaiError


class Cancelled(JigaiError):
    """The owner asked to stop."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended: what the program goes on with, where to go next, words for the page."""

    result: dict[str, Any] = field(default_factory=dict)
    url: str = ""
    told: Sequence[tuple[str, str | int]] = ()


@dataclass(slots=True)
class JobContext:
    """A running job. ``progress`` is seen at once by everybody, so call it outside transactions."""

    job: Job

    @property
    def params(self) -> dict[str, Any]:
        """What the work needs."""
        params: dict[str, Any] = self.job.params
        return params

    def progress(self, step: str, share: float) -> None:
        """Tell how far the work is, 0 to 1. Raises :class:`Cancelled` when asked to stop."""
        thousandths = max(0, min(1000, round(share * 1000)))
        mine = Job.objects.filter(pk=self.job.pk)
        mine.update(step=step[:200], progress=thousandths)
        if mine.values_list("cancel_asked", flat=True).get():
            raise Cancelled("cancelled", "已按请求取消")

    def finish(self, outcome: Outcome) -> None:
        """Mark the work done. Call it inside the transaction that writes the effect.

        Raises :class:`JigaiError` when the job was finished by someone else meanwhile.
        """
        from jigai.core.jobs.run import mark_done

        mark_done(self.job, outcome)


# The work of a kind: calls ``finish`` in its own last transaction, or returns an outcome.
Work = Callable[[JobContext], Outcome | None]
_KINDS: dict[str, Work] = {}
_QUIET: set[str] = set()
_KEEPS: dict[str, str] = {}
_STOPS = "停止后，这项任务做到一半的改动不会保存。"


def job(kind: str, *, quiet: bool = False, cancel: str = "") -> Callable[[Work], Work]:
    """Register the work of a kind. Every room's ``jobs.py`` is imported when Django starts.

    The end of ``quiet`` work is seen where it was started; only its failure is worth a notice.
    ``cancel`` says what becomes of what is done already when the owner stops the work; without it
    the work is one transaction and nothing stays.
    """

    def register(work: Work) -> Work:
        if kind in _KINDS and _KINDS[kind] is not work:
            raise ValueError(f"two works for the job kind {kind!r}")
        _KINDS[kind] = work
        if quiet:
            _QUIET.add(kind)
        if cancel:
            _KEEPS[kind] = cancel
        return work

    return register


def is_quiet(kind: str) -> bool:
    """Whether success of this kind is told to nobody."""
    return kind in _QUIET


def cancel_words(kind: str) -> str:
    """What cancelling work of this kind leaves behind, for whoever is about to."""
    return _KEEPS.get(kind, _STOPS)


def work_of(kind: str) -> Work:
    """The work of a kind. Raises :class:`JigaiError` for one that is not installed."""
    if kind not in _KINDS:
        raise JigaiError("unknown-job", f"没有“{kind}”这类任务", "请检查平台版本是否一致")
    return _KINDS[kind]
