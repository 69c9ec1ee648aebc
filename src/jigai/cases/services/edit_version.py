"""Keeps the draft of a procedure's next version while somebody works on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from jigai.cases.access import require_design
from jigai.cases.flow.shapes import Procedure, read_procedure
from jigai.cases.models import CaseProcedure, ProcedureVersion
from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError


def save_draft(
    *, procedure: CaseProcedure, content: Mapping[str, Any], by: User, access: Access,
    version: int | None = None,
) -> ProcedureVersion:  # fmt: skip
    """The one draft of the procedure with this content; a draft may be unfinished.

    Raises :class:`JigaiError` (``draft-changed``) when somebody else saved or published it since
    ``version`` (0: there was none), and what :func:`read_spec` raises.
    """
    require_design(access, procedure)
    spec = read_spec(content)
    with transaction.atomic():
        CaseProcedure.objects.select_for_update(of=("self",)).get(pk=procedure.pk)
        draft = draft_of(procedure)
        if version is not None and version != (draft.version if draft else 0):
            raise JigaiError(
                "draft-changed", "这份草稿刚被别人改动或发布过", "刷新页面，看过新的内容再改"
            )
        if draft is None:
            draft = ProcedureVersion(
                procedure=procedure, number=next_number(procedure), created_by=by, version=0
            )
        put(draft, spec)
        draft.version += 1
        draft.save()
    return draft


def discard_draft(*, procedure: CaseProcedure, access: Access) -> None:
    """Throw the draft away."""
    require_design(access, procedure)
    ProcedureVersion.objects.filter(procedure=procedure, published=False).delete()


def read_spec(content: Mapping[str, Any]) -> Procedure:
    """The procedure in plain data that somebody wrote: whatever is in it, no other error than
    :class:`JigaiError` (``procedure-shape``)."""
    try:
        return read_procedure(content)
    except (AttributeError, TypeError, ValueError) as error:
        raise JigaiError(
            "procedure-shape", "结构不对：该是列表的写成了文字，或该是键和值的写成了列表",
            "steps、fields、evidence、conditions 是列表，每一项是几行“键: 值”",
        ) from error  # fmt: skip


def draft_of(procedure: CaseProcedure) -> ProcedureVersion | None:
    """The draft, if there is one."""
    return ProcedureVersion.objects.filter(procedure=procedure, published=False).first()


def put(row: ProcedureVersion, spec: Procedure) -> None:
    """The content of a version."""
    row.content, row.sha256 = spec.content(), spec.sha256
    row.__dict__.pop("spec", None)


def next_number(procedure: CaseProcedure) -> int:
    """The number of the next version."""
    rows = ProcedureVersion.objects.filter(procedure=procedure)
    return int(rows.aggregate(last=Max("number"))["last"] or 0) + 1
