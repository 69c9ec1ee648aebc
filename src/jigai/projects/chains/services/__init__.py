"""What this package does, one verb a file."""
