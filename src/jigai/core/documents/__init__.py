"""Printed papers: rendered from Word templates, each with a code that anybody can check."""

from jigai.core.documents.issue import issue_document
from jigai.core.documents.letter import letter
from jigai.core.documents.on_screen import document_page, draft_page
from jigai.core.documents.revoke import revoke_document
from jigai.core.documents.selectors import documents_of, find_document
from jigai.core.documents.templates import (
    Template,
    drop_template,
    keep_template,
    shipped_template,
    template_for,
)

__all__ = [
    "Template",
    "document_page",
    "documents_of",
    "draft_page",
    "drop_template",
    "find_document",
    "issue_document",
    "keep_template",
    "letter",
    "revoke_document",
    "shipped_template",
    "template_for",
]
