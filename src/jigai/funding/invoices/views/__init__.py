"""Pages of invoice lines and suspicious sets."""
