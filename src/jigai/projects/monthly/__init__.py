"""Monthly reports: what projects completed, month by month."""
