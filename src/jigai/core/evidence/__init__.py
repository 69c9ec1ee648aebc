"""Evidence files: stored once by content, served privately, cited by whoever uses them."""

from jigai.core.evidence.cite import cite
from jigai.core.evidence.store import path_of, store_evidence

__all__ = ["cite", "path_of", "store_evidence"]
