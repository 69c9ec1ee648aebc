"""Words and states of public money from elsewhere."""

from __future__ import annotations

from jigai.funding.models import OtherFunding

MATCHED, APPLIED, APPROVED, RECEIVED, REFUSED, RETURNED = OtherFunding.State.values
# Codes of the vocabulary's 其他资金类别.
KINDS = {"upper": "上级财政", "same_level": "本级财政", "equity": "基金股权", "tax": "税收优惠"}
LEVELS = {"national": "国家", "province": "省级", "city": "市级", "county": "区县级"}
LOOKS = {
    MATCHED: "pending", APPLIED: "submitted", APPROVED: "confirmed", RECEIVED: "paid",
    REFUSED: "rejected", RETURNED: "closed",
}  # fmt: skip
# What may follow what; what was refused or paid back may be sought again.
FOLLOWING = {
    MATCHED: (APPLIED, APPROVED, RECEIVED, REFUSED),
    APPLIED: (APPROVED, RECEIVED, REFUSED),
    APPROVED: (RECEIVED, REFUSED),
    RECEIVED: (RETURNED,),
    REFUSED: (APPLIED,),
    RETURNED: (),
}
# The day that a state needs, and what it is called on screen.
DAY_OF = {
    APPLIED: ("applied_on", "申报日期"), APPROVED: ("approved_on", "批复日期"),
    RECEIVED: ("received_on", "到账日期"),
}  # fmt: skip
