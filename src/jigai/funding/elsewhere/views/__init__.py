"""Pages of public money from elsewhere."""
