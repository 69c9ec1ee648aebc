"""Money that has to come back."""
