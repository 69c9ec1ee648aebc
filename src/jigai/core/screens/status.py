"""Codes of states, and the tone and icon each is drawn with: by code, never by label."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """``tone`` ends the CSS class ``jg-badge-<tone>``; ``label`` is for callers that give none."""

    tone: str
    icon: str
    label: str


OK, WARN, BAD, INFO, OPEN, CALM = "ok", "warn", "bad", "info", "open", "calm"

LOOKS: dict[str, Look] = {
    # the answer of a measure
    "pay": Look(OK, "circle-check", "可兑付"),
    "eligible": Look(OK, "circle-check", "符合"),
    "below": Look(CALM, "minus", "未达门槛"),
    "excluded": Look(BAD, "ban", "不符合"),
    "ineligible": Look(BAD, "circle-x", "不符合"),
    "missing": Look(WARN, "alert-triangle", "缺数据"),
    "undetermined": Look(OPEN, "help-circle", "未定"),
    "unverified": Look(WARN, "alert-triangle", "未核实"),
    # jobs
    "waiting": Look(CALM, "clock", "排队"),
    "running": Look(INFO, "loader-2", "进行中"),
    "done": Look(OK, "circle-check", "完成"),
    "failed": Look(BAD, "circle-x", "失败"),
    "cancelled": Look(CALM, "ban", "已取消"),
    # imports
    "reading": Look(INFO, "loader-2", "正在识别"),
    "ready": Look(WARN, "clipboard-check", "待确认"),
    "refused": Look(BAD, "circle-x", "不能识别"),
    "committing": Look(INFO, "loader-2", "正在入库"),
    "committed": Look(OK, "circle-check", "已入库"),
    "undone": Look(CALM, "arrow-back-up", "已撤销"),
    "discarded": Look(CALM, "trash", "已放弃"),
    # findings
    "error": Look(BAD, "circle-x", "错误"),
    "warning": Look(WARN, "alert-triangle", "提醒"),
    "fixed": Look(INFO, "tool", "已自动修正"),
    "info": Look(INFO, "info-circle", "说明"),
    # confirmations, hand-overs, accounts, sign-ins
    "pending": Look(WARN, "clock", "待确认"),
    "confirmed": Look(OK, "circle-check", "已确认"),
    "rejected": Look(BAD, "circle-x", "未通过"),
    "withdrawn": Look(CALM, "arrow-back-up", "已撤回"),
    "open": Look(WARN, "clock", "待办"),
    "closed": Look(CALM, "archive", "已办结"),
    "active": Look(OK, "circle-check", "启用"),
    "inactive": Look(CALM, "ban", "停用"),
    "locked": Look(BAD, "lock", "已锁定"),
    "ok": Look(OK, "circle-check", "成功"),
    "out": Look(CALM, "logout", "退出"),
    # data packs
    "checking": Look(INFO, "loader-2", "正在检查"),
    "added": Look(OK, "plus", "增加"),
    "removed": Look(BAD, "minus", "删去"),
    "changed": Look(INFO, "edit", "改动"),
    "installed": Look(OK, "circle-check", "已安装"),
    "superseded": Look(CALM, "archive", "已被替代"),
    "draft": Look(CALM, "edit", "草稿"),
    # entries of registers
    "listed": Look(OK, "circle-check", "在册"),
    "upcoming": Look(INFO, "calendar", "待生效"),
    "proposed": Look(WARN, "clock", "待审核"),
    "expired": Look(WARN, "hourglass", "已到期"),
    "revoked": Look(BAD, "ban", "已撤销"),
    # equipment against the list of eliminated models
    "eliminated": Look(BAD, "ban", "淘汰"),
    "old": Look(WARN, "clock", "老旧"),
    "modified": Look(OPEN, "help-circle", "改型待核"),
    "check": Look(OPEN, "help-circle", "待核"),
    "unlisted": Look(CALM, "minus", "不在清单"),
    # energy use against a standard
    "advanced": Look(OK, "circle-check", "达先进值"),
    "access": Look(OK, "circle-check", "达准入值"),
    "limit": Look(OK, "circle-check", "达限定值"),
    "over": Look(BAD, "ban", "超限定值"),
    "over-access": Look(BAD, "ban", "超准入值"),
    "no-value": Look(OPEN, "help-circle", "标准无此值"),
    # whether an industry is in a list on a day
    "yes": Look(OK, "circle-check", "在列"),
    "part": Look(WARN, "alert-triangle", "部分在列"),
    "no": Look(CALM, "minus", "不在列"),
    "later": Look(CALM, "clock", "以后列入"),
    "former": Look(CALM, "archive", "曾在列"),
    # applications for money
    "signing": Look(WARN, "pencil", "待成员签署"),
    "submitted": Look(INFO, "send", "已提交"),
    "correction": Look(WARN, "edit", "补正中"),
    "review": Look(INFO, "loader-2", "审核中"),
    "reviewed": Look(INFO, "clipboard-check", "审核完毕"),
    "decided": Look(OK, "circle-check", "已审定"),
    "public": Look(INFO, "bell", "公示中"),
    "held": Look(WARN, "alert-triangle", "异议暂停"),
    "cleared": Look(INFO, "clock", "待拨付"),
    "paying": Look(INFO, "loader-2", "拨付中"),
    "paid": Look(OK, "circle-check", "已拨付"),
    "recovering": Look(WARN, "arrow-back-up", "追回中"),
    "neutral": Look(CALM, "", ""),
}


def look_of(code: object) -> Look:
    """The look of a code; a code nobody has listed is shown plainly, under its own name."""
    key = str(getattr(code, "value", code) or "neutral")
    return LOOKS.get(key) or Look(CALM, "", key)
