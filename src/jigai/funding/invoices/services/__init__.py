"""What people do about invoice lines."""
