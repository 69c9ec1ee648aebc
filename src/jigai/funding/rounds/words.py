"""Words and looks of rounds."""

from __future__ import annotations

from typing import Any

from jigai.funding.models import CaseTopic, Round

LOOKS: dict[Any, str] = {
    Round.State.DRAFT: "draft", Round.State.OPEN: "active", Round.State.CLOSED: "pending",
    Round.State.DECIDED: "confirmed", Round.State.DONE: "done", Round.State.CANCELLED: "cancelled",
}  # fmt: skip
LOOK_WORDS = {LOOKS[code]: str(word) for code, word in Round.State.choices}
TOPIC_LOOKS: dict[Any, str] = {
    CaseTopic.State.PREPARED: "draft", CaseTopic.State.TABLED: "pending",
    CaseTopic.State.DECIDED: "confirmed", CaseTopic.State.REFUSED: "rejected",
    CaseTopic.State.FULFILLED: "done",
}  # fmt: skip
TOPIC_WORDS = {TOPIC_LOOKS[code]: str(word) for code, word in CaseTopic.State.choices}
# What each way of applying means, told where it is chosen and on the public page.
MODES: dict[Any, str] = {
    Round.Mode.APPLY: "企业按条件申报，审核后公示、拨付",
    Round.Mode.CONFIRM: "平台按已有数据算出应享名单，企业一键确认；不确认视为不申请，不会拨付",
    Round.Mode.INSTANT: "随报随核：条件都符合、没有需要人工核实的，提交后直接进入审定",
    Round.Mode.COMPETE: "截止前密封，专家评分后按名次支持",
    Round.Mode.CASE: "提请会议逐项议定，金额以会议决定为准，不套公式",
}
