"""Public money from elsewhere: sought, received, compared."""
