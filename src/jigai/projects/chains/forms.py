"""The forms of this package."""

from __future__ import annotations

from typing import Any

from django import forms

from jigai.core.screens.list_filters import ANY, RegionField
from jigai.projects.chains.positions import PARTS, Link
from jigai.projects.models import Project
from jigai.projects.views.rollup import dress
from jigai.registers.special.key_technology import WORDS
from jigai.registers.special.question_forms import DayForm


class TechnologyForm(DayForm):
    """Words, the city that has the direction, how far, on which day."""

    q = forms.CharField(label="检索", max_length=60, required=False)
    city = RegionField("主攻城市或地区", empty=ANY)
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), *WORDS.items()]
    )  # fmt: skip
    field_order = ("q", "city", "state", "on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)


class PlaceForm(forms.Form):
    """A declared link, or a chain and link in words where nobody has drawn the chain up."""

    place = forms.ChoiceField(label="环节表里的环节", required=False)
    chain = forms.CharField(
        label="产业链", max_length=60, required=False, help_text="上面选了环节的不用填"
    )
    position = forms.CharField(
        label="环节", max_length=60, required=False, help_text="上面选了环节的不用填"
    )
    effect = forms.CharField(
        label="带动关系", max_length=400, required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 400}),
        help_text="带动哪些环节、哪些企业，怎样带动",
    )  # fmt: skip

    def __init__(
        self, *args: Any, links: list[Link], project: Project | None = None, **kwargs: Any
    ) -> None:
        if project is not None:
            kwargs["initial"] = _initial(project, links)
        super().__init__(*args, **kwargs)
        chains: dict[str, list[tuple[str, str]]] = {}
        for number, link in enumerate(links):
            told = (str(number), f"{PARTS.get(link.part, '')}：{link.name}")
            chains.setdefault(link.chain, []).append(told)
        self.fields["place"].choices = [("", "不从表里选"), *chains.items()]
        self.links = links

    def clean(self) -> dict[str, Any]:
        """The chosen link is chain and link."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("place"):
            link = self.links[int(found["place"])]
            found["chain"], found["position"] = link.chain, link.name
        return found


def _initial(project: Project, links: list[Link]) -> dict[str, str]:
    here = (project.chain, project.chain_position)
    number = next((n for n, link in enumerate(links) if (link.chain, link.name) == here), None)
    return {
        "place": "" if number is None else str(number),
        "chain": "" if number is not None else project.chain or "",
        "position": "" if number is not None else project.chain_position or "",
        "effect": project.chain_effect or "",
    }
