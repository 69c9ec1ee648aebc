"""A draft told in plain Chinese, by the same words as an installed document."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from jigai.policies.fact_run import Choices, build_run_environment
from jigai.rules.binding import Environment
from jigai.rules.describe import describe_measure
from jigai.rules.errors import EvaluationError
from jigai.rules.model import Model

Line = tuple[int, str]
HEAD = 2


def environment_of(model: Model) -> Environment:
    """Values and default readings on the day the draft is to take effect."""
    identity = model.pack.identity
    day = identity.effective_from or identity.issued or timezone.localdate()
    return build_run_environment(model, max(day.year, 2000), Choices())


def measure_lines(model: Model, code: str, env: Environment | None = None) -> list[Line]:
    """What a measure gives: lines with their depth (2 is a heading), or what keeps it from being
    told."""
    try:
        text = describe_measure(model, code, env or environment_of(model))
    except (EvaluationError, KeyError) as error:
        return [(0, f"还说不清：{error}")]
    found: list[Line] = []
    for line in text.splitlines():
        words = line.strip()
        # The title stands above; tables of values are on the pages of their own.
        if not words or words.startswith(("# ", "|")):
            continue
        if words.startswith("#"):
            if found and found[-1][0] == HEAD:
                found.pop()
            found.append((HEAD, words.lstrip("#").strip()))
        else:
            depth = 1 if line.startswith((" ", "\t")) else 0
            found.append((depth, words.removeprefix("- ").strip()))
    if found and found[-1][0] == HEAD:
        found.pop()
    return found


def all_measures(model: Model) -> list[dict[str, Any]]:
    """Every measure of the draft itself, in its order."""
    env = environment_of(model)
    own = sorted(model.pack.measures.measures, key=lambda m: m.number)
    return [
        {
            "code": m.id, "title": f"措施 {m.number}　{m.name}（{m.clause}）",
            "lines": measure_lines(model, m.id, env),
        }
        for m in own
    ]  # fmt: skip
