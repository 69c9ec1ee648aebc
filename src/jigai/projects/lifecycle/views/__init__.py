"""Pages of a project's life."""
