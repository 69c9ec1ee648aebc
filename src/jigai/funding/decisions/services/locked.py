"""A list, locked with its round: whoever else decides about the round waits."""

from __future__ import annotations

from jigai.errors import JigaiError
from jigai.funding.models import DecisionList, Round

STATES: dict[str, str] = {str(code): str(word) for code, word in DecisionList.State.choices}


def locked_list(pk: int, state: str, seen: int | None) -> DecisionList:
    """The list in a state, for this transaction. Raises :class:`JigaiError` where it is in another
    state, or where somebody changed it after the version the person looked at."""
    round_ = DecisionList.objects.values_list("round", flat=True).get(pk=pk)
    Round.objects.select_for_update().get(pk=round_)
    row = (
        DecisionList.objects.select_for_update(of=("self",))
        .select_related("round__programme__book", "made_by", "follows")
        .get(pk=pk)
    )
    if row.state != state:
        raise JigaiError(
            "list-state", f"第 {row.number} 版名单现在是“{STATES[row.state]}”，"
            f"不是“{STATES[state]}”", "刷新页面，看别人办到哪一步",
        )  # fmt: skip
    if seen is not None and row.version != seen:
        raise JigaiError(
            "list-conflict", f"第 {row.number} 版名单在您打开之后被改过", "刷新页面，看过再办"
        )
    return row


def save_list(row: DecisionList, *fields: str) -> None:
    """Store these columns, and that the list is another version now."""
    row.version += 1
    row.save(update_fields=[*fields, "version"])
