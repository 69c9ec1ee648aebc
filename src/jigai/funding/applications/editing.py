"""Opens an application for a change: who may, in which section, until when."""

from __future__ import annotations

from jigai.core.access import Access, Denied
from jigai.errors import JigaiError
from jigai.funding.applications.selectors import is_applicant
from jigai.funding.models import Application
from jigai.funding.rounds.window import require_open

State = Application.State
FORM, LINES, MATERIALS, MEMBERS = "form", "lines", "materials", "members"
SECTIONS = {FORM: "申报表", LINES: "发票与申报基数", MATERIALS: "申报材料", MEMBERS: "共同体协议"}


def locked(pk: int) -> Application:
    """The row for a change, locked in the caller's transaction."""
    rows = Application.objects.select_for_update(of=("self",))
    rows = rows.select_related("round__pack", "measure", "enterprise", "project", "consortium")
    return rows.get(pk=pk)


def open_section(
    *, application: int, section: str, access: Access, seen: int | None = None
) -> Application:
    """The locked row when this person may change this section of it now.

    In a draft everything, by the clock of the database until the round closes; in a 补正 only what
    was asked for. ``seen`` is the version the person looked at. Raises :class:`Denied` for others
    and :class:`JigaiError` otherwise.
    """
    row = locked(application)
    require_applicant(row, access)
    require_editable(row, section)
    if row.state == State.DRAFT:
        require_open(row.round)
    if seen is not None and seen != row.version:
        raise JigaiError(
            "changed-meanwhile", "共同填报人刚刚改过这一部分，您的改动还没有保存",
            "刷新页面核对后再改",
        )  # fmt: skip
    return row


def require_applicant(row: Application, access: Access) -> None:
    """Raise :class:`Denied` for whoever does not act for the applicant."""
    if not is_applicant(access, row):
        raise Denied(
            "not-the-applicant", "只有申报单位的填报人可以修改", "请申报单位添加共同填报人"
        )


def require_editable(row: Application, section: str) -> None:
    """Raise :class:`JigaiError` where this section is not open for changes."""
    if row.state == State.DRAFT:
        return
    if row.state == State.CORRECTION:
        if section in asked_sections(row):
            return
        raise JigaiError("not-asked", f"补正没有要求改“{SECTIONS[section]}”", "只改要求补正的部分")
    hint = "要修改的话先撤回签署" if row.state == State.SIGNING else "刷新页面查看状态"
    raise JigaiError("not-editable", f"{row.number} {row.get_state_display()}，不能修改", hint)


def asked_sections(row: Application) -> dict[str, str]:
    """Sections a standing 补正 asks for, with what is said about each; empty without one."""
    if row.state != State.CORRECTION:
        return {}
    step = row.steps.filter(state=State.CORRECTION).order_by("-id").first()
    asked = step.data.get("asked", []) if step else []
    return {one["id"]: one.get("say", "") for one in asked}


def open_sections(row: Application) -> set[str]:
    """Sections the applicant may change now."""
    return set(SECTIONS) if row.state == State.DRAFT else set(asked_sections(row))
