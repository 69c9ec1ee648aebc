"""What changes a project: one verb a file."""
