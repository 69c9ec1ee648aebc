"""Long work in the queue that PostgreSQL keeps.

The queue imports ``<room>/jobs.py`` of every room when Django starts, this package among them.
"""

from jigai.core.jobs.registry import JobContext, Outcome, job
from jigai.core.jobs.run import run_job
from jigai.core.jobs.start import start_job

__all__ = ["JobContext", "Outcome", "job", "run_job", "start_job"]

from jigai.core.jobs import kinds  # noqa: F401
