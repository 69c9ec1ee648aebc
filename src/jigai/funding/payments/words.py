"""The look of each state; the words are those of the models."""

from __future__ import annotations

from django.db import models

from jigai.funding.models import BankAccount, PaymentBatch, PaymentOrder, PaymentRequest

REQUEST_LOOKS = {
    "draft": "draft", "sent": "pending", "granted": "confirmed", "returned": "rejected",
}  # fmt: skip
BATCH_LOOKS = {
    "draft": "pending", "released": "confirmed", "sent": "running", "settled": "done",
    "void": "withdrawn",
}  # fmt: skip
ORDER_LOOKS = {
    "waiting": "waiting", "sent": "running", "paid": "done", "returned": "failed",
    "void": "cancelled",
}  # fmt: skip
ACCOUNT_LOOKS = {
    "proposed": "proposed", "verified": "confirmed", "refused": "rejected", "retired": "closed",
}  # fmt: skip


def _words(looks: dict[str, str], states: type[models.TextChoices]) -> dict[str, str]:
    return {looks[str(code)]: str(word) for code, word in states.choices}


REQUEST_WORDS = _words(REQUEST_LOOKS, PaymentRequest.State)
BATCH_WORDS = _words(BATCH_LOOKS, PaymentBatch.State)
ORDER_WORDS = _words(ORDER_LOOKS, PaymentOrder.State)
ACCOUNT_WORDS = _words(ACCOUNT_LOOKS, BankAccount.State)
