"""What is done to public notices and objections, one deed a file."""
