"""Begins and hands in a case at once, for a room in which the matter came up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from jigai.cases.models import Case, CaseProcedure
from jigai.cases.services.act import finish
from jigai.cases.services.deed import Deed
from jigai.cases.services.deeds.draft import hand_in
from jigai.cases.services.load_content import FOLDER, load_file
from jigai.cases.services.start_case import new_case
from jigai.cases.services.write_values import take_values
from jigai.core.models import Enterprise, User
from jigai.core.platform_calendar import platform_calendar

_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('cases.open'), hashtext(%s))"


def open_case(
    *, procedure: CaseProcedure, by: User | None, region: str, key: str, title: str,
    values: Mapping[str, Any], firm: Enterprise | None = None,
) -> Case:  # fmt: skip
    """A case that is handed in already; the calling room has checked who may.

    ``key`` names the matter in that room (``register-proposal:5``) and is the address back to it;
    asking a second time gives the same case. Conditions, materials and gates are those of the
    room's own rules and are not asked here.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_ONE_AT_A_TIME, [key])
        found = Case.objects.filter(key=key).first()
        if found is not None:
            return found
        case = new_case(procedure, by, region, firm, about=key, key=key, title=title)
        take_values(case, case.release.spec.fields, values)
        deed = Deed(
            case, "submit", by, None, None, [], timezone.localdate(), platform_calendar()
        )  # fmt: skip
        hand_in(deed)
        finish(deed)
    return case


def own_procedure(code: str) -> CaseProcedure:
    """A procedure that ships and that a room's own work goes by; loaded if it is not there yet.

    Retired or not it is followed: what it carries out does not stop because nobody applies by it.
    """
    rows = CaseProcedure.objects.select_related("current")
    found = rows.filter(code=code, current__isnull=False).first()
    if found is None:
        load_file(FOLDER / f"{code}.yaml")
        found = rows.get(code=code)
    return found
