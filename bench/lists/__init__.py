"""Many people reading a long list at once."""
