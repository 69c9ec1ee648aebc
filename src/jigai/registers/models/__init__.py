"""Tables of the registers room."""

from jigai.registers.models.edition import Edition
from jigai.registers.models.enterprise_change import EnterpriseChange
from jigai.registers.models.entry import DailyRound, Entry, EntrySpan, LifeEvent
from jigai.registers.models.proposal import Proposal
from jigai.registers.models.register import Register, RegisterSchema

__all__ = [
    "DailyRound",
    "Edition",
    "EnterpriseChange",
    "Entry",
    "EntrySpan",
    "LifeEvent",
    "Proposal",
    "Register",
    "RegisterSchema",
]
