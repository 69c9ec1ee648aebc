"""What people do about public money from elsewhere."""
