"""Loads the procedures that ship with the platform; a second time there is nothing to do."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import pghistory
from django.db import connection, transaction

from jigai.cases.content_check import Content, check_file
from jigai.cases.models import CaseProcedure, ProcedureVersion
from jigai.cases.services.edit_version import next_number, put
from jigai.cases.services.publish_version import make_current
from jigai.cases.services.save_procedure import EDITED
from jigai.core.models.reference import ReferenceInstall
from jigai.errors import JigaiError

FOLDER = Path(__file__).resolve().parent.parent / "content"
DEMO = "demo-*.yaml"
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('cases.content'))"
# Raised when the loader itself changes, so that files loaded by the older one are done again.
_EDITION = b"1"


def load_content(tell: Callable[[str], None] = lambda text: None, folder: Path = FOLDER) -> int:
    """Load every file whose content has not been loaded yet; the number loaded."""
    return _load(sorted(set(folder.glob("*.yaml")) - set(folder.glob(DEMO))), tell)


def load_demo(tell: Callable[[str], None] = lambda text: None, folder: Path = FOLDER) -> int:
    """Load ``demo-*.yaml``: procedures of the sample district; the number loaded."""
    return _load(sorted(folder.glob(DEMO)), tell)


def _load(files: Sequence[Path], tell: Callable[[str], None]) -> int:
    known = dict(
        ReferenceInstall.objects.filter(name__startswith="procedure:").values_list("name", "sha256")
    )
    stale = [path for path in files if known.get(_mark(path)) != _digest(path)]
    for path in stale:
        procedure = load_file(path)
        tell(f"载入{'示例' if path.match(DEMO) else ''}办事方式：{procedure.name}")
    return len(stale)


def load_file(path: Path) -> CaseProcedure:
    """Load one file in one transaction: what the procedure is, and its version.

    What people changed stays: the description once somebody edited it, and a version only follows
    where the last one published came from the file; an unfinished draft of somebody's is not
    touched, and one that was retired stays retired. Raises :class:`JigaiError` naming file and
    place.
    """
    content = check_file(path)
    origin = f"content:{path.stem}"[:160]
    with transaction.atomic(), pghistory.context(reason=f"载入随版本提供的办事方式 {path.name}"):
        with connection.cursor() as cursor:
            cursor.execute(_LOCK)
        procedure = _define(content, origin)
        _give_version(procedure, content, origin)
        ReferenceInstall.objects.update_or_create(
            name=_mark(path), defaults={"sha256": _digest(path), "rows": 1}
        )
    return procedure


def _mark(path: Path) -> str:
    # The column is short and names of files are not.
    return f"procedure:{hashlib.sha256(path.stem.encode()).hexdigest()[:29]}"


def _digest(path: Path) -> str:
    return hashlib.sha256(_EDITION + path.read_bytes()).hexdigest()


def _define(content: Content, origin: str) -> CaseProcedure:
    given = content.about
    code = str(given["code"])
    rows = CaseProcedure.objects.select_for_update(of=("self",)).select_related("current")
    found = rows.filter(code=code).first()
    if found is not None and found.origin.removesuffix(EDITED) != origin:
        raise JigaiError(
            "content-code", f"{content.name} 的代号“{code}”已被另一办事方式使用", "换一个代号"
        )
    if found is not None and found.origin != origin:
        return found
    row = found or CaseProcedure(code=code, origin=origin)
    row.name, row.region_code = str(given["name"])[:120], str(given.get("region") or "")
    for name in ("summary", "owner", "clause"):
        most = CaseProcedure._meta.get_field(name).max_length
        setattr(row, name, str(given.get(name) or "")[:most])
    row.systems = [str(one) for one in given.get("systems") or ()]
    row.items = [str(one) for one in given.get("items") or ()]
    if found is None:
        row.kind, row.applicant = content.spec.kind, content.spec.applicant
    row.save()
    return row


def _give_version(procedure: CaseProcedure, content: Content, origin: str) -> None:
    current = procedure.current
    if current is not None and (current.sha256 == content.spec.sha256 or current.origin != origin):
        return
    if ProcedureVersion.objects.filter(procedure=procedure, published=False).exists():
        return
    state = procedure.state
    row = ProcedureVersion(procedure=procedure, number=next_number(procedure), origin=origin)
    put(row, content.spec)
    row.save()
    make_current(procedure, row, None)
    if state == CaseProcedure.State.RETIRED:
        procedure.state = state
        procedure.save(update_fields=["state"])
