"""Opens a recovery: money that may have to come back, for another person to confirm."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jigai.core.models import User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.funding.applications.services.move_application import note
from jigai.funding.models import Application, Recovery
from jigai.funding.numbers import next_number
from jigai.policies.addressees import people_with


def open_recovery(
    *, application: Application, reason: str, trigger: str, text: str, amount_fen: int | None,
    basis: dict[str, Any], by: User | None,
) -> Recovery:  # fmt: skip
    """Open it once for a trigger; the one that stands already comes back as it is.

    ``amount_fen`` ``None`` is not known yet: whoever confirms has to set it. ``by`` is nobody where
    the platform found it. Raises :class:`JigaiError` for an application that was not paid or for
    more than it got.
    """
    with transaction.atomic():
        mine = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
        held = Recovery.objects.filter(trigger=trigger).first()
        if held is not None:
            return held
        _check(mine, amount_fen, text)
        number = next_number("ZH", mine.region_code, timezone.localdate().year)
        made = Recovery.objects.create(
            number=number, application=mine, enterprise_id=mine.enterprise_id,
            region_code=mine.region_code, reason=reason, trigger=trigger, text=text[:400],
            amount_fen=amount_fen or 0, basis={**basis, "open": amount_fen is None}, opened_by=by,
        )  # fmt: skip
        note(application=mine, text=f"提出追回 {number}：{text}", by=by)
        transaction.on_commit(lambda: _tell(made))
    return made


def _check(application: Application, fen: int | None, text: str) -> None:
    if application.state not in ("paid", "recovering"):
        raise JigaiError(
            "not-paid", f"{application.number} 现为“{application.get_state_display()}”，还没有拨付",
            "没有拨付的不必追回；金额有变化的，拨付前重新测算",
        )  # fmt: skip
    if fen is not None and not 0 < fen <= (application.paid_fen or 0):
        raise JigaiError(
            "recovery-amount", "追回金额要大于零，且不超过已拨付的金额", "核对已拨付金额后重填"
        )
    if not text.strip():
        raise JigaiError("no-reason", "还没有写追回的事由", "写清依据和经过")


def _tell(recovery: Recovery) -> None:
    url = reverse("recovery-detail", args=[recovery.pk])
    for person in people_with("recovery.confirm", recovery.region_code):
        send_notice(user=person, event="recovery-opened", title=f"待核定追回 {recovery.number}",
                    body=recovery.text, url=url)  # fmt: skip
