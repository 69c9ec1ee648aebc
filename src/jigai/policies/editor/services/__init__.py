"""What is done to drafts: one verb a file."""
