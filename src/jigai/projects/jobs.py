"""Work in the background of this room; the queue imports this file when Django starts."""

from jigai.projects.chains import jobs as of_chains  # noqa: F401
from jigai.projects.library import jobs as of_library  # noqa: F401
from jigai.projects.monthly import jobs as of_months  # noqa: F401
from jigai.projects.work import jobs as of_work  # noqa: F401
