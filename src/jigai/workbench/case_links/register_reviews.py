"""Reviews of register proposals as cases: what is proposed opens one, its end carries it out."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from jigai.cases.about import About, register_about
from jigai.cases.addressable import register_capability
from jigai.cases.hooks import register_hook
from jigai.cases.models import Case, Task
from jigai.cases.services.act import act
from jigai.cases.services.open_case import open_case, own_procedure
from jigai.core.access import Access, access_of
from jigai.core.models import Enterprise, User
from jigai.registers.access import APPLY, APPROVE
from jigai.registers.models import Proposal
from jigai.registers.proposal_words import title_of, words_of
from jigai.registers.reviewing import ReviewWay, register_review_way
from jigai.registers.services.decide_proposal import settle_proposal
from jigai.registers.services.propose_entry import take_back

CODE, ABOUT = "register-review", "register-proposal:"


def register() -> None:
    """Carry the reviews of registers."""
    register_capability(APPROVE)
    register_review_way(ReviewWay(proposed, decide, withdraw, where))
    register_about(ABOUT.removesuffix(":"), about)
    register_hook(CODE, "closed", carry_out)
    register_hook(CODE, "ended", give_up)


def proposed(proposal: Proposal) -> None:
    """Open the case of a proposal; in the transaction that made it."""
    case_of(proposal)


def case_of(proposal: Proposal) -> Case:
    """The case of a proposal; opened now for one proposed before reviews were cases."""
    found = Case.objects.filter(key=f"{ABOUT}{proposal.pk}").first()
    return found or open_case(
        procedure=own_procedure(CODE), by=proposal.proposed_by, region=proposal.region_code,
        key=f"{ABOUT}{proposal.pk}", title=title_of(proposal), values=words_of(proposal),
        firm=_applicant(proposal),
    )  # fmt: skip


def _applicant(proposal: Proposal) -> Enterprise | None:
    """The enterprise, where its own people applied."""
    firm = proposal.entry.enterprise
    if firm is None or proposal.proposed_by is None:
        return None
    own = {g.enterprise_id for g in access_of(proposal.proposed_by).granting(APPLY)}
    return firm if firm.pk in own else None


def decide(proposal: Proposal, approve: bool, by: User, access: Access, answer: str) -> None:
    """What somebody says on the page of the entry, said in the case."""
    verb = "agree" if approve else "disagree"
    act(case=case_of(proposal).pk, verb=verb, by=by, access=access, reason=answer)


def withdraw(proposal: Proposal, by: User) -> None:
    """Taken back on the page of the entry."""
    act(
        case=case_of(proposal).pk, verb="withdraw", by=by, access=access_of(by),
        reason="提出人撤回",
    )  # fmt: skip


def carry_out(case: Case, by: User | None) -> None:
    """The review is over: what was agreed happens now, in the transaction of the last opinion."""
    proposal = _pending(case)
    last = _last_opinion(case)
    # Where time closes it (a wait behind the review), it happens on the word of who decided last.
    person = by or (last.acted_by if last else None)
    if proposal is None or person is None:
        return
    settle_proposal(
        proposal=proposal.pk, approve=case.result == Case.Result.AGREED, by=person,
        access=access_of(person), answer=last.opinion if last else "",
    )  # fmt: skip


def give_up(case: Case, by: User | None) -> None:
    """Withdrawn, voided or not accepted: nothing happens to the entry."""
    proposal = _pending(case)
    if proposal is not None:
        last = case.records.exclude(reason="").order_by("-id").first()
        take_back(proposal=proposal.pk, reason=last.reason if last else "")


def _pending(case: Case) -> Proposal | None:
    if not case.about.startswith(ABOUT):
        return None
    rows = Proposal.objects.filter(pk=int(case.about.removeprefix(ABOUT)))
    return rows.filter(state=Proposal.State.PENDING).first()


def _last_opinion(case: Case) -> Task | None:
    done = Task.objects.filter(case=case, state=Task.State.DONE).exclude(kind=Task.Kind.COPY)
    return done.select_related("acted_by").order_by("-done_at", "-id").first()


def where(proposals: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Number and address of the cases, by proposal."""
    keys = {f"{ABOUT}{pk}": pk for pk in proposals}
    rows = Case.objects.filter(key__in=keys).values_list("key", "number")
    return {keys[key]: (number, reverse("case-detail", args=[number])) for key, number in rows}


def about(pk: int) -> About | None:
    """The entry, with everything in it and what would change."""
    row = Proposal.objects.filter(pk=pk).select_related("entry").first()
    if row is None:
        return None
    return About("名录条目", str(row.entry), reverse("entry-detail", args=[row.entry_id]))


def open_missing() -> int:
    """Cases for proposals that have none: those made before reviews were cases; the number."""
    keys = Case.objects.filter(key__startswith=ABOUT).values_list("key", flat=True)
    known = {int(key.removeprefix(ABOUT)) for key in keys}
    rows = Proposal.objects.filter(state=Proposal.State.PENDING).select_related(
        "entry__register__current", "entry__enterprise", "proposed_by"
    )
    found = [row for row in rows.order_by("pk") if row.pk not in known]
    for row in found:
        case_of(row)
    return len(found)
