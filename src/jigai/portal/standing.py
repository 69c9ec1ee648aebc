"""How a document stands on a day, as the public must read it: in words, with what follows it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse

from jigai.core.screens import formats
from jigai.outreach.consultation_selectors import UNOPENED
from jigai.outreach.models import Consultation
from jigai.policies.models import PackVersion
from jigai.policies.successions import installed, replaced_by

DRAFT, WAITING, IN_FORCE, EXPIRED, REPLACED, REPEALED, OLDER = (
    "draft", "waiting", "in-force", "expired", "replaced", "repealed", "older",
)  # fmt: skip
WORDS = {
    IN_FORCE: "有效",
    WAITING: "尚未施行",
    DRAFT: "征求意见稿",
    EXPIRED: "已过期",
    REPLACED: "已被替代",
    REPEALED: "已废止",
    OLDER: "以前的版本",
}
# Status codes of the house style.
LOOKS = {
    IN_FORCE: "ok",
    WAITING: "waiting",
    DRAFT: "pending",
    EXPIRED: "closed",
    REPLACED: "superseded",
    REPEALED: "closed",
    OLDER: "superseded",
}


@dataclass(frozen=True, slots=True)
class Banner:
    """The state, what it means for a reader, and where to go on."""

    state: str
    text: str
    links: tuple[tuple[str, str], ...] = ()

    @property
    def word(self) -> str:
        """The state in words."""
        return WORDS[self.state]

    @property
    def look(self) -> str:
        """The status code of the house style."""
        return LOOKS[self.state]

    @property
    def tone(self) -> str:
        """How the banner is drawn."""
        return {IN_FORCE: "ok", DRAFT: "warn", WAITING: "info"}.get(self.state, "warn")


def state_on(version: PackVersion, day: dt.date) -> str:
    """The state by the columns of the document; a list must not open every pack for it.

    The same as :func:`jigai.policies.policy_status.status_of`, both ends of validity included.
    """
    if version.status == "draft":
        return DRAFT
    if version.status == "superseded":
        return REPLACED
    if version.status == "repealed":
        return REPEALED
    begin = version.valid_from or version.issued
    if begin and day < begin:
        return WAITING
    if version.valid_to and day > version.valid_to:
        return EXPIRED
    return IN_FORCE


def banner_of(version: PackVersion, day: dt.date) -> Banner:
    """The banner above a document, with its successor or final version."""
    if version.status == "draft":
        return _draft(version, day)
    if not version.is_current:
        url = reverse("portal-policy", args=[version.slug])
        return Banner(OLDER, "这是以前安装的版本，只供查考。", (("看现在的版本", url),))
    steps = [step for step in replaced_by(version) if step.since <= day]
    if steps:
        step = steps[-1]
        title = step.new_title or step.new_number
        text = f"自 {formats.day(step.since)} 起由《{title}》替代，不再据以申报。"
        following = installed(step.new_number, step.new_title, step.new_slug)
        return Banner(REPLACED, text, _link(following))
    state = state_on(version, day)
    return Banner(state, _text(version, state))


def _draft(version: PackVersion, day: dt.date) -> Banner:
    """A draft says so, leads to its final version, and to where comments are taken."""
    rounds = Consultation.objects.filter(draft=version).exclude(status__in=UNOPENED)
    found = rounds.select_related("final").defer("final__files").order_by("-id").first()
    text = "还没有定稿，不能据以申报，也不产生应付金额。"
    if found is None:
        return Banner(DRAFT, text)
    links = [("征求意见情况", reverse("portal-consultation", args=[found.pk]))]
    if found.takes_comments(day):
        text += f"正在公开征求意见，{formats.day(found.period_to)} 截止。"
    if found.final is not None:
        text = "已有定稿，这份征求意见稿只供查考，不能据以申报。"
        links = [
            (f"看定稿《{found.final.title}》", policy_url(found.final)),
            ("草案与定稿比对", reverse("portal-final", args=[found.pk])),
            *links,
        ]
    return Banner(DRAFT, text, tuple(links))


def policy_url(version: PackVersion) -> str:
    """The page of a document, or of exactly this version of it."""
    if version.is_current:
        return reverse("portal-policy", args=[version.slug])
    return reverse("portal-policy-version", args=[version.slug, version.pk])


def _link(version: PackVersion | None) -> tuple[tuple[str, str], ...]:
    return ((f"看《{version.title}》", policy_url(version)),) if version else ()


def _text(version: PackVersion, state: str) -> str:
    begin = version.valid_from or version.issued
    if state == WAITING:
        return f"已经成文，{formats.day(begin)} 起施行。"
    if state == EXPIRED:
        return f"有效期到 {formats.day(version.valid_to)}，已经届满。"
    if state == REPEALED:
        return "不再执行。"
    if version.valid_to:
        return f"有效期到 {formats.day(version.valid_to)}，首尾两日都算。"
    return "文件没有写失效日。"
