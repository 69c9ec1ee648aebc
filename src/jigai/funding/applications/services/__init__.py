"""What can be done with applications, one verb a file."""
