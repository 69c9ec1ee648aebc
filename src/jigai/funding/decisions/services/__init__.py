"""What is done with lists of a round, one verb a file."""
