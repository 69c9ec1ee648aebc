"""What changes the library: one verb a file."""
