"""What people do about money that has to come back."""
