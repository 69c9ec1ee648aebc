"""Where cases and registers meet: gates, what follows a closed case, what need not be handed in."""

from jigai.workbench.case_links.pages import open_missing, register

__all__ = ["open_missing", "register"]
