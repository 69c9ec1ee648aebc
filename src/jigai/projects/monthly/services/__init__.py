"""What monthly reports do, one verb a file."""
