"""Long work of a review: working a round out, accepting what is clear."""

from __future__ import annotations

from django.urls import reverse

from jigai.core.access import access_of
from jigai.core.jobs import JobContext, Outcome, job
from jigai.core.screens import formats
from jigai.errors import JigaiError
from jigai.funding.compute.claims import BASES
from jigai.funding.models import Round
from jigai.funding.review.services.accept_clear import accept_clear
from jigai.funding.review.services.run_amounts import run_amounts
from jigai.policies.words import VERDICT_WORDS

RUN, ACCEPT = "round-run", "round-accept"


@job(RUN, cancel="已经存档的测算留着，申报的金额是最近一次存档的。")
def round_run(context: JobContext) -> Outcome:
    """Work a round out on the claimed or the audited base."""
    given = context.params
    round_ = Round.objects.select_related("pack").get(pk=given["round"])
    run = run_amounts(
        round_=round_, basis=given["basis"], by=context.job.owner, progress=context.progress
    )
    counts = run.summary["verdicts"]
    told = [("基数", BASES[given["basis"]]), ("批次", round_.name)]
    told += [(word, counts[str(code)]) for code, word in VERDICT_WORDS.items()
             if str(code) in counts]  # fmt: skip
    told.append((f"{run.total_word}（元）", formats.yuan(run.summary["total_fen"])))
    return Outcome({"run": run.pk}, reverse("review-round", args=[round_.pk]), told)


@job(ACCEPT, cancel="已经受理的照旧，其余的以后再办。")
def round_accept(context: JobContext) -> Outcome:
    """Accept what is clear, with the rights its owner has now."""
    owner = context.job.owner
    if owner is None:
        raise JigaiError("no-owner", "任务的申请人已不存在")
    round_ = Round.objects.get(pk=context.params["round"])
    done = accept_clear(round_=round_, by=owner, access=access_of(owner), progress=context.progress)
    told = [("批次", round_.name), ("已受理", done["accepted"]), ("留待人工", done["left"])]
    told += [("留待人工的理由", one) for one in done["reasons"]]
    return Outcome(done, reverse("review-round", args=[round_.pk]), told)
