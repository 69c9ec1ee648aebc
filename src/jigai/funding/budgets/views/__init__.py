"""Pages of special funds."""
