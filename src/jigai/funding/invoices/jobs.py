"""Works out paid applications anew after papers changed."""

from __future__ import annotations

from jigai.core.jobs import JobContext, Outcome, job
from jigai.funding.invoices.later_papers import RECHECK
from jigai.funding.models import Application
from jigai.funding.recovery.services.check_paid import check_paid


@job(RECHECK, cancel="已经立项的追回保留，其余的再次启动后重算。")
def recheck(context: JobContext) -> Outcome:
    """One application after the other; each recovery is opened once, however often this runs."""
    keys, opened = context.params["applications"], 0
    for place, key in enumerate(keys):
        context.progress(f"已重算 {place} / {len(keys)} 笔", place / max(len(keys), 1))
        application = Application.objects.get(pk=key)
        opened += check_paid(application=application, by=None) is not None
    return Outcome(result={"opened": opened}, told=[("新立追回", opened)])
