"""What every HTML answer must be: nothing inline, nothing from elsewhere, forms with a token."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

Attributes = dict[str, str]
ADDRESSES = frozenset(
    {"href", "src", "action", "formaction", "poster", "data", "srcset", "background", "manifest"}
    | {"hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete", "data-url"}
)
OWN_HOSTS = re.compile(r"(?:https?:)?//(?:testserver|localhost|127\.0\.0\.1)(?::\d+)?(?:/|$)")
DATA_SCRIPTS = frozenset({"application/json", "application/ld+json"})
# A visible word that only a program says: a value nobody thought about.
PROGRAM_WORDS = frozenset({"None", "True", "False", "nan", "NaN", "inf", "undefined", "[]", "{}"})
# A list or mapping as Python prints it.
PROGRAM_VALUE = re.compile(r"[\[{(]['\"{\[]?.*['\"]\s*[:,].*[\]})]")
SILENT = frozenset({"script", "style", "code", "pre", "template", "textarea"})
VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)


def problems_of(html: str) -> list[str]:
    """What is wrong with a page or a part of one, in the order of the text."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.finish()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.problems: list[str] = []
        self._ids: Counter[str] = Counter()
        self._open: list[str] = []
        self._inline = False
        self._form: tuple[str, bool] | None = None  # its action, and whether the token was seen
        self._whole = self._lang = self._title = False

    def finish(self) -> list[str]:
        """All problems; the ones of the page as a whole last."""
        self.problems += [f"id {name!r} twice" for name, count in self._ids.items() if count > 1]
        if self._whole and not self._lang:
            self.problems.append("html without lang")
        if self._whole and not self._title:
            self.problems.append("page without title")
        return self.problems

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: Attributes = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append(tag)
        if given.get("id"):
            self._ids[given["id"]] += 1
        if tag == "html":
            self._whole, self._lang = True, given.get("lang", "").startswith("zh")
        if tag == "style":
            self._say("style element")
        if tag == "img" and "alt" not in given:
            self._say(f"img without alt: {given.get('src')}")
        self._inline = (
            tag == "script" and "src" not in given and given.get("type") not in DATA_SCRIPTS
        )
        self._attributes(tag, given)
        self._forms(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass
        self._inline = False
        if tag == "form" and self._form is not None:
            action, guarded = self._form
            if not guarded:
                self._say(f"post form without csrf token: {action or '(here)'}")
            self._form = None

    def handle_data(self, data: str) -> None:
        words = data.strip()
        if not words:
            return
        inside = self._open[-1] if self._open else ""
        if self._inline:
            self._say("inline script")
        if inside == "title":
            self._title = True
        if inside not in SILENT:
            if words in PROGRAM_WORDS or PROGRAM_VALUE.fullmatch(words):
                self._say(f"shows {words[:60]!r} in <{inside}>")
            if "{{" in words or "{%" in words:
                self._say(f"shows template code: {words[:60]}")

    def _attributes(self, tag: str, given: Attributes) -> None:
        for name, value in given.items():
            if name == "style":
                self._say(f"inline style at <{tag}>: {value}")
            elif (name.startswith("on") and name.isalpha()) or name.startswith("hx-on"):
                self._say(f"inline handler {name} at <{tag}>")
            elif name in ADDRESSES:
                self._address(tag, name, value.strip())
            if "{{" in value or "{%" in value:
                self._say(f"template code in {name} of <{tag}>")

    def _address(self, tag: str, name: str, value: str) -> None:
        if value.lower().startswith(("javascript:", "vbscript:")):
            self._say(f"script in {name} of <{tag}>")
        outside = value.lower().startswith(("http:", "https:", "//"))
        if outside and not OWN_HOSTS.match(value):
            self._say(f"outside address in {name} of <{tag}>: {value}")

    def _forms(self, tag: str, given: Attributes) -> None:
        if tag == "form" and given.get("method", "").lower() == "post":
            self._form = (given.get("action", ""), False)
        if tag == "input" and given.get("name") == "csrfmiddlewaretoken" and self._form:
            self._form = (self._form[0], bool(given.get("value")))

    def _say(self, problem: str) -> None:
        self.problems.append(f"line {self.getpos()[0]}: {problem}")
