"""Works on cases one by one, each in its own transaction and under its lock."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable

from django.db import transaction

from jigai.cases.models import Case
from jigai.cases.services.act import finish, locked_case
from jigai.cases.services.deed import Deed, deed_of_time
from jigai.cases.services.tell import tell_supervisors
from jigai.errors import JigaiError

log = logging.getLogger(__name__)


def each_case(pks: Iterable[int], verb: str, day: dt.date, do: Callable[[Deed], bool]) -> int:
    """Let ``do`` work on each case; it says whether there was anything to do after all.

    What one case cannot do does not keep the others: it is undone, logged and reported.
    """
    return sum(_one(pk, verb, day, do) for pk in list(dict.fromkeys(pks)))


def _one(pk: int, verb: str, day: dt.date, do: Callable[[Deed], bool]) -> bool:
    try:
        with transaction.atomic():
            deed = deed_of_time(locked_case(pk), verb)
            deed.today = day
            if not do(deed):
                return False
            finish(deed)
            return True
    except JigaiError as error:
        log.warning("case %s: %s not done: %s", pk, verb, error)
        tell_supervisors(Case.objects.get(pk=pk), "按期自动处理没有办成", str(error))
        return False
