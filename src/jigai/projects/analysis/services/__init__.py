"""Changes of the analysis package: one verb a file."""
