"""The left menu. Rooms register their pages when they load; the shell shows what one may open."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

# Groups in the order in which they stand; a group nobody has named here comes last.
GROUPS = (
    "工作台", "办件", "政策与测算", "政策服务", "名录台账", "企业与项目", "资金", "基础数据",
    "系统管理",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A page in the menu. ``capability`` may be empty: then everybody signed in sees it.

    Any of the capabilities in ``also`` will do as well; all of ``needs`` must be there besides,
    where the page would be empty without them.

    ``url_name`` takes no arguments. ``order`` sorts inside the group; equal ones keep their order
    of registration.
    """

    group: str
    label: str
    icon: str
    url_name: str
    capability: str = ""
    order: int = 100
    also: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    def open_to(self, can: Callable[[str], bool]) -> bool:
        """Whether somebody with these capabilities sees the line."""
        some = not self.capability or any(map(can, (self.capability, *self.also)))
        return some and all(map(can, self.needs))


@dataclass(frozen=True, slots=True)
class Entry:
    """One visible line of the menu."""

    label: str
    icon: str
    url: str
    active: bool


@dataclass(frozen=True, slots=True)
class Group:
    """One visible group with its lines."""

    label: str
    entries: tuple[Entry, ...]


_items: dict[str, MenuItem] = {}


def register(*items: MenuItem) -> None:
    """Add pages to the menu; registering an address again replaces its line."""
    for item in items:
        _items[item.url_name] = item


def registered() -> tuple[MenuItem, ...]:
    """Every page in the menu, sorted by group and order."""
    return tuple(sorted(_items.values(), key=lambda item: (_rank(item.group), item.order)))


def build_menu(can: Callable[[str], bool], path: str) -> tuple[Group, ...]:
    """The menu of one person at one address; pages that have no address yet are left out."""
    visible = [
        (item, url) for item in registered() if item.open_to(can) and (url := url_of(item.url_name))
    ]
    current = _current((url for _, url in visible), path)
    groups: dict[str, list[Entry]] = {}
    for item, url in visible:
        entry = Entry(item.label, item.icon, url, url == current)
        groups.setdefault(item.group, []).append(entry)
    return tuple(Group(label, tuple(entries)) for label, entries in groups.items())


def url_of(name: str) -> str:
    """The address of a page, or empty where there is none."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _rank(group: str) -> int:
    return GROUPS.index(group) if group in GROUPS else len(GROUPS)


def _current(urls: Iterable[str], path: str) -> str:
    """The longest address that leads to the path; the root leads only to itself."""
    fitting = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(fitting, key=len, default="")
