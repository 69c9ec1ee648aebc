"""Turns a scenario into a draft: its values and readings are written into the document's files."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Mapping
from typing import Any

from ruamel.yaml import YAML

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.policies.editor.services.start_draft import start_draft
from jigai.policies.models import PackDraft
from jigai.policies.uploaded_packs import own_files
from jigai.workbench.models import SandboxScenario
from jigai.workbench.sandbox.packs import day_of, rules_of


def draft_scenario(*, scenario: int, by: User, access: Access) -> PackDraft:
    """A draft whose text decides as the scenario does.

    The caller has checked that the study may be seen. Raises :class:`JigaiError` where a changed
    parameter or reading belongs to a document this one leans on, and what ``start_draft`` raises.
    """
    row = SandboxScenario.objects.select_related("base", "study").get(pk=scenario)
    model = rules_of(row).model
    given = row.files or (row.base.files if row.base else {})
    files = dict(own_files(row.slug, given))
    day = model.pack.identity.effective_from or day_of(row.study, model)
    _write(files, f"{row.slug}/parameters.yaml", "parameters", row.overrides, _valued(day))
    _write(files, f"{row.slug}/readings.yaml", "readings", row.readings, _chosen)
    title = f"{model.pack.identity.title}"[:180]
    return start_draft(
        base=row.base, files=files, title=title, by=by, access=access,
        note=f"由政策沙盘“{row.study.title}”的情景“{row.name}”转来",
    )  # fmt: skip


def _write(
    files: dict[str, str], file: str, section: str, values: Mapping[str, Any],
    put: Callable[[dict[str, Any], Any], None],
) -> None:  # fmt: skip
    """Put values into the entries of a file by id; comments and order stay."""
    if not values:
        return
    yaml = YAML()
    yaml.preserve_quotes, yaml.width = True, 4096
    tree = yaml.load(files.get(file, "")) or {}
    entries = {entry["id"]: entry for entry in tree.get(section, ())}
    for name, value in values.items():
        if name not in entries:
            raise JigaiError(
                "not-own", f"“{name}”写在它所依据的文件里，这份文件改不了",
                "去掉这一项再转，或在那份文件里改",
            )  # fmt: skip
        put(entries[name], value)
    out = io.StringIO()
    yaml.dump(tree, out)
    files[file] = out.getvalue()


def _valued(day: dt.date) -> Callable[[dict[str, Any], Any], None]:
    def put(entry: dict[str, Any], text: str | None) -> None:
        if text is None:
            entry["status"] = "undetermined"
            entry.pop("values", None)
            return
        values = entry.setdefault("values", [])
        if entry["status"] == "undetermined":
            entry["status"] = "local"
        if values:
            values[-1]["value"] = text
        else:
            values.append({"from": day.isoformat(), "value": text})

    return put


def _chosen(entry: dict[str, Any], option: str) -> None:
    entry["default"] = option
