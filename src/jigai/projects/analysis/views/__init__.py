"""Pages of the analysis package."""
