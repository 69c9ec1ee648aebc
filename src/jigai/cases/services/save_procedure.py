"""Makes a procedure, changes what it is called and where it runs, retires it."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction

from jigai.cases.access import DESIGN, require_design
from jigai.cases.flow.shapes import Procedure
from jigai.cases.models import CaseProcedure, ProcedureVersion
from jigai.cases.services.edit_version import put
from jigai.core.access import Access, Denied
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.policies.addressees import reaches
from jigai.policies.models import PackItem

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Parts of addresses beside procedures' codes.
_RESERVED = frozenset({"new", "export", "bulk"})
_ITEM = re.compile(r"[a-z0-9-]+:[A-Za-z0-9_.-]+")
# At the end of an origin: somebody changed the description, a shipped file leaves it alone now.
EDITED = "#edited"
FIELDS = ("name", "summary", "region_code", "owner", "clause", "items")


def save_procedure(
    *, values: dict[str, Any], by: User, access: Access, procedure: CaseProcedure | None = None,
    start: Procedure | None = None,
) -> CaseProcedure:  # fmt: skip
    """A new procedure (with ``code``) or a changed description; what happens in it is a version.

    ``start`` becomes the first draft of a new one. Raises :class:`Denied` for a region out of
    reach and :class:`JigaiError` for a code that is taken or badly formed, a name already used in
    the region, and items of packs that are not there.
    """
    access.require(DESIGN)
    if procedure is not None:
        require_design(access, procedure)
    region = str(values.get("region_code", procedure.region_code if procedure else ""))
    if not reaches(access, DESIGN, region):
        raise Denied("out-of-reach", "不能为这个地区设计办事方式", "选择您所在的地区")
    _check(values, procedure, region)
    with transaction.atomic():
        if procedure is None:
            row = CaseProcedure(code=values["code"], created_by=by)
        else:
            row = CaseProcedure.objects.select_for_update(of=("self",)).get(pk=procedure.pk)
            row.version += 1
            if row.origin and not row.origin.endswith(EDITED):
                row.origin += EDITED
        for name in FIELDS:
            if name in values:
                setattr(row, name, values[name])
        if start is not None:
            row.kind, row.applicant = start.kind, start.applicant
        row.save()
        if start is not None:
            draft = ProcedureVersion(procedure=row, number=1, created_by=by)
            put(draft, start)
            draft.save()
    return row


def _check(values: dict[str, Any], procedure: CaseProcedure | None, region: str) -> None:
    if procedure is None:
        code = str(values.get("code", ""))
        if not _CODE.fullmatch(code) or len(code) > 60 or code in _RESERVED:
            raise JigaiError(
                "bad-code", f"代号“{code}”不能用", "用小写字母、数字和连字符，如 parallel-approval"
            )
        if CaseProcedure.objects.filter(code=code).exists():
            raise JigaiError("code-taken", f"代号“{code}”已经用过", "换一个代号")
    name = str(values.get("name", procedure.name if procedure else "")).strip()
    if not name:
        raise JigaiError("no-name", "办事方式没有名称", "填写名称")
    twin = CaseProcedure.objects.filter(name=name, region_code=region)
    if twin.exclude(pk=procedure.pk if procedure else None).exists():
        raise JigaiError(
            "name-taken", f"本地区已有办事方式“{name}”", "换一个名称，或修改已有的办事方式"
        )
    for item in values.get("items") or ():
        slug, _, code = str(item).partition(":")
        known = PackItem.objects.filter(section="procedures", pack__slug=slug, code=code)
        if not _ITEM.fullmatch(str(item)) or not known.exists():
            raise JigaiError(
                "no-such-item",
                f"政策文件里没有事项“{item}”",
                "写成 文件:编号，如 yanzhou-2020:YZ-P01",
            )


def set_state(*, procedure: CaseProcedure, state: str, by: User, access: Access) -> CaseProcedure:
    """Retire a procedure or take it up again; cases that run go on by their version.

    Raises :class:`JigaiError` without a published version.
    """
    require_design(access, procedure)
    with transaction.atomic():
        found = CaseProcedure.objects.select_for_update(of=("self",)).get(pk=procedure.pk)
        if found.current_id is None:
            raise JigaiError("no-version", "办事方式还没有发布过", "先设计并发布")
        found.state, found.version = state, found.version + 1
        found.save(update_fields=["state", "version"])
    return found
