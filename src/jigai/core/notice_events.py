"""Every kind of event a notice can tell of, with its Chinese name; rooms add their own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """One kind. ``by_email`` is the default of people who chose nothing.

    A ``forced`` event always reaches the bell: what concerns the safety of an account cannot be
    switched off by whoever got into it.
    """

    code: str
    name: str
    by_email: bool = False
    forced: bool = False


_events: dict[str, Event] = {}


def register_events(*events: Event) -> None:
    """Add kinds; registering one again replaces it."""
    for event in events:
        _events[event.code] = event


def known_events() -> tuple[Event, ...]:
    """Every kind in the order of registration."""
    return tuple(_events.values())


def event_of(code: str) -> Event:
    """The kind of a code; one nobody registered goes by its code and plain defaults."""
    return _events.get(code) or Event(code, code)


register_events(
    Event("account-security", "账号安全：密码、两步验证", by_email=True, forced=True),
    Event("duty-changed", "授权变化"),
    Event("delegation", "职责委托", by_email=True),
    Event("handover", "经办人交接", by_email=True),
    Event("job-done", "任务完成"),
    Event("job-failed", "任务失败"),
    Event("job-cancelled", "任务取消"),
    Event("role-differs", "角色与新版本出厂设置不同"),
)
