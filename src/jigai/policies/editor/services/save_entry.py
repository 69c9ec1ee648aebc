"""Writes one entry of a section from its form, with the values and examples typed beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.policies.editor.parts import (
    EXAMPLES,
    PARTS,
    Part,
    Plain,
    data_of,
    entry,
    example_files,
    with_entry,
    without_entry,
)
from jigai.policies.editor.services.save_draft import mark, save_draft
from jigai.policies.editor.yaml_edit import rewritten
from jigai.policies.models import PackDraft


def save_entry(
    *, draft: PackDraft, part: Part, code: str, value: Plain, seen: str, by: User, access: Access,
    parameters: Sequence[Plain] = (), examples: Sequence[Plain] = (),
) -> PackDraft:  # fmt: skip
    """Store an entry; ``code`` is the one it was opened under, empty for a new one.

    Raises as :func:`save_draft`: :class:`DraftConflict` where this entry was changed meanwhile;
    changes elsewhere do not matter.
    """
    return save_draft(
        draft=draft.pk, by=by, access=access,
        what=f"{part.title} {value.get(part.named) or value.get('id', '')}",
        seen=lambda files: mark(entry(draft.slug, files, part, code) if code else None) == seen,
        write=lambda files: changed_files(
            draft.slug, files, part, code, value, parameters, examples
        ),
    )  # fmt: skip


def delete_entry(
    *, draft: PackDraft, part: Part, code: str, seen: str, by: User, access: Access
) -> PackDraft:  # fmt: skip
    """Take an entry out. Raises as :func:`save_entry`."""
    return save_draft(
        draft=draft.pk, by=by, access=access, what=f"删去{part.title} {code}",
        seen=lambda files: mark(entry(draft.slug, files, part, code)) == seen,
        write=lambda files: without_entry(draft.slug, files, part, code),
    )  # fmt: skip


def changed_files(
    slug: str, files: Mapping[str, str], part: Part, code: str, value: Plain,
    parameters: Sequence[Plain] = (), examples: Sequence[Plain] = (),
) -> dict[str, str]:  # fmt: skip
    """The files that change, as they will be."""
    new = dict(files)
    for row in parameters:
        if entry(slug, new, PARTS["parameters"], row["id"]) is not None:
            raise JigaiError("id-taken", f"参数标识“{row['id']}”已有", "换一个，或直接用已有的参数")
        new |= with_entry(slug, new, PARTS["parameters"], row["id"], row)
    if not code and entry(slug, new, part, str(value.get("id", ""))) is not None:
        raise JigaiError("id-taken", f"标识“{value['id']}”已有", "换一个")
    new |= with_entry(slug, new, part, code or str(value.get("id", "")), value)
    if examples:
        new |= _with_examples(slug, new, str(value["id"]), examples)
    return {name: text for name, text in new.items() if files.get(name) != text}


def _with_examples(
    slug: str, files: Mapping[str, str], measure: str, examples: Sequence[Plain]
) -> dict[str, str]:  # fmt: skip
    """Examples behind those of the same measure, else in a file of its own."""
    file, listed = _file_of(slug, files, measure)
    name = f"{slug}/{file}"
    text = files.get(name, "")
    for row in examples:
        text = rewritten(text, (EXAMPLES, len(listed)), row)
        listed = [*listed, row]
    return {name: text}


def _file_of(slug: str, files: Mapping[str, str], measure: str) -> tuple[str, list[Any]]:
    for file in example_files(slug, files):
        listed = data_of(slug, files, file).get(EXAMPLES) or []
        if any(isinstance(row, dict) and row.get("measure") == measure for row in listed):
            return file, listed
    own = f"{EXAMPLES}/{measure}.yaml"
    return own, data_of(slug, files, own).get(EXAMPLES) or []
