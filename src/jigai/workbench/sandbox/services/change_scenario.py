"""Adds, changes and takes out scenarios of a study."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from jigai.core.access import Access
from jigai.errors import JigaiError
from jigai.policies.models import PackDraft, PackVersion
from jigai.rules.environment import choose_readings
from jigai.rules.errors import EvaluationError
from jigai.workbench.models import SandboxScenario
from jigai.workbench.models.sandbox import MOST_SCENARIOS
from jigai.workbench.sandbox.access import lock_scenario, lock_study
from jigai.workbench.sandbox.packs import files_model, rules_of
from jigai.workbench.sandbox.parameters import typed
from jigai.workbench.sandbox.services.change_study import check_version


def add_scenario(
    *,
    study: int,
    name: str,
    access: Access,
    copy_of: int | None = None,
    base: PackVersion | None = None,
    draft: PackDraft | None = None,
) -> SandboxScenario:
    """A further scenario: a copy of another one, an installed version, or a draft's text.

    Raises :class:`JigaiError` for a seventh one, or for a draft with errors.
    """
    with transaction.atomic():
        found = lock_study(study, access)
        taken = set(found.scenarios.filter(active=True).values_list("place", flat=True))
        free = [place for place in range(1, MOST_SCENARIOS + 1) if place not in taken]
        if not free:
            raise JigaiError(
                "too-many-scenarios", f"一个沙盘最多 {MOST_SCENARIOS} 个情景", "删去不用的再加"
            )
        row = SandboxScenario(study=found, place=free[0], name=name.strip()[:60])
        if copy_of is not None:
            old = found.scenarios.get(pk=copy_of, active=True)
            for field in ("slug", "base", "draft", "draft_version", "files", "overrides",
                          "readings"):  # fmt: skip
                setattr(row, field, getattr(old, field))
        elif draft is not None:
            files_model(draft.slug, draft.files)
            row.slug, row.draft, row.files = draft.slug, draft, draft.files
            row.draft_version = draft.version
        elif base is not None:
            row.slug, row.base = base.slug, base
        else:
            raise JigaiError("no-document", "还没有选从哪里来", "选一个情景、文件或起草稿")
        row.save(force_insert=True)
    return row


def save_scenario(
    *,
    scenario: int,
    name: str,
    overrides: Mapping[str, str],
    readings: Mapping[str, str],
    version: int,
    access: Access,
) -> SandboxScenario:
    """Other values (typed text by parameter, 未定 possible) and readings.

    Raises :class:`JigaiError` for a value that is none, a reading that is none, or where somebody
    changed it meanwhile.
    """
    with transaction.atomic():
        found = lock_scenario(scenario, access)
        check_version(found, version)
        model = rules_of(found).model
        found.overrides = {key: typed(model, key, text) for key, text in overrides.items()}
        try:
            choose_readings(model.pack, readings)
        except EvaluationError as error:
            raise JigaiError("bad-value", str(error), "从表里选读法") from error
        found.readings, found.name = dict(readings), name.strip()[:60] or found.name
        found.version += 1
        found.save(update_fields=["overrides", "readings", "name", "version"])
    return found


def remove_scenario(*, scenario: int, access: Access) -> None:
    """Take a scenario out of the study; its results stay on record.

    Raises :class:`JigaiError` for the last one.
    """
    with transaction.atomic():
        found = lock_scenario(scenario, access)
        if found.study.scenarios.filter(active=True).count() == 1:
            raise JigaiError("last-scenario", "至少要有一个情景", "先加一个再删")
        found.active = False
        found.version += 1
        found.save(update_fields=["active", "version"])


def refresh_from_draft(*, scenario: int, access: Access) -> SandboxScenario:
    """Take the draft's text as it is now.

    Raises :class:`JigaiError` for a scenario without draft, or a draft with errors.
    """
    with transaction.atomic():
        found = lock_scenario(scenario, access)
        if found.draft is None:
            raise JigaiError("no-draft", "这个情景不是从起草稿来的", "新增情景时选起草稿")
        files_model(found.draft.slug, found.draft.files)
        found.files, found.draft_version = found.draft.files, found.draft.version
        found.version += 1
        found.save(update_fields=["files", "draft_version", "version"])
    return found
