"""Invoices and consortia, special funds, rounds, applications, decisions, payments, recovery."""

from __future__ import annotations

from jigai.funding.models.application import (
    Application,
    ApplicationEditor,
    ApplicationLine,
    ApplicationStep,
    EvidenceCheck,
    MemberSignature,
    OtherFunding,
)
from jigai.funding.models.award import AwardGrant, FeeWaiver
from jigai.funding.models.consortium import Consortium, ConsortiumMember
from jigai.funding.models.decision import (
    DecisionLine,
    DecisionList,
    Objection,
    Publicity,
    PublicityLine,
)
from jigai.funding.models.invoice import InvoiceItem, InvoiceLine, InvoiceUse
from jigai.funding.models.number import FundingNumber
from jigai.funding.models.payment import (
    BankAccount,
    CostShare,
    PaymentBatch,
    PaymentOrder,
    PaymentRequest,
    Recovery,
    Repayment,
    RequestLine,
    ReturnFile,
)
from jigai.funding.models.programme import Allocation, BudgetChange, Programme
from jigai.funding.models.round import CaseTopic, Round, RoundMeasure
from jigai.funding.models.suspect import SuspectMember, SuspectSet

__all__ = [
    "Allocation", "Application", "ApplicationEditor", "ApplicationLine", "ApplicationStep",
    "AwardGrant", "BankAccount", "BudgetChange", "CaseTopic", "Consortium", "ConsortiumMember",
    "CostShare", "DecisionLine", "DecisionList", "EvidenceCheck", "FeeWaiver", "FundingNumber",
    "InvoiceItem", "InvoiceLine", "InvoiceUse", "MemberSignature", "Objection", "OtherFunding",
    "PaymentBatch", "PaymentOrder", "PaymentRequest", "Programme", "Publicity", "PublicityLine",
    "Recovery", "Repayment", "RequestLine", "ReturnFile", "Round", "RoundMeasure",
    "SuspectMember", "SuspectSet",
]  # fmt: skip
