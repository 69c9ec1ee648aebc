"""What an answer of the interpretation desk changes: the same rules read as before and after it."""

from __future__ import annotations

import datetime as dt

from jigai.errors import JigaiError
from jigai.policies.models import Interpretation
from jigai.policies.selectors_open import reading_words
from jigai.policies.standing import current_version, settled_on
from jigai.policies.stored_packs import model_of
from jigai.rules.environment import all_readings

Readings = dict[str, str]


def read_both_ways(item: Interpretation) -> list[tuple[str, Readings]]:
    """Two scenarios by name: the reading that held the day before the answer, and the answer's.

    Raises :class:`JigaiError` for an answer that only explains, or one about a reading the
    installed document no longer has.
    """
    version = current_version(item.slug)
    pack = model_of(version).pack
    reading = all_readings(pack).get(item.reading)
    if reading is None or item.option not in reading.options or item.effective_from is None:
        raise JigaiError(
            "answer-changes-nothing", "这个答复没有改变现行文件的读法，没有金额影响可算",
            "只有选定了读法的答复可以试算",
        )  # fmt: skip
    earlier = settled_on(pack, item.effective_from - dt.timedelta(days=1)).options()
    before = earlier.get(item.reading, reading.default)
    return [
        (f"{word}：{reading_words(version, item.reading, option)}"[:60], {item.reading: option})
        for word, option in (("答复前", before), ("答复后", item.option))
    ]
