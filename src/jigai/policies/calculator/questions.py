"""What a calculator asks: the facts a measure needs, by the row they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jigai.core.selectors_regions import names_of_regions
from jigai.policies.calculator.planned_line import DAY_TERM, DAY_WORD, PASSED
from jigai.policies.calculator.programs import Program
from jigai.policies.calculator.typed import units_of
from jigai.rules.bearing import Bearing, measure_bearing, measure_nodes
from jigai.rules.expr import Node
from jigai.rules.model import Model
from jigai.rules.schema import Measure
from jigai.rules.scope import PARENTS
from jigai.rules.wording import SUBJECT_WORDS

BOOL, CHOICE, DATE, NUMBER, TEXT = "bool", "choice", "date", "number", "text"
MOST_ROWS = 30
# What stands for every value that the lists of the document do not name.
UNLISTED = "-"
_PLACE = "registered_region"
_TITLES = {"line": "发票", "member": "成员企业"}


@dataclass(frozen=True, slots=True)
class Question:
    """One fact to be given: how it is typed and what holds when it is left blank.

    ``words`` are (value, label) of a choice, ``units`` those of a number, the first one usual;
    ``assumed`` is the value that counts when nothing is given (empty: then it is unknown).
    """

    subject: str
    term: str
    name: str
    kind: str
    words: tuple[tuple[str, str], ...]
    units: tuple[str, ...]
    assumed: str
    definition: str
    source: str

    @property
    def blank(self) -> str:
        """What leaving it blank means, in words."""
        return f"不填＝{self.assumed}" if self.assumed else "不知道"


@dataclass(frozen=True, slots=True)
class Section:
    """Questions about one kind of row, of which there may be several (``many``). ``more`` may be
    left alone: what is assumed, and what only another reading asks."""

    subject: str
    title: str
    questions: tuple[Question, ...]
    more: tuple[Question, ...]
    many: bool = False

    @property
    def all(self) -> tuple[Question, ...]:
        """Every question."""
        return self.questions + self.more


def sections_of(program: Program) -> tuple[Section, ...]:
    """The form of a measure, made from the vocabulary: what decides the amount first.

    A consortium asks about the enterprise of every member, so those questions stand with it.
    """
    model, measure = program.model, program.measure
    wanted = _wanted(model, measure)
    now = [t for t in wanted if t in program.evaluator.plan.inputs.get(_subject(model, t), {})]
    pooled = measure.subject == "consortium"
    grouped: dict[str, list[str]] = {}
    for term in wanted:
        subject = _subject(model, term)
        place = "member" if pooled and subject == "enterprise" else subject
        grouped.setdefault(place, []).append(term)
    found = []
    for subject in _order(measure.subject, grouped):
        questions = [_question(program, term) for term in grouped[subject]]
        first = [q for q in questions if q.term in now and not q.assumed]
        rest = [q for q in questions if q not in first]
        title = _TITLES.get(subject, SUBJECT_WORDS[subject])
        many = subject not in (measure.subject, *PARENTS[measure.subject])
        found.append(Section(subject, title, tuple(first), tuple(rest), many))
    return tuple(found)


def _wanted(model: Model, measure: Measure) -> list[str]:
    """Facts that bear on a measure under any reading: those of the amount, then of the gates."""
    own = [node for key, node in model.formulas.items() if key[:2] == ("measure", measure.id)]
    first = Bearing(model).add(own).facts
    every = Bearing(model).add(measure_nodes(model, measure)).facts
    listed = dict.fromkeys([*first, *every, *measure_bearing(model, measure, None).facts])
    return [term for term in listed if not model.scope.terms[term].derived]


def _subject(model: Model, term: str) -> str:
    return model.scope.terms[term].subject


def _order(subject: str, grouped: Iterable[str]) -> Iterator[str]:
    """The row itself, what it consists of, then what stands above it."""
    known = list(grouped)
    above = PARENTS[subject]
    order = [subject, *(s for s in known if s != subject and s not in above), *above]
    return (s for s in dict.fromkeys(order) if s in known)


def _question(program: Program, term: str) -> Question:
    model = program.model
    info, declared = model.scope.terms[term], model.terms[term]
    kind, words = _kind(program, term)
    assumed = info.assume or ""
    if info.subject == "line":
        assumed = DAY_WORD if term == DAY_TERM else PASSED.get(term, assumed)
    return Question(
        info.subject, term, info.name, kind, words, units_of(info, declared.unit), assumed,
        declared.definition, info.source,
    )  # fmt: skip


def _kind(program: Program, term: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    info = program.model.scope.terms[term]
    if info.type.kind == "bool":
        return BOOL, (("是", "是"), ("否", "否"))
    if info.type.kind == "enum":
        return CHOICE, tuple((word, word) for word in info.words)
    if info.type.kind in (DATE, NUMBER):
        return info.type.kind, ()
    listed = _listed(program, term)
    return (CHOICE, (*listed, (UNLISTED, "不在其中"))) if listed else (TEXT, ())


def _listed(program: Program, term: str) -> tuple[tuple[str, str], ...]:
    """Values of a text that the document itself lists, with their words."""
    model, env = program.model, program.env
    found: dict[str, None] = {}
    for node in measure_nodes(model, program.measure) + _facts_of(model, term):
        for part in node.walk():
            if part.op == "in" and part.args[0].op == "term" and part.args[0].value == term:
                for option in part.args[1:]:
                    value = env.parameters[option.value].value if option.op == "param" else None
                    found |= dict.fromkeys(value if isinstance(value, tuple) else ())
    region = model.pack.identity.region
    if term == _PLACE:
        codes = [*found, *((region.members or [region.code]) if region else [])]
        names = names_of_regions(codes)
        return tuple((code, names.get(code, code)) for code in dict.fromkeys(codes))
    titles = {row.id: row.name for member in model.pack.family() for row in member.recognitions}
    return tuple((str(value), titles.get(str(value), str(value))) for value in found)


def _facts_of(model: Model, term: str) -> list[Node]:
    """Formulas of derived facts that name a term."""
    nodes = [node for key, node in model.formulas.items() if key[0] == "fact"]
    return [node for node in nodes if term in node.names("term")]
