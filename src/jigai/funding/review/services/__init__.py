"""What is done while applications are reviewed, one verb a file."""
