"""What the projects room does, one verb a file."""
