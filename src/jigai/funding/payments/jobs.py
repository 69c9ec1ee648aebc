"""Long work of payments: large batches, and files of answers."""

from __future__ import annotations

from django.urls import reverse

from jigai.core.access import access_of
from jigai.core.jobs import JobContext, Outcome, job
from jigai.core.models import EvidenceFile, User
from jigai.errors import JigaiError
from jigai.funding.models import ReturnFile
from jigai.funding.payments.services.book_answers import book_answers
from jigai.funding.payments.services.make_batch import make_batch
from jigai.funding.payments.services.send_batch import send_batch

ANSWERS, MAKE, SEND = "payment-answers", "payment-make", "payment-send"
# Up to so many payments the page itself waits for the work.
AT_ONCE = 2000


def register() -> None:
    """Importing this file makes the work known; pages call it so that workers know it too."""


@job(ANSWERS)
def take_answers(context: JobContext) -> Outcome:
    """Book a file of answers. Begun again after a crash, it finds what it booked before."""
    owner, params = _owner(context), context.params
    file = EvidenceFile.objects.get(pk=params["file"])
    try:
        record = book_answers(
            batch=params["batch"], file=file, by=owner, access=access_of(owner),
            progress=context.progress,
        )  # fmt: skip
    except JigaiError as error:
        mine = ReturnFile.objects.filter(
            file_hash=file.sha256, by=owner, at__gte=context.job.created_at
        )
        if error.code != "answers-repeated" or not mine.exists():
            raise
        record = mine.get()
    told: list[tuple[str, str | int]] = [
        ("到账", record.paid), ("退票", record.returned), ("问题行", len(record.problems)),
    ]  # fmt: skip
    return Outcome(url=reverse("payment-answers", args=[record.pk]), told=told)


@job(MAKE)
def make_large(context: JobContext) -> Outcome:
    """Make a batch of more payments than a page waits for."""
    owner = _owner(context)
    context.progress("制单", 0.1)
    batch = make_batch(request=context.params["pk"], by=owner, access=access_of(owner))
    return Outcome(url=reverse("payment-batch", args=[batch.pk]), told=[("笔数", batch.rows)])


@job(SEND)
def send_large(context: JobContext) -> Outcome:
    """Send a batch of more payments than a page waits for."""
    owner, params = _owner(context), context.params
    context.progress("送出", 0.1)
    batch = send_batch(batch=params["pk"], seen=params["seen"], by=owner, access=access_of(owner))
    return Outcome(url=reverse("payment-batch", args=[batch.pk]), told=[("笔数", batch.rows)])


def _owner(context: JobContext) -> User:
    owner = context.job.owner
    assert owner is not None
    return owner
