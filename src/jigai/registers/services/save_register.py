"""Makes a register, or changes what it is called and who keeps it."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction

from jigai.core.access import Access, Denied
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.policies.addressees import reaches
from jigai.registers.access import DESIGN, require_design
from jigai.registers.models import Register

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Parts of addresses beside registers' codes.
_RESERVED = frozenset({"new", "inbox", "export", "entries", "special"})
FIELDS = ("name", "kind", "keeper", "region_code", "level", "purpose", "cadence", "admission",
          "note", "public")  # fmt: skip


def save_register(
    *, values: dict[str, Any], by: User, access: Access, register: Register | None = None
) -> Register:
    """A new register (with ``code``) or a changed definition; the schema is another matter.

    Raises :class:`Denied` for a region out of reach, :class:`JigaiError` for a code that is taken
    or badly formed, a name already used in the region, and an unknown kind.
    """
    access.require(DESIGN)
    if register is not None:
        require_design(access, register)
    region = str(values.get("region_code", register.region_code if register else ""))
    if not reaches(access, DESIGN, region):
        raise Denied("out-of-reach", "不能为这个地区设计名录", "选择您所在的地区")
    _check(values, register, region)
    with transaction.atomic():
        if register is None:
            register = Register(code=values["code"], created_by=by)
        else:
            register = Register.objects.select_for_update(of=("self",)).get(pk=register.pk)
            register.version += 1
        for name in FIELDS:
            if name in values:
                setattr(register, name, values[name])
        register.save()
    return register


def _check(values: dict[str, Any], register: Register | None, region: str) -> None:
    if register is None:
        code = str(values.get("code", ""))
        if not _CODE.fullmatch(code) or len(code) > 60 or code in _RESERVED:
            raise JigaiError(
                "bad-code", f"代号“{code}”不能用", "用小写字母、数字和连字符，如 key-firms"
            )
        if Register.objects.filter(code=code).exists():
            raise JigaiError("code-taken", f"代号“{code}”已经用过", "换一个代号")
    if values.get("kind", "list") not in Register.Kind.values:
        raise JigaiError("bad-kind", "没有这种类别", "从列表里选择")
    name = str(values.get("name", register.name if register else "")).strip()
    if not name:
        raise JigaiError("no-name", "名录没有名称", "填写名称")
    twin = Register.objects.filter(name=name, region_code=region)
    if twin.exclude(pk=register.pk if register else None).exists():
        raise JigaiError("name-taken", f"本地区已有名录“{name}”", "换一个名称，或修改已有的名录")


def set_state(*, register: Register, state: str, by: User, access: Access) -> Register:
    """Retire a register or take it up again. Raises :class:`JigaiError` without a schema."""
    require_design(access, register)
    with transaction.atomic():
        found = Register.objects.select_for_update(of=("self",)).get(pk=register.pk)
        if state == str(Register.State.PUBLISHED) and found.current_id is None:
            raise JigaiError("no-schema", "名录还没有发布过结构", "先设计字段并发布")
        found.state, found.version = state, found.version + 1
        found.save(update_fields=["state", "version"])
    return found
