"""What changes special funds."""
