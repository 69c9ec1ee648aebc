"""Drafts as packs: what the linter says of a draft, and the model that can be run."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

from jigai.errors import JigaiError
from jigai.policies.editor.identity import with_status
from jigai.policies.examined_packs import Examined, examine_files
from jigai.policies.models import PackDraft
from jigai.policies.stored_packs import files_hash
from jigai.policies.uploaded_packs import laid_out_aside, with_bases
from jigai.policies.yaml_bounds import bounds_problem
from jigai.rules.errors import PackError
from jigai.rules.loader import load_pack
from jigai.rules.model import Model, build_model

# One person works on one draft; a few people at once work on a few.
MOST_KEPT = 6
_KEPT: OrderedDict[str, Examined] = OrderedDict()


def examined_draft(slug: str, files: Mapping[str, str]) -> Examined:
    """What the linter says of the files, examples run; kept for as long as nothing changes.

    The bases are those installed now: a new version of one is examined again.
    """
    key = _key(slug, files)
    if key is not None and key in _KEPT:
        _KEPT.move_to_end(key)
        return _KEPT[key]
    found = _as_issued(slug, files)
    if key is not None:
        _KEPT[key] = found
        while len(_KEPT) > MOST_KEPT:
            _KEPT.popitem(last=False)
    return found


def _as_issued(slug: str, files: Mapping[str, str]) -> Examined:
    """Examined as it will be once issued, for its examples say what holds then; the model is that
    of the draft all the same, under which nothing is ever payable."""
    name = f"{slug}/pack.yaml"
    try:
        issued = with_status(slug, files, "issued")
    except JigaiError:
        return examine_files(slug, files)
    found = examine_files(slug, issued)
    if found.model is None:
        return found
    kept = {**found.files, name: files[name]}
    with laid_out_aside(slug, kept) as folder:
        return Examined(found.problems, kept, build_model(load_pack(folder)))


def _key(slug: str, files: Mapping[str, str]) -> str | None:
    """Hash of the files with their bases; nothing for a text that is not safe to read."""
    if any(bounds_problem(name, text) for name, text in files.items()):
        return None
    try:
        return files_hash(with_bases(slug, files))
    except PackError:
        return None


def model_of_draft(draft: PackDraft) -> Model:
    """The checked model of a draft.

    Raises :class:`JigaiError` (``draft-faulty``) with the first of the linter's errors, the place
    in the file and how to mend it.
    """
    examined = examined_draft(draft.slug, draft.files)
    if examined.model is not None:
        return examined.model
    first = examined.errors[0]
    raise JigaiError(
        "draft-faulty",
        f"起草稿有 {len(examined.errors)} 处错误：{first.place} {first.message}",
        first.fix or "在起草页改正后再试",
    )
