"""Briefings of a county, for tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from jigai.core.access import access_of
from jigai.core.models import Enterprise, User
from jigai.outreach.models import Briefing, Invitation
from jigai.outreach.services.plan_briefing import invite, plan_push, plan_session
from jigai.outreach.services.publish_briefing import publish_briefing
from jigai.policies.models import Clause, PackItem, PackVersion
from tests.factories import make_enterprise, make_user
from tests.outreach.distribution_cases import work_off

SLUG = "yanzhou-2020"
RATE = f"{SLUG}#equipment"
CLAUSE = "四.1"


def document() -> PackVersion:
    """A document with one measure and its clause, without its rules."""
    pack = PackVersion.objects.create(
        slug=SLUG, sha256="0" * 64, title="兖州技改意见", region_code="370812", status="issued",
        files={},
    )  # fmt: skip
    Clause.objects.create(pack=pack, place=1, code=CLAUSE, heading="设备", summary="设备补助。")
    PackItem.objects.create(
        pack=pack, section="measures", place=1, code="equipment", name="设备奖补",
        clauses=[CLAUSE], data={},
    )  # fmt: skip
    return pack


def firm(name: str, handled: bool = True, **fields: Any) -> Enterprise:
    """An enterprise, with an account for it unless told otherwise."""
    row = make_enterprise(name, **fields)
    if handled:
        make_user("enterprise-handler", enterprise=row)
    return row


def handler(row: Enterprise) -> User:
    """The account of an enterprise."""
    return User.objects.get(assignments__enterprise=row)


def push(by: User, firms: Iterable[Enterprise], topics: tuple[str, ...] = (SLUG,)) -> Briefing:
    """A push that has gone out."""
    made = plan_push(title="政策速递", text="", topics=topics, by=by, access=access_of(by))
    return published(made, firms, by)


def session(
    by: User, firms: Iterable[Enterprise], topics: tuple[str, ...] = (SLUG,), **changes: Any
) -> Briefing:
    """A session tomorrow that enterprises have been told of."""
    given = {
        "title": "技改政策宣讲", "held_at": timezone.now() + dt.timedelta(days=1),
        "place": "示例会议室", "speaker": "", "capacity": None, "text": "", "topics": topics,
        **changes,
    }  # fmt: skip
    return published(plan_session(by=by, access=access_of(by), **given), firms, by)


def published(made: Briefing, firms: Iterable[Enterprise], by: User) -> Briefing:
    """Told, with the notices."""
    invite(briefing=made.pk, enterprises=firms, access=access_of(by))
    found = publish_briefing(briefing=made.pk, by=by, access=access_of(by))
    work_off()
    return found


def begun(made: Briefing) -> Briefing:
    """The time of the session has come."""
    Briefing.objects.filter(pk=made.pk).update(held_at=timezone.now())
    return Briefing.objects.get(pk=made.pk)


def of(made: Briefing, row: Enterprise) -> Invitation:
    """One enterprise's invitation."""
    return Invitation.objects.get(briefing=made, enterprise=row)
