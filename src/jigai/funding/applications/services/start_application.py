"""An enterprise begins an application in an open round; what is held is filled in."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from jigai.core.access import Access, Denied
from jigai.core.models import Enterprise, User
from jigai.errors import JigaiError
from jigai.funding.applications.pool import buyers_of, left_of, pool_of, refusal_of
from jigai.funding.applications.prefill import prefilled_values
from jigai.funding.applications.selectors import own_enterprises
from jigai.funding.applications.services.move_application import note
from jigai.funding.applications.states import OVER
from jigai.funding.invoices.items import ensure_items
from jigai.funding.models import (
    Application,
    ApplicationLine,
    Consortium,
    MemberSignature,
    RoundMeasure,
)
from jigai.funding.numbers import next_number
from jigai.funding.rounds.window import require_open
from jigai.projects.models import Project


def start_application(
    *, measure: RoundMeasure, project: Project | None = None, consortium: Consortium | None = None,
    by: User, access: Access,
) -> Application:  # fmt: skip
    """A draft for a project, or for a consortium by its lead, with held values and free invoices.

    Raises :class:`Denied` for another enterprise's subject and :class:`JigaiError` where the round
    is closed, the subject is of the wrong kind, or it has been applied for.
    """
    access.require("application.apply")
    firm = _applicant(access, project, consortium)
    _require_kind(measure, consortium)
    round_ = measure.round
    with transaction.atomic():
        require_open(round_)
        _require_new(measure, project, consortium)
        row = Application(
            number=next_number("SB", round_.region_code, round_.year), round=round_,
            measure=measure, region_code=round_.region_code, enterprise=firm, project=project,
            consortium=consortium, created_by=by, title=_title(measure, project, consortium),
            subject_key=str(project.pk) if project else consortium.code if consortium else "",
        )  # fmt: skip
        row.values = prefilled_values(row, measure)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise _twice(row.title) from error
        _sign_places(row)
        fill_lines(row)
        note(application=row, text="开始填报", by=by)
    return row


def fill_lines(row: Application) -> None:
    """Count what is left of every line that already belongs to the subject."""
    ensure_items(pool_of(row))
    buyers = set(buyers_of(row))
    owned = pool_of(row).exclude(project=None, consortium=None)
    wanted = [
        ApplicationLine(application=row, line=line, share_fen=left)
        for line in owned
        if not refusal_of(line, buyers, left := left_of(line))
    ]
    ApplicationLine.objects.bulk_create(wanted)
    row.claimed_fen = sum(line.share_fen for line in wanted) if wanted else None
    row.save(update_fields=["claimed_fen"])


def _applicant(
    access: Access, project: Project | None, consortium: Consortium | None
) -> Enterprise:
    if project is not None:
        firm = project.enterprise
    else:
        leads = consortium.members.filter(role="lead", duplicate=False) if consortium else None
        lead = leads.select_related("enterprise").first() if leads is not None else None
        firm = lead.enterprise if lead else None
    if firm is None or firm.pk not in own_enterprises(access):
        raise Denied("not-yours", "只能为本企业的项目、或本企业牵头的共同体申报", "核对项目归属")
    return firm


def _require_kind(measure: RoundMeasure, consortium: Consortium | None) -> None:
    wanted = measure.subject == "consortium"
    if wanted != (consortium is not None):
        word = "共同体" if wanted else "单个项目"
        raise JigaiError("wrong-subject", f"“{measure.name}”由{word}申报", "换一项措施或对象")


def _require_new(
    measure: RoundMeasure, project: Project | None, consortium: Consortium | None
) -> None:
    same = Application.objects.filter(round=measure.round).exclude(state__in=OVER)
    if project is not None:
        same = same.filter(project=project, measure=measure)
    else:
        same = same.filter(consortium=consortium)
    row = same.first()
    if row is not None:
        raise _twice(f"{row.number} {row.title}（{row.get_state_display()}）")


def _twice(name: str) -> JigaiError:
    return JigaiError(
        "applied-already", f"本批次已经有这一项申报：{name}", "到“我的申报”里继续填写"
    )


def _title(measure: RoundMeasure, project: Project | None, consortium: Consortium | None) -> str:
    return f"{project.name if project else consortium}（{measure.name}）"[:300]


def _sign_places(row: Application) -> None:
    if row.consortium is None:
        return
    members = row.consortium.members.filter(duplicate=False).exclude(enterprise=None)
    MemberSignature.objects.bulk_create(
        MemberSignature(application=row, member=member, enterprise_id=member.enterprise_id)
        for member in members.order_by("id")
    )
