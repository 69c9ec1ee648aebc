"""Work in the background of this room; the queue imports this file when Django starts."""

from jigai.funding.invoices import jobs as of_invoices  # noqa: F401
from jigai.funding.review import jobs as of_review  # noqa: F401
