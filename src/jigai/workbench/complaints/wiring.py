"""What complaints tell other rooms when the platform starts."""

from __future__ import annotations


def register() -> None:
    """Called when Django starts."""
    from jigai.cases.hooks import register_hook
    from jigai.cases.services.file_complaint import CODE
    from jigai.registers.special.report_links import take_reports
    from jigai.workbench.complaints.charges import begin_with_report, handling, write_back
    from jigai.workbench.complaints.outcome import require_outcome

    register_hook(CODE, "closed", require_outcome)
    register_hook(CODE, "closed", write_back)
    take_reports(begin_with_report, handling)
