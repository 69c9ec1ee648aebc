"""The capabilities a person holds that tasks may be addressed to, and what comes by them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q

from jigai.cases.addressable import addressable
from jigai.cases.models import Task
from jigai.core.access import Access, Grant
from jigai.core.access.scoping import Scope, region_prefix
from jigai.policies.addressees import reaches


@dataclass(frozen=True, slots=True)
class Holding:
    """A capability that tasks may be addressed to, as one grant gives it; ``givers`` are the absent
    people (ids) whose right it is, none where it is one's own."""

    capability: str
    grant: Grant
    givers: frozenset[int]

    def covers(self, task: Task) -> bool:
        """Whether a task is addressed to this, and not kept from whose right it is."""
        return (
            task.capability == self.capability
            and task.barred_id not in self.givers
            and reaches(Access(None, (self.grant,)), self.capability, task.region_code)
        )


def holdings_of(access: Access, absent: dict[int, str]) -> Iterator[Holding]:
    """Every way a person holds one today; ``absent`` are those whose rights they have, by id."""
    for capability in addressable():
        for grant in access.granting(capability):
            if grant.enterprise_id is not None or grant.institution_id is not None:
                continue
            # Of two absent people with one name neither may be the barred one.
            givers = {pk for pk, name in absent.items() if name == grant.on_behalf} or set(absent)
            yield Holding(capability, grant, frozenset(givers if grant.on_behalf else ()))


def capability_tasks(holdings: Iterable[Holding], user: int) -> list[Q]:
    """The conditions on tasks that come by a capability, one for each way of holding it; nobody's
    yet, and not kept from this person or from whose right it is."""
    found = []
    for one in holdings:
        where = region_condition(one.grant)
        if where is not None:
            mine = Q(person__isnull=True, capability=one.capability) & where
            found.append(mine & ~Q(barred__in=[user, *sorted(one.givers)]))
    return found


def region_condition(grant: Grant) -> Q | None:
    """The regions a grant covers, as a condition on ``region_code``; ``None`` for no region."""
    if grant.programme:
        return None
    if grant.scope == Scope.ALL:
        return Q()
    if grant.scope == Scope.DEPARTMENT:
        return Q(region_code__in=grant.regions)
    if grant.scope not in (Scope.BELOW, Scope.CUSTOM):
        return None
    prefixes = [region_prefix(code) for code in grant.regions if len(code) > 1]
    return reduce(or_, (Q(region_code__startswith=one) for one in prefixes), Q(pk__in=()))
