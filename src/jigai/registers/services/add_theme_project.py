"""Takes a project of the library into a database on a theme, by its key."""

from __future__ import annotations

from django.db import transaction

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.registers.models import Entry, Register
from jigai.registers.selectors import register_by_code
from jigai.registers.services.propose_entry import propose_entry
from jigai.registers.special.project_source import project_facts, projects_by_key


def add_theme_project(
    *, database: str, project: int, theme: str, by: User, access: Access
) -> Entry:
    """Propose the project for the database; only its key and the theme are the database's own.

    Raises :class:`JigaiError` for a project that is not in the library (or out of reach) and for
    one that is in the database already, be it under the key of a repeated ledger row.
    """
    facts = project_facts(access, project)
    if facts is None:
        raise JigaiError("no-project", "项目库里没有这个项目，或不在您的范围",
                         "先把项目登记进项目库")  # fmt: skip
    register = register_by_code(database)
    key = facts.same_as or facts.pk
    with transaction.atomic():
        # Two people taking it in under two keys at once wait for each other.
        Register.objects.select_for_update(of=("self",)).get(pk=register.pk)
        _refuse_twin(register, key, access)
        values = {
            "name": facts.name, "project": str(key), "place": facts.region, "theme": theme,
            "enterprise": {"id": facts.enterprise, "name": facts.enterprise_name},
        }  # fmt: skip
        return propose_entry(
            register=register, values=values, by=by, access=access,
            source=f"项目库 {facts.year} 年 第 {key} 号",
        )  # fmt: skip


def _refuse_twin(register: Register, key: int, access: Access) -> None:
    rows = Entry.objects.filter(register=register).exclude(
        state__in=[Entry.State.REFUSED, Entry.State.WITHDRAWN]
    )
    keys = {int(k): k for k in rows.values_list("values__project", flat=True) if str(k).isdecimal()}
    same = {k for k, facts in projects_by_key(access, keys).items() if facts.same_as == key}
    if key in keys or same & set(keys):
        raise JigaiError("twin", f"“{register.name}”里已有这个项目", "在原来的一行上变更")
