"""Forms of the sections of a pack: from an entry as written to fields and back."""

from jigai.policies.editor.forms.clause import ClauseForm
from jigai.policies.editor.forms.entry import EntryForm
from jigai.policies.editor.forms.measure import MeasureForm
from jigai.policies.editor.forms.parameter import ParameterForm
from jigai.policies.editor.forms.reading import ReadingForm

FORMS: dict[str, type[EntryForm]] = {
    "clauses": ClauseForm,
    "parameters": ParameterForm,
    "readings": ReadingForm,
    "measures": MeasureForm,
}

__all__ = ["FORMS", "ClauseForm", "EntryForm", "MeasureForm", "ParameterForm", "ReadingForm"]
