"""What changes cases and procedures; one verb a file."""
