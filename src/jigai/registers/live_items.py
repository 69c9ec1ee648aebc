"""How the registers and titles of a document stand, for its living page."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access
from jigai.policies.models import PackItem
from jigai.policies.sections import Live
from jigai.registers.access import visible_registers
from jigai.registers.models import EntrySpan, Register
from jigai.registers.selectors import on_day
from jigai.registers.services.install_items import reference_of


def live_registers(access: Access, items: Sequence[PackItem]) -> dict[int, Live]:
    """Numbers in force today, with the way to the register for those who may open it."""
    wanted = {reference_of(item): item.pk for item in items}
    registers = Register.objects.filter(items__overlap=list(wanted)).order_by("pk")
    known = list(registers.exclude(state=Register.State.RETIRED))
    open_to = set(
        visible_registers(access).filter(pk__in=[r.pk for r in known]).values_list("pk", flat=True)
    )
    rows = EntrySpan.objects.filter(on_day(timezone.localdate()), register__in=known)
    counts = dict(rows.order_by().values_list("register").annotate(count=Count("pk")))
    found = {}
    for register in known:
        count = counts.get(register.pk, 0)
        url = reverse("register-detail", args=[register.code]) if register.pk in open_to else ""
        word = "在册" if register.kind != Register.Kind.CATALOGUE else "收录"
        live = Live("done" if count else "neutral", f"{word} {count:,} 条", url)
        found.update({wanted[name]: live for name in register.items if name in wanted})
    return found
