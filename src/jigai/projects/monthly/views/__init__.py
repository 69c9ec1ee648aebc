"""Pages of monthly reports."""
