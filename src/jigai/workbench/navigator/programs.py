"""Compiled documents, kept in memory: the second question of the same day compiles nothing."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from dataclasses import dataclass

from jigai.funding.held_facts import deadline_of
from jigai.policies.fact_run import Choices, Settled, build_run_environment
from jigai.policies.standing import settled_on
from jigai.rules.alternatives import build_evaluator
from jigai.rules.binding import Environment
from jigai.rules.program import program_key
from jigai.rules.single import CaseEvaluator
from jigai.workbench.navigator.documents import Document

_KEPT: OrderedDict[str, CaseEvaluator] = OrderedDict()
_MOST = 64


@dataclass(frozen=True, slots=True)
class Program:
    """A document ready to decide cases of one year and day."""

    document: Document
    env: Environment
    evaluator: CaseEvaluator

    @property
    def silent(self) -> bool:
        """Whether the document, by the reading taken, gives no figures while it is not in force."""
        chosen = self.env.readings.get("simulate_when_inactive")
        return not self.document.payable and chosen == "a"


def program_of(document: Document, year: int, day: dt.date) -> Program:
    """Constants and closures of a document for an application of a year made on a day.

    As in an evaluation, answers about readings and approved values of open parameters count.
    """
    settled = settled_on(document.model.pack, day) if document.settled else Settled()
    choices = Choices(as_of=day, deadline=deadline_of(year, day), settled=settled)
    env = build_run_environment(document.model, year, choices)
    key = program_key(document.model, env)
    evaluator = _KEPT.get(key) or build_evaluator(document.model, env)
    _KEPT[key] = evaluator
    while len(_KEPT) > _MOST:
        _KEPT.popitem(last=False)
    return Program(document, env, evaluator)
